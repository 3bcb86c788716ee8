package schema

import "github.com/fieldstack/fieldstack/crdt"

// Schema is a checked, compiled JSON Schema with its plan. Immutable, safe for
// concurrent use.
type Schema struct {
	// TODO(schema)
}

// SchemaError is why a schema is no type.
type SchemaError struct {
	Path    string // JSON Pointer into the schema, "" for the whole
	Message string // a sentence: what is wrong
	Fix     string // a sentence: the way out, may be empty
}

func (e *SchemaError) Error() string { return e.Message }

// Parse reads a JSON Schema 2020-12 for a type: an object at the top. All errors
// found are returned together (errors.Join of *SchemaError, use Errors to list them).
func Parse(text []byte) (*Schema, error) { panic("todo") }

// Note is one thing Import changed or took for granted, in a sentence.
type Note struct {
	Path    string
	Message string
}

// Import reads a JSON Schema of any draft from 4 on (by its $schema, else guessed),
// brings it up to 2020-12 and parses that. Notes say what was changed.
func Import(text []byte) (*Schema, []Note, error) { panic("todo") }

// Errors lists the *SchemaErrors in an error of Parse or Import.
func Errors(err error) []*SchemaError { panic("todo") }

// JSON is the schema as it was read, as canonical JSON. Do not change it.
func (s *Schema) JSON() []byte { panic("todo") }

// Title and Description are the schema's own, "" where absent.
func (s *Schema) Title() string       { panic("todo") }
func (s *Schema) Description() string { panic("todo") }

// Plan is how the type merges. Do not change it.
func (s *Schema) Plan() *crdt.Plan { panic("todo") }

// Field describes one field. Path goes through objects by key; "*" stands for a
// row of a list or for any key of a map of keys.
type Field struct {
	Path        []string      `json:"path"`
	Title       string        `json:"title"` // the label; the key where there is none
	Description string        `json:"description,omitempty"`
	Strategy    crdt.Strategy `json:"strategy"`
	Why         string        `json:"why"`  // one plain sentence: what happens when two people edit it offline
	Type        string        `json:"type"` // string, number, integer, boolean, object, array, null, any
	Format      string        `json:"format,omitempty"`
	Enum        []any         `json:"enum,omitempty"`
	Required    bool          `json:"required,omitempty"`
	Unique      bool          `json:"unique,omitempty"`    // x-unique
	Serial      string        `json:"serial,omitempty"`    // x-serial: the pattern
	Reference   string        `json:"reference,omitempty"` // x-ref: the type whose document ids it holds
	Default     any           `json:"default,omitempty"`
	Deprecated  bool          `json:"deprecated,omitempty"`
}

// Fields lists every field, parents before children, in the schema's own order
// ("x-order" if given, else the order in the text).
func (s *Schema) Fields() []Field { panic("todo") }

// Field finds the field at a path of a value: keys, and row ids or any key where
// the path has "*". False when no such field is known.
func (s *Schema) Field(path []string) (Field, bool) { panic("todo") }

// Problem is one thing about a value that breaks the schema.
type Problem struct {
	Path    string `json:"path"`    // JSON Pointer into the value, "" for the whole
	Field   string `json:"field"`   // the label of the nearest field
	Rule    string `json:"rule"`    // the keyword: required, enum, maximum, …
	Message string `json:"message"` // a sentence for the person who typed it, with the allowed values or bounds
}

// Validate checks a whole value. Nil means valid. At most 100 problems, the same
// ones in the same order each time. A server-assigned field (x-serial) may be absent.
func (s *Schema) Validate(value map[string]any) []Problem { panic("todo") }

// ValidateField checks one value for the field at path (as in crdt.Op.Path; row ids
// stand for rows). A path the schema does not allow is a problem too. For a set the
// value is one element when element is true.
func (s *Schema) ValidateField(path []string, value any, element bool) []Problem { panic("todo") }

// CheckOp says whether an operation is one that the plan has for its field, with a
// value valid for it; whether required fields stay. The kinds that carry no value
// for the schema (moves, cuts) are only checked against the strategy.
func (s *Schema) CheckOp(op *crdt.Op) []Problem { panic("todo") }
