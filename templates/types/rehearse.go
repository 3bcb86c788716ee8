package types

import "github.com/fieldstack/fieldstack/templates"

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
