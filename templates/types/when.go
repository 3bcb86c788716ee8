package types

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
)

// WhenPage asks when a field is shown, or when it is required.
type WhenPage struct {
	templates.Frame
	Head    *templates.TypeHead
	Heading string
	Lead    string
	Action  string
	From    string // JSON of the condition that its author saw
	Editor  condition.Model
	Clear   string // what the field does without a condition: "Always shown"
	Wrong   string
	Theirs  string // what somebody else made it meanwhile, as a sentence; "" for nobody
	Back    templates.Link
}

// RehearsePage lets two phones edit a field at once.
type RehearsePage struct {
	templates.Frame
	Head   *templates.TypeHead
	Title  string
	Field  string // its key, "" for the whole form
	Draft  string // where the draft is, as a type
	Back   templates.Link
	Faulty bool // the draft is no type yet
}
