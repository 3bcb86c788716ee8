package studio

import (
	"slices"
	"strings"
	"sync"

	"github.com/fieldstack/fieldstack/schema"
)

// Draft is one draft of a type, read from its text. Immutable, safe for concurrent use.
type Draft struct {
	root    *object // nil where the text is JSON but no object
	whole   any     // the text as a tree; root, where that is not nil
	history []*version
	demands []demand

	parsed *schema.Schema // nil while it is no type
	faults []*schema.SchemaError
	fields []*Field
	byPath map[string]*Field

	last []string
	undo *Command

	written func() *writer
}

// version is one published version.
type version struct {
	root   *object
	parsed *schema.Schema
}

// Read reads a draft's text. It need be no valid type; *TextError where it is not JSON.
func Read(text []byte) (*Draft, error) {
	tree, err := readTree(text)
	if err != nil {
		return nil, err
	}
	if root, ok := tree.(*object); ok {
		orderProperties(root)
	}
	return draftOf(tree, nil), nil
}

// Empty begins a draft of nothing but its title.
func Empty(title string) *Draft {
	return draftOf(newObject("$schema", "https://json-schema.org/draft/2020-12/schema", "title", title, "type", "object", "properties", newObject()), nil)
}

// WithHistory gives the draft the published versions that it follows, oldest first, as
// JSON Schema. What is no JSON object is passed over.
func (d *Draft) WithHistory(versions ...[]byte) *Draft {
	var history []*version
	for _, text := range versions {
		parsed, _ := schema.Parse(text)
		history = appendVersion(history, text, parsed)
	}
	return d.withHistory(history)
}

// WithVersions is [Draft.WithHistory] for versions that are read already, which is much
// the faster.
func (d *Draft) WithVersions(versions ...*schema.Schema) *Draft {
	var history []*version
	for _, parsed := range versions {
		history = appendVersion(history, parsed.JSON(), parsed)
	}
	return d.withHistory(history)
}

func appendVersion(history []*version, text []byte, parsed *schema.Schema) []*version {
	tree, err := readTree(text)
	root, ok := tree.(*object)
	if err != nil || !ok {
		return history
	}
	orderProperties(root)
	tidy(root)
	return append(history, &version{root, parsed})
}

func (d *Draft) withHistory(history []*version) *Draft {
	next := &Draft{whole: d.whole, root: d.root, history: history, written: d.written, parsed: d.parsed, faults: d.faults, last: d.last, undo: d.undo}
	next.show()
	return next
}

// draftOf works out all that a draft tells. It keeps tree.
func draftOf(tree any, history []*version) *Draft {
	d := &Draft{whole: tree, history: history}
	d.root, _ = tree.(*object)
	d.begin()
	parsed, err := schema.Parse(d.JSON())
	d.parsed, d.faults = parsed, schema.Errors(err)
	d.show()
	return d
}

// begin has the text made when somebody first asks for it.
func (d *Draft) begin() {
	d.written = sync.OnceValue(func() *writer { return writeTree(d.whole) })
}

// show works out the fields.
func (d *Draft) show() {
	d.byPath = map[string]*Field{}
	if d.root == nil {
		return
	}
	d.demands = demandsIn(d.root)
	d.fields = d.readFields(d.root, nil)
	d.addElsewhere()
	d.readSections()
	d.attachFaults()
}

// JSON is the draft's text, indented, its properties in the order of the form.
func (d *Draft) JSON() []byte { return slices.Clone(d.written().text) }

// Place is where a part of the text of [Draft.JSON] stands, by its JSON Pointer, in
// lines and columns from 1. Of what is not there it is the place of what is around it.
func (d *Draft) Place(pointer string) (line, column int) {
	w := d.written()
	for {
		if offset, ok := w.places[pointer]; ok {
			return position(w.text, offset)
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			return 1, 1
		}
		pointer = pointer[:cut]
	}
}

// Title and Description are the type's own, "" where absent.
func (d *Draft) Title() string       { return d.root.text("title") }
func (d *Draft) Description() string { return d.root.text("description") }

// Icon is the name of the type's icon, "" where absent.
func (d *Draft) Icon() string { return d.root.text("x-icon") }

// Schema is the type that the draft is, nil while it is none.
func (d *Draft) Schema() *schema.Schema { return d.parsed }

// Faults are why the draft is no type, those of its fields included. Nil when it is one.
func (d *Draft) Faults() []*schema.SchemaError { return d.faults }

// Fields are the fields in the order of the form. Those of one section stand together.
func (d *Draft) Fields() []*Field { return d.fields }

// Field finds a field by its path, nil where there is none.
func (d *Draft) Field(path []string) *Field { return d.byPath[pathKey(path)] }

// Last is the path of the field that the command which made this draft was about; nil
// for none. It tells the key of a field that was added.
func (d *Draft) Last() []string { return d.last }

// Undo is the command that takes back the one which made this draft; false for a draft
// that was read.
func (d *Draft) Undo() (Command, bool) {
	if d.undo == nil {
		return Command{}, false
	}
	return *d.undo, true
}

func pathKey(path []string) string { return strings.Join(path, "\x00") }
