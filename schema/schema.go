package schema

import (
	"errors"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// Schema is a checked, compiled JSON Schema with its plan. Immutable, safe for
// concurrent use.
type Schema struct {
	text   []byte // canonical
	root   *node
	top    *field // the plan's tree, described
	whole  *spot  // the same tree as the places of a record
	fields []Field
	checks *checks // the compiled validators
}

// SchemaError is why a schema is no type.
type SchemaError struct {
	Path    string   // JSON Pointer into the schema, "" for the whole
	Message Sentence // what is wrong
	Fix     Sentence // the way out, may be empty
}

// Error gives what is wrong and, where there is one, the way out.
func (e *SchemaError) Error() string { return e.Says().String() }

// Says is Error in a way that can be said in other languages.
func (e *SchemaError) Says() Sentence {
	if e.Fix.IsEmpty() {
		return e.Message
	}
	return Sentence{Text: "%s %s", Args: []any{e.Message, e.Fix}}
}

// mistakes are several errors as one.
type mistakes struct{ list []error }

// inOne makes one error of several, nil of none.
func inOne(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	return &mistakes{errs}
}

func (m *mistakes) Error() string { return m.Says().String() }

// Unwrap gives the errors one by one.
func (m *mistakes) Unwrap() []error { return m.list }

// Says is Error, one to a line, in a way that can be said in other languages.
func (m *mistakes) Says() Sentence {
	lines := make([]any, len(m.list))
	for i, err := range m.list {
		lines[i] = err.Error()
		if sayer, ok := err.(interface{ Says() Sentence }); ok {
			lines[i] = sayer.Says()
		}
	}
	return Sentence{Text: "%s" + strings.Repeat("\n%s", len(lines)-1), Args: lines}
}

// Parse reads a JSON Schema 2020-12 for a type: an object at the top. All errors
// found are returned together, as one error of *SchemaErrors; [Errors] lists them.
//
// The text may have at most 256 KiB, 5,000 schemas in one another, 32 deep, and
// 2,000 fields.
func Parse(text []byte) (*Schema, error) {
	doc, order, err := readText(text)
	if err != nil {
		return nil, err
	}
	root, err := readNodes(doc, order)
	if err != nil {
		return nil, err
	}
	if err := weigh(root); err != nil {
		return nil, err
	}
	top, err := planFields(root)
	if err != nil {
		return nil, err
	}
	compiled, err := compile(root)
	if err != nil {
		return nil, err
	}
	keepOrder(root, doc)
	delete(root.words, "x-tray") // of the draft, and no part of the type
	s := &Schema{
		text:   crdt.AppendValue(nil, doc),
		root:   root,
		top:    top,
		checks: compiled,
	}
	if err := s.checkWhens(); err != nil {
		return nil, err
	}
	s.fields = top.list(nil)
	s.whole = s.start()
	s.findFields(s.whole)
	return s, nil
}

// Errors lists the *SchemaErrors in an error of [Parse] or [Import], in the order of
// the schema. Nil for any other error.
func Errors(err error) []*SchemaError {
	var one *SchemaError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var list []*SchemaError
		for _, e := range joined.Unwrap() {
			list = append(list, Errors(e)...)
		}
		return list
	}
	if errors.As(err, &one) {
		return []*SchemaError{one}
	}
	return nil
}

// JSON is the schema as it was read, as canonical JSON. Canonical JSON sorts keys,
// so where the text had its properties in another order, "x-order" says which: what
// Parse makes of it is the same type. Do not change it.
func (s *Schema) JSON() []byte { return s.text }

// Title and Description are the schema's own, "" where absent.
func (s *Schema) Title() string       { return s.root.text("title") }
func (s *Schema) Description() string { return s.root.text("description") }

// Icon is the name of the icon that people know the type by, "" where none was chosen.
func (s *Schema) Icon() string { return s.root.text("x-icon") }

// Plan is how the type merges. Do not change it.
func (s *Schema) Plan() *crdt.Plan { return s.top.plan }
