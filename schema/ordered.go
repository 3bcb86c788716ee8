package schema

import (
	"strconv"

	"github.com/fieldstack/fieldstack/crdt"
)

// object is a JSON object that remembers the order of its keys, which Go's maps do
// not. Import works on it, so that fields stay in the order their author gave them.
type object struct {
	keys   []string
	values map[string]any
}

func newObject() *object { return &object{values: map[string]any{}} }

// set adds a key at the end, or replaces the value of one that is there.
func (o *object) set(key string, value any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

func (o *object) has(key string) bool {
	_, ok := o.values[key]
	return ok
}

// inner gives the object at a key, made if there is none.
func (o *object) inner(key string) *object {
	if sub, ok := o.values[key].(*object); ok {
		return sub
	}
	sub := newObject()
	o.set(key, sub)
	return sub
}

// orderedOf turns plain JSON into objects with the given order (see readText).
func orderedOf(v any, order map[string][]string, at string) any {
	switch v := v.(type) {
	case map[string]any:
		o := newObject()
		for _, key := range order[at] {
			o.set(key, orderedOf(v[key], order, at+"/"+escape(key)))
		}
		return o
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = orderedOf(item, order, at+"/"+strconv.Itoa(i))
		}
		return list
	}
	return v
}

// appendOrdered writes JSON with keys in their order.
func appendOrdered(dst []byte, v any) []byte {
	switch v := v.(type) {
	case *object:
		dst = append(dst, '{')
		for i, key := range v.keys {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(crdt.AppendValue(dst, key), ':')
			dst = appendOrdered(dst, v.values[key])
		}
		return append(dst, '}')
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendOrdered(dst, item)
		}
		return append(dst, ']')
	}
	return crdt.AppendValue(dst, v)
}
