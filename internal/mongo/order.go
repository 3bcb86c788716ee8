package mongo

import (
	"fmt"

	"go.mongodb.org/mongo-driver/bson"

	"github.com/fieldstack/fieldstack/collections"
)

// orderKey is one key of an order.
type orderKey struct {
	name string // of the field of the stored record
	time bool   // it holds a time, not a sort key
	desc bool
}

// orderName is what records are sorted by for a field.
func orderName(field []string) string {
	if name := recordTime(field); name != "" {
		return name
	}
	return keyPath(field, ownKey)
}

// recordTime names what holds the record's own time that a field stands for, "" otherwise.
func recordTime(field []string) string {
	if len(field) == 1 {
		switch field[0] {
		case "_updated":
			return "u"
		case "_created":
			return "t"
		}
	}
	return ""
}

// orderOf makes the keys of an order; the id comes after them. One that comes again says
// nothing more, but has its value in a page's end.
func orderOf(sorts []collections.Sort) ([]orderKey, error) {
	keys := make([]orderKey, len(sorts))
	for i, sort := range sorts {
		if err := checkField(sort.Field); err != nil {
			return nil, err
		}
		keys[i] = orderKey{name: orderName(sort.Field), time: recordTime(sort.Field) != "", desc: sort.Desc}
	}
	return keys, nil
}

// sortOf is the order as a server takes it.
func sortOf(keys []orderKey) bson.D {
	sort := bson.D{}
	seen := map[string]bool{}
	for _, key := range keys {
		if seen[key.name] {
			continue
		}
		seen[key.name] = true
		direction := 1
		if key.desc {
			direction = -1
		}
		sort = append(sort, bson.E{Key: key.name, Value: direction})
	}
	return append(sort, bson.E{Key: "_id", Value: 1})
}

// steps are filters which, one after the other, find what comes after a page's end, in the
// order. With keys a, b and their values x, y these are
//
//	a = x, b = y, id > …
//	a = x, b > y
//	a > x
//
// Each is one range of an index on its keys; one filter with all of them would be none.
func steps(keys []orderKey, end *collections.PageKey) ([]term, error) {
	if end == nil {
		return []term{always}, nil
	}
	if len(end.Values) != len(keys) {
		return nil, fmt.Errorf("mongo: a page key has %d values for %d sort fields", len(end.Values), len(keys))
	}
	same := make([]term, len(keys))
	for i, key := range keys {
		var err error
		if same[i], err = key.at(end.Values[i]); err != nil {
			return nil, err
		}
	}
	found := []term{all(append(same[:len(same):len(same)], asking("_id", bson.D{{Key: "$gt", Value: end.ID}}))...)}
	for i := len(keys) - 1; i >= 0; i-- {
		for _, beyond := range keys[i].beyond(end.Values[i]) {
			found = append(found, all(append(same[:i:i], beyond)...))
		}
	}
	return found, nil
}

// at is true of documents that have the value.
func (k orderKey) at(value any) (term, error) {
	if k.time {
		switch value.(type) {
		case float64, int64:
			return asking(k.name, value), nil
		}
		return never, fmt.Errorf("mongo: a page key's time is a number, not a %T", value)
	}
	if key, present := sortKey(value); present {
		return asking(k.name, key), nil
	}
	return asking(k.name, nil), nil
}

// beyond is true of documents that come after those that have the value: ranges, in order.
func (k orderKey) beyond(value any) []term {
	operator := "$gt"
	if k.desc {
		operator = "$lt"
	}
	if k.time {
		return []term{asking(k.name, bson.D{{Key: operator, Value: value}})}
	}
	key, present := sortKey(value)
	switch {
	case !present && k.desc: // absent comes last
		return nil
	case !present:
		return []term{asking(k.name, bson.D{{Key: "$gte", Value: ""}})}
	case k.desc:
		return []term{asking(k.name, bson.D{{Key: "$gte", Value: ""}, {Key: "$lt", Value: key}}), asking(k.name, nil)}
	}
	return []term{asking(k.name, bson.D{{Key: "$gt", Value: key}})}
}
