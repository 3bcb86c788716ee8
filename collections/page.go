package collections

import (
	"encoding/base64"

	"github.com/fieldstack/fieldstack/crdt"
)

// pageKeyOf is a record's place in an order.
func pageKeyOf(record *Record, sort []Sort) (*PageKey, error) {
	key := &PageKey{ID: record.ID, Values: make([]any, len(sort))}
	if len(sort) == 0 {
		return key, nil
	}
	value, err := valueOf(record)
	if err != nil {
		return nil, err
	}
	for i, by := range sort {
		key.Values[i] = sortValue(record, value, by.Field)
	}
	return key, nil
}

// sortValue is what a record is sorted by. Lists and objects are equal in every order,
// so an empty list stands for each.
func sortValue(record *Record, value map[string]any, field []string) any {
	if isOwnTime(field) {
		if field[0] == "_updated" {
			return float64(record.Updated)
		}
		return float64(record.Created)
	}
	var v any = value
	for _, key := range field {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	switch v.(type) {
	case []any, map[string]any:
		return []any{}
	}
	return v
}

// encodePageKey makes a place opaque: base64url of [id, order, values]. The order is
// named so that a place in one is not taken for a place in another.
func encodePageKey(key *PageKey, sort []Sort) string {
	text := crdt.Canonical([]any{key.ID, orderName(sort), key.Values})
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// decodePageKey reads what encodePageKey wrote; "" is the start, nil.
func decodePageKey(text string, sort []Sort) (*PageKey, error) {
	if text == "" {
		return nil, nil
	}
	bad := Errorf(Invalid, "after", "That is no page of this list: start from the first.")
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, bad
	}
	v, err := crdt.ParseValue(plain, crdt.Limits{})
	parts, ok := v.([]any)
	if err != nil || !ok || len(parts) != 3 {
		return nil, bad
	}
	id, isText := parts[0].(string)
	values, isList := parts[2].([]any)
	if !isText || !isList || len(values) != len(sort) || !crdt.EqualValues(parts[1], orderName(sort)) {
		return nil, bad
	}
	return &PageKey{ID: id, Values: values}, nil
}

// orderName names an order as plain JSON: [["site","name"],true,…], the way to each
// field and whether it descends.
func orderName(sort []Sort) []any {
	name := make([]any, 0, 2*len(sort))
	for _, key := range sort {
		path := make([]any, len(key.Field))
		for i, k := range key.Field {
			path[i] = k
		}
		name = append(name, path, key.Desc)
	}
	return name
}
