package schema

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Field describes one field. Path goes through objects by key; "*" stands for a
// row of a list or for any key of a map of keys.
type Field struct {
	Path        []string      `json:"path"`
	Title       string        `json:"title"` // the label; the key in words where there is none
	Description string        `json:"description,omitempty"`
	Strategy    crdt.Strategy `json:"strategy"`
	Why         Sentence      `json:"why"`  // one plain sentence: what happens when two people edit it offline
	Type        string        `json:"type"` // string, number, integer, boolean, object, array, null, any
	Format      string        `json:"format,omitempty"`
	Enum        []any         `json:"enum,omitempty"`
	Options     []Option      `json:"options,omitempty"` // where choices have labels, and for the elements of a set
	Required    bool          `json:"required,omitempty"`
	Unique      bool          `json:"unique,omitempty"`    // x-unique
	Index       bool          `json:"index,omitempty"`     // x-index: people filter or sort by it often
	Serial      string        `json:"serial,omitempty"`    // x-serial: the pattern
	Reference   string        `json:"reference,omitempty"` // x-ref: the type whose document ids it holds
	Default     any           `json:"default,omitempty"`
	Deprecated  bool          `json:"deprecated,omitempty"`
	Error       string        `json:"error,omitempty"` // x-error: said instead of ours when a value breaks its rules
}

// Option is one of the values that a field, or an element of a set, can be. The value
// is what records hold; the title is its label, "" where it has none.
type Option struct {
	Value any    `json:"value"`
	Title string `json:"title,omitempty"`
}

// field is a Field in the tree of the plan.
type field struct {
	Field
	plan  *crdt.Plan
	shape *shape
	keys  []string // of named, in order
	named map[string]*field
	rest  *field // of every other key, nil where nothing is said about them
	row   *field // of each row of a list
}

// list appends the fields below f, parents before children, in order.
func (f *field) list(to []Field) []Field {
	for _, sub := range f.below() {
		to = append(to, sub.Field)
		to = sub.list(to)
	}
	return to
}

// below are the fields right below f, in order.
func (f *field) below() []*field {
	var list []*field
	for _, key := range f.keys {
		list = append(list, f.named[key])
	}
	for _, sub := range []*field{f.rest, f.row} {
		if sub != nil {
			list = append(list, sub)
		}
	}
	return list
}

// step goes to the field of a key, of any key, or of a row. Nil when none is known.
func (f *field) step(key string) *field {
	switch {
	case f == nil:
		return nil
	case f.row != nil:
		return f.row
	case f.named[key] != nil:
		return f.named[key]
	}
	return f.rest
}

// Fields lists every field, parents before children, in the schema's own order
// ("x-order" if given, else the order in the text). The caller owns the list, not
// what the fields hold.
func (s *Schema) Fields() []Field { return slices.Clone(s.fields) }

// Field finds the field at a path of a value: keys, and row ids or any key where
// the path has "*". False when no such field is known.
func (s *Schema) Field(path []string) (Field, bool) {
	f := s.top
	for _, key := range path {
		f = f.step(key)
	}
	if f == nil || len(path) == 0 {
		return Field{}, false
	}
	return f.Field, true
}
