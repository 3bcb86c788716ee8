package storetest

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// Order compares two documents' places in an order: negative, zero or positive as a
// comes before, at or after b. It is the definition of [collections.Sort].
func Order(keys []collections.Sort, a, b collections.PageKey) int {
	for i, key := range keys {
		c := compareValues(a.Values[i], b.Values[i])
		if key.Desc {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return strings.Compare(a.ID, b.ID)
}

// Document is a record with its value read.
type Document struct {
	*collections.Record
	Fields map[string]any
}

// Read reads a record's value; stores are only given JSON objects.
func Read(r *collections.Record) Document {
	d := Document{Record: r}
	if err := json.Unmarshal(r.Value, &d.Fields); err != nil {
		panic("storetest: a record's value is not a JSON object: " + err.Error())
	}
	return d
}

// Place gives a document's place in an order, as a page that ends with it says it.
func (d Document) Place(keys []collections.Sort) collections.PageKey {
	place := collections.PageKey{ID: d.ID, Values: make([]any, len(keys))}
	for i, key := range keys {
		place.Values[i] = d.at(key.Field)
	}
	return place
}

// at gives what a field of an order holds.
func (d Document) at(field []string) any {
	if len(field) == 1 {
		switch field[0] {
		case "_updated":
			return float64(d.Updated)
		case "_created":
			return float64(d.Created)
		}
	}
	var value any = d.Fields
	for _, key := range field {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[key]
	}
	return value
}

// rank places kinds of values: absent and null, false, true, numbers, strings, rest.
func rank(v any) int {
	switch v := v.(type) {
	case nil:
		return 0
	case bool:
		if !v {
			return 1
		}
		return 2
	case float64, int64, int:
		return 3
	case string:
		return 4
	}
	return 5
}

func compareValues(a, b any) int {
	ra, rb := rank(a), rank(b)
	switch {
	case ra != rb:
		return cmp.Compare(ra, rb)
	case ra == 3:
		return cmp.Compare(number(a), number(b))
	case ra == 4:
		// UTF-8 sorts by code point, byte by byte.
		return strings.Compare(a.(string), b.(string))
	}
	return 0
}

func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case int:
		return float64(v)
	}
	return v.(float64)
}
