package schema

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// maxFields is the most fields a type may have, those of inner objects included.
const maxFields = 2_000

// planner derives the plan of a type from its schema: DESIGN section 3.
type planner struct {
	count int
	errs  []error
	// above are the schemas whose fields are being planned: one that comes up again
	// below itself could go on for ever.
	above []*node
}

// topError is a schema whose records are not, or not only, objects.
type topError struct {
	types []string
	*SchemaError
}

// Unwrap gives the error as everybody else sees it.
func (e *topError) Unwrap() error { return e.SchemaError }

// planFields plans the whole type.
func planFields(root *node) (*field, error) {
	p := &planner{}
	s := shapeOf([]*node{root}, nil)
	if !s.is("object") {
		return nil, &topError{s.types, &SchemaError{
			Message: Says("A record is an object; this schema describes %s.", describeTypes(s.types)),
			Fix:     Says(`Write "type": "object" and put what it holds into "properties".`),
		}}
	}
	top := &field{Field: Field{Title: root.text("title"), Type: "object", Strategy: crdt.Map}, shape: s}
	for _, word := range []string{"x-merge", "x-atomic", "x-serial", "x-unique", "x-index", "x-ref", "x-when", "x-section", "x-error"} {
		if root.has(word) {
			p.fail(root, word, Says("The record as a whole can not have %q.", word), Says("Write it at a field."))
		}
	}
	p.object(top)
	return top, inOne(p.errs)
}

func (p *planner) fail(n *node, word string, message, fix Sentence) {
	if len(p.errs) < maxErrors {
		p.errs = append(p.errs, &SchemaError{Path: n.at + "/" + escape(word), Message: message, Fix: fix})
	}
}

// field plans the field at path, whose value must meet nodes, and one of either.
func (p *planner) field(path []string, title string, nodes, either []*node) *field {
	p.count++
	if p.count == maxFields+1 {
		p.errs = append(p.errs, &SchemaError{
			Message: Says("The type has more than %d fields, those of inner objects included.", maxFields),
			Fix:     Says(`Split it into several types that refer to one another, or mark inner objects "x-atomic".`),
		})
	}
	s := shapeOf(nodes, either)
	f := &field{Field: describe(path, title, s), shape: s}
	source := slices.Concat(nodes, either, []*node{{}})[0]
	choice := p.choose(f, source)
	f.Strategy, f.Why, f.plan = choice.strategy, choice.why, &crdt.Plan{Strategy: choice.strategy}
	p.annotations(f, source)
	if p.count > maxFields {
		return f
	}
	switch f.Strategy {
	case crdt.Map:
		p.object(f)
	case crdt.List:
		p.rows(f)
	}
	return f
}

// object plans the fields of an object.
func (p *planner) object(f *field) {
	defer p.enter(f.shape)()
	f.plan = &crdt.Plan{Strategy: crdt.Map, Fields: map[string]*crdt.Plan{}}
	f.named = map[string]*field{}
	for _, key := range f.shape.keys() {
		c := f.shape.child(key)
		if c.closed {
			continue
		}
		sub := p.field(below(f.Path, key), inWords(key), c.must, c.either)
		sub.Required = f.shape.required(key)
		f.keys, f.named[key], f.plan.Fields[key] = append(f.keys, key), sub, sub.plan
	}
	for _, n := range f.shape.must {
		for _, key := range n.ownOrder() {
			if f.named[key] == nil && n.named["properties"][key] == nil {
				p.fail(n, "x-order", Says(`%s: "x-order" names %q, which is no field.`, place(n.at), key), Says("Take it out."))
			}
		}
	}
	must, either := f.shape.rest(), []*node(nil)
	if len(must) > 1 {
		must, either = nil, must
	}
	if len(must)+len(either) > 0 {
		f.rest = p.field(below(f.Path, "*"), "Entry of "+f.Title, must, either)
		f.plan.Rest = f.rest.plan
	}
}

// rows plans the rows of a list.
func (p *planner) rows(f *field) {
	defer p.enter(f.shape)()
	if c := f.shape.row(); len(c.must)+len(c.either) > 0 {
		f.row = p.field(below(f.Path, "*"), "Row of "+f.Title, c.must, c.either)
		f.plan.Row = f.row.plan
	}
}

