package records

import "github.com/fieldstack/fieldstack/templates"

// PrintPage is a record as it is printed: all its fields, on plain paper.
type PrintPage struct {
	templates.Frame
	Heading string
	Type    string // what people call it
	ID      string
	Fields  []PrintedField
	Created Signed
	Updated Signed
	Printed Signed
	Back    templates.Link
}

// PrintedField is one field on paper. A large one takes the whole width.
type PrintedField struct {
	Label    string
	Value    templates.Value
	Large    bool
	Problems []string
}
