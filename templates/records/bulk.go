package records

import (
	"github.com/a-h/templ"

	"github.com/fieldstack/fieldstack/templates"
)

// BulkPage asks what to do with many records.
type BulkPage struct {
	templates.Frame
	Path   string
	Back   string
	Count  string // "12 records"
	Keep   []templates.Hidden
	Fields []templates.Choice
	Deeds  []templates.Choice
	Value  ValueInput
	Wrong  string
}

// ValueInput is the control for a value.
type ValueInput struct {
	Kind    InputKind
	Value   string
	Choices []templates.Choice
}

// InputKind is a kind of control.
type InputKind string

// The kinds of controls.
const (
	InputNone   InputKind = ""
	InputText   InputKind = "text"
	InputNumber InputKind = "number"
	InputDate   InputKind = "date"
	InputChoice InputKind = "choice"
)

// fetches makes a select fetch the form again when another choice is taken.
func (p BulkPage) fetches() templ.Attributes {
	return templ.Attributes{
		"hx-post": p.Path, "hx-trigger": "change", "hx-select": "#bulk-form", "hx-target": "#bulk-form", "hx-swap": "morph:outerHTML",
		"hx-include": "closest form",
	}
}

// BulkPreview says what would come of an edit.
type BulkPreview struct {
	templates.Frame
	Heading  string
	Path     string
	Back     string
	Keep     []templates.Hidden
	Count    string
	Changes  string
	Any      bool // something would change
	Same     string
	Refuses  string
	Looked   string // that only some were looked at, "" when all were
	Examples []Example
	Refused  []Refusal
	Delete   bool
}

// Example is one record, or one field of it, before and after.
type Example struct {
	Name, Href    string
	Field         string
	Before, After templates.Value
}

// Refusal is a record that would not be changed, or was not.
type Refusal struct{ Name, Href, Why string }