// enter notes that the fields of s are being planned, until the result is called.
func (p *planner) enter(s *shape) (leave func()) {
	before := len(p.above)
	p.above = append(p.above, s.must...)
	return func() { p.above = p.above[:before] }
}

// recursive reports whether planning the fields of s is already under way.
func (p *planner) recursive(s *shape) bool {
	return slices.ContainsFunc(s.must, func(n *node) bool { return slices.Contains(p.above, n) }) ||
		slices.ContainsFunc(s.may, func(n *node) bool { return slices.Contains(p.above, n) })
}

// annotations checks and takes over x-serial, x-unique, x-index and x-ref.
func (p *planner) annotations(f *field, n *node) {
	f.Serial, f.Reference, f.Unique = f.shape.text("x-serial"), f.shape.text("x-ref"), f.shape.truth("x-unique")
	f.Index = f.shape.truth("x-index")
	name := fieldName(f.Path)
	if f.Serial != "" && (f.Type != "string" || len(f.Path) > 1) {
		p.fail(n, "x-serial", Says(`%s has "x-serial", which only a text of the record itself can have.`, name), Says(`Make it a "string" among the record's own properties, or take "x-serial" out.`))
	}
	if f.Reference != "" && f.Type != "string" {
		p.fail(n, "x-ref", Says(`%s has "x-ref" but does not hold the id of a record, a text.`, name), Says(`Make it a "string"; in a list, put "x-ref" into "items".`))
	}
	if f.Unique && (slices.Contains(f.Path, "*") || !slices.Contains([]string{"string", "number", "integer"}, f.Type) ||
		!slices.Contains([]crdt.Strategy{crdt.Register, crdt.Serial, crdt.Conflict}, f.Strategy)) {
		p.fail(n, "x-unique", Says(`%s has "x-unique", which only a single text or number of the record can have.`, name), Says(`Take "x-unique" out.`))
	}
	if f.Index && (slices.Contains(f.Path, "*") || slices.Contains([]string{"object", "array"}, f.Type)) {
		p.fail(n, "x-index", Says(`%s has "x-index", which only a single value of the record can have.`, name), Says(`Take "x-index" out.`))
	}
}

// describe is what the schema says about a field, but for how it merges.
func describe(path []string, title string, s *shape) Field {
	f := Field{
		Path: path, Title: s.text("title"), Description: s.text("description"),
		Type: s.typeName(), Format: s.text("format"), Enum: s.values(),
		Default: s.word("default"), Deprecated: s.truth("deprecated"), Error: s.text("x-error"), Options: s.options(),
	}
	if f.Title == "" {
		f.Title = title
	}
	return f
}

// below is the path of a field inside that at path.
func below(path []string, key string) []string {
	return append(slices.Clone(path), key)
}

// inWords makes a label of a key: siteAddress, site_address and site-address are all
// "Site address".
func inWords(key string) string {
	var b strings.Builder
	last := ' '
	for _, c := range key {
		lower := last >= 'a' && last <= 'z' || last >= '0' && last <= '9'
		switch {
		case c == '_' || c == '-' || c == '.' || c == ' ':
			c = ' '
		case c >= 'A' && c <= 'Z' && lower:
			b.WriteByte(' ')
			b.WriteRune(c + 'a' - 'A')
			last = c
			continue
		}
		b.WriteRune(c)
		last = c
	}
	words := strings.Join(strings.Fields(b.String()), " ")
	if words == "" {
		return key
	}
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

// fieldName names a field by its path, to begin a sentence about a schema with.
func fieldName(path []string) Sentence { return Says("The field %q", strings.Join(path, ".")) }

// describeTypes says what a value of these types is.
func describeTypes(types []string) Sentence {
	switch {
	case len(types) == 0:
		return Says("nothing that can be")
	case len(types) == len(allTypes):
		return Says("anything at all")
	}
	var names []Sentence
	for _, t := range types {
		names = append(names, typeNames[t])
	}
	return orList(names)
}

// typeNames says what a value of each type is.
var typeNames = map[string]Sentence{
	"array": Says("a list"), "boolean": Says("true or false"), "integer": Says("a whole number"), "null": Says("nothing"),
	"number": Says("a number"), "object": Says("an object"), "string": Says("text"),
}

// orList joins what there is to choose from, of which there is something: a, b or c.
func orList(names []Sentence) Sentence {
	var before List
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	for _, name := range names[:last] {
		before = append(before, name)
	}
	return Says("%s or %s", before, names[last])
}
