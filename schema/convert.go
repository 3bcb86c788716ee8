package schema

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// CellError is why a cell of a table is no value for its field.
type CellError struct {
	Key     string   // the field's
	Message Sentence // what is wrong, and the way out
}

func (e *CellError) Error() string { return e.Message.String() }

// Says is Error in a way that can be said in other languages.
func (e *CellError) Says() Sentence { return e.Message }

// Column finds the key of the top-level field that a column of a table is for: the
// one with that label, else the one with that key. A table that is written has the
// fields' labels as its column names.
func (s *Schema) Column(name string) (key string, ok bool) {
	for _, field := range s.Fields() {
		if len(field.Path) == 1 && field.Title == name {
			return field.Path[0], true
		}
	}
	_, ok = s.Field([]string{name})
	return name, ok
}

// Convert turns one cell of a table (CSV, a spreadsheet) into the value that the
// top-level field key asks for. present is false, with no error, for a cell that is
// "" or, unless the field takes a text, blank: the field is absent. A text is taken as it
// is. A number has a point and no separators; true and false may be yes and no, y and
// n, t and f, 1 and 0, in any case; a list is its elements with semicolons between
// them, or JSON; an object is JSON. "x-format" in the schema may name another way to
// write a date or a yes and no; see [Schema.Cell].
//
// The value has the type of the field and need not be valid otherwise: that is for
// [Schema.Validate] to say. The error is a *CellError.
func (s *Schema) Convert(key, cell string) (value any, present bool, err error) {
	field, ok := s.Field([]string{key})
	if !ok {
		return nil, false, &CellError{key, Says("There is no field %q for this column; map the column to a field, or leave it out.", key)}
	}
	if !utf8.ValidString(cell) {
		return nil, false, &CellError{key, Says("%s has characters that are not UTF-8; save the table as UTF-8 and read it again.", field.Title)}
	}
	kind := s.cellOf(field)
	if cell == "" || !keepsBlanks(kind) && strings.TrimSpace(cell) == "" {
		return nil, false, nil
	}
	value, wanted := kind.read(cell)
	if !wanted.IsEmpty() {
		return nil, false, &CellError{key, Says("%s needs %s; %s is not.", field.Title, wanted, crdt.Canonical(cell))}
	}
	return value, true, nil
}

// Cell is the reverse of [Schema.Convert]: the value of the top-level field key, nil
// where it is absent, as the text of one cell. Cell of what Convert made of a cell is
// that very cell, for every column of the table that the schema was inferred from. And
// Convert of what Cell made of a valid value is that value, except that a cell does
// not tell null, "" and [] from an absent field.
//
// The annotation "x-format" of a field says how its cells are written: for a number
// "0.0", "0.00" and so on, with at least so many decimals; for true and false the two
// words, as "Yes/No"; for a date one of MM/DD/YYYY, M/D/YYYY, DD/MM/YYYY, D/M/YYYY,
// DD.MM.YYYY, D.M.YYYY and YYYY/MM/DD. Any other "x-format" changes nothing.
//
// A value that does not fit its field is written as it is. Cells are data: whoever
// writes a file that spreadsheets open must keep them from reading "=…" as a formula.
func (s *Schema) Cell(key string, value any) string {
	field, _ := s.Field([]string{key})
	return s.cellOf(field).write(value)
}

// cellKind is how the cells of one column are read and written.
type cellKind interface {
	// read gives the value of a cell that is not "", or says in words what the
	// column needs instead.
	read(cell string) (value any, wanted Sentence)
	// write gives the cell of any value, nil included.
	write(value any) string
}

// cellOf finds how the cells of a top-level field are written.
func (s *Schema) cellOf(field Field) cellKind {
	format := ""
	if len(field.Path) == 1 {
		if property := s.root.named["properties"][field.Path[0]]; property != nil {
			format = property.text("x-format")
		}
	}
	switch field.Type {
	case "string":
		if layout, ok := dateLayouts[format]; ok && field.Format == "date" {
			return dateCell{format, layout}
		}
		return textCell{}
	case "number", "integer":
		return numberCell{decimalsOf(format)}
	case "boolean":
		return boolCellOf(format)
	case "array":
		return listCell{element: s.elementCell(field), set: field.Strategy == crdt.Set}
	case "object":
		return objectCell{}
	}
	return anyCell{}
}

