package studio

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// object is a JSON object that knows the order of its keys. The other values of a tree
// are []any, string, json.Number, bool and nil.
type object struct {
	keys   []string
	values map[string]any
}

func newObject(pairs ...any) *object {
	o := &object{values: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		o.set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// set adds a key at the end, or replaces the value of one that is there.
func (o *object) set(key string, value any) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// put is set, with the key placed before at in the order when it is new; at the end
// where at is not there.
func (o *object) put(key string, value any, at string) {
	if i := slices.Index(o.keys, at); i >= 0 && !o.has(key) {
		o.keys = slices.Insert(o.keys, i, key)
	}
	if !o.has(key) && !slices.Contains(o.keys, key) {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// drop takes a key out.
func (o *object) drop(key string) {
	if o.has(key) {
		delete(o.values, key)
		o.keys = slices.DeleteFunc(slices.Clone(o.keys), func(k string) bool { return k == key })
	}
}

func (o *object) has(key string) bool {
	if o == nil {
		return false
	}
	_, ok := o.values[key]
	return ok
}

// Reading what a key holds; the zero value where it holds none of that kind.

func (o *object) get(key string) any {
	if o == nil {
		return nil
	}
	return o.values[key]
}

func (o *object) text(key string) string {
	s, _ := o.get(key).(string)
	return s
}

func (o *object) truth(key string) bool {
	b, _ := o.get(key).(bool)
	return b
}

func (o *object) object(key string) *object {
	sub, _ := o.get(key).(*object)
	return sub
}

func (o *object) list(key string) []any {
	list, _ := o.get(key).([]any)
	return list
}

// texts are the strings of a list.
func (o *object) texts(key string) []string {
	var texts []string
	for _, v := range o.list(key) {
		if s, ok := v.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

// clone copies a tree.
func clone(v any) any {
	switch v := v.(type) {
	case *object:
		if v == nil {
			return v
		}
		o := &object{keys: slices.Clone(v.keys), values: make(map[string]any, len(v.values))}
		for key, sub := range v.values {
			o.values[key] = clone(sub)
		}
		return o
	case []any:
		list := make([]any, len(v))
		for i, sub := range v {
			list[i] = clone(sub)
		}
		return list
	}
	return v
}

// plain turns a tree into JSON as crdt.ParseValue gives it.
func plain(v any) any {
	switch v := v.(type) {
	case *object:
		if v == nil {
			return nil
		}
		m := make(map[string]any, len(v.values))
		for key, sub := range v.values {
			m[key] = plain(sub)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, sub := range v {
			list[i] = plain(sub)
		}
		return list
	case json.Number:
		f, _ := strconv.ParseFloat(string(v), 64)
		return f
	}
	return v
}

// treeOf makes a tree of anything that encoding/json can write; nil of what it cannot.
func treeOf(v any) any {
	switch v.(type) {
	case nil, bool, string, *object:
		return v
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	tree, _ := decodeTree(text)
	return tree
}

// decodeTree reads JSON that is known to be well formed.
func decodeTree(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return decodeValue(d)
}

func decodeValue(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		o := newObject()
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			o.set(key.(string), value)
		}
		_, err := d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := decodeValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err := d.Token()
		return list, err
	}
	return t, nil
}

// same reports whether two trees, or other JSON values, mean the same.
func same(a, b any) bool {
	return canonical(a) == canonical(b)
}

// canonical writes a tree, or any other JSON value, in one form.
func canonical(v any) string {
	return crdt.Canonical(plain(treeOf(v)))
}

// JSON Pointers.

var (
	pointerEscapes   = strings.NewReplacer("~", "~0", "/", "~1")
	pointerUnescapes = strings.NewReplacer("~1", "/", "~0", "~")
)

func step(key string) string { return "/" + pointerEscapes.Replace(key) }

// stepsOf splits a JSON Pointer into its keys.
func stepsOf(pointer string) []string {
	if pointer == "" {
		return nil
	}
	list := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, s := range list {
		list[i] = pointerUnescapes.Replace(s)
	}
	return list
}
