package templates

// FieldValue is a field of an object, by its label.
type FieldValue struct {
	Label string
	Value Value
}

// ValueKind says how a value is shown.
type ValueKind string

// The kinds of values.
const (
	ValueEmpty  ValueKind = "empty"
	ValueLine   ValueKind = "line"   // Text, on one line
	ValueText   ValueKind = "text"   // Text, with its line breaks
	ValueYes    ValueKind = "yes"    // true
	ValueNo     ValueKind = "no"     // false
	ValueLink   ValueKind = "link"   // Text, leading to Href
	ValueTime   ValueKind = "time"   // At
	ValueTags   ValueKind = "tags"   // Tags
	ValueRows   ValueKind = "rows"   // Columns and Rows
	ValueFields ValueKind = "fields" // Fields
)

// Value is a value of a record, ready to be read by a person.
type Value struct {
	Kind    ValueKind
	Text    string
	Href    string
	At      Moment
	Tags    []string
	Columns []string
	Rows    [][]Value
	Fields  []FieldValue
}