// elementCell is how the elements of a list are written between its semicolons; nil
// where only JSON can say what they are.
func (s *Schema) elementCell(field Field) cellKind {
	property := s.root.named["properties"][field.Path[0]]
	for property != nil && property.ref != nil {
		property = property.ref
	}
	if property == nil || property.one["items"] == nil {
		return nil
	}
	switch property.one["items"].text("type") {
	case "string":
		return textCell{}
	case "number", "integer":
		return numberCell{}
	}
	return nil
}

// keepsBlanks reports whether a cell of spaces is a value.
func keepsBlanks(kind cellKind) bool {
	switch kind.(type) {
	case textCell, anyCell:
		return true
	}
	return false
}

// textCell is a text, as it is.
type textCell struct{}

func (textCell) read(cell string) (any, Sentence) { return cell, Sentence{} }

func (textCell) write(value any) string { return plainCell(value) }

// plainCell writes a value for which the field has no better way.
func plainCell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return crdt.Canonical(value)
}

// objectCell is JSON.
type objectCell struct{}

func (objectCell) read(cell string) (any, Sentence) {
	v, err := crdt.ParseValue([]byte(cell), crdt.Limits{})
	if _, ok := v.(map[string]any); err != nil || !ok {
		return nil, Says(`a JSON object such as {"city":"Bern"}`)
	}
	return v, Sentence{}
}

func (objectCell) write(value any) string { return plainCell(value) }

// anyCell is a value of a field that takes several types: canonical JSON is what it
// says, anything else is a text. A text that would be read as something else is
// written as a JSON string.
type anyCell struct{}

func (c anyCell) read(cell string) (any, Sentence) {
	v, err := crdt.ParseValue([]byte(cell), crdt.Limits{})
	if err != nil || v == nil || crdt.Canonical(v) != cell {
		return cell, Sentence{}
	}
	if text, ok := v.(string); ok && !c.misread(text) {
		return cell, Sentence{}
	}
	return v, Sentence{}
}

func (c anyCell) write(value any) string {
	if text, ok := value.(string); ok && c.misread(text) {
		return crdt.Canonical(text)
	}
	return plainCell(value)
}

// misread reports whether a text as it is would be read as something else.
func (c anyCell) misread(text string) bool {
	v, _ := c.read(text)
	return v != any(text)
}

// listCell is a list: its elements with semicolons between them where that can be
// read again, else JSON.
type listCell struct {
	element cellKind // nil: always JSON
	set     bool     // each element once
}

func (c listCell) read(cell string) (any, Sentence) {
	cell = strings.TrimSpace(cell)
	if strings.HasPrefix(cell, "[") || c.element == nil {
		v, err := crdt.ParseValue([]byte(cell), crdt.Limits{})
		if _, ok := v.([]any); err != nil || !ok {
			return nil, Says(`a list in JSON, such as ["a","b"]`)
		}
		return v, Sentence{}
	}
	list := []any{}
	for part := range strings.SplitSeq(cell, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		v, wanted := c.element.read(part)
		if !wanted.IsEmpty() {
			return nil, Says("a list of which each part is %s", wanted)
		}
		if !c.set || !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list, Sentence{}
}

func (c listCell) write(value any) string {
	list, ok := value.([]any)
	switch {
	case ok && len(list) == 0:
		return ""
	case !ok || c.element == nil:
		return plainCell(value)
	}
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = c.element.write(v)
	}
	cell := strings.Join(parts, "; ")
	if again, wanted := c.read(cell); !wanted.IsEmpty() || !crdt.EqualValues(again, value) {
		return crdt.Canonical(value)
	}
	return cell
}
