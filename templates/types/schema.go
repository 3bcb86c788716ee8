package types

import (
	"strconv"

	"github.com/fieldstack/fieldstack/templates"
)

// SchemaPage is a draft as JSON Schema.
type SchemaPage struct {
	templates.Frame
	Head   *templates.TypeHead // nil for a type that was never published
	Title  string
	Action string
	Name   *templates.Input // of a new type; nil where it has one
	Text   string
	From   string // the text that its author saw
	Lines  int
	Marks  []Mark
	Notes  []string // what reading it changed
	Wrong  string
	Back   templates.Link
	Check  string // an address that tells whether one is still signed in
}

// Mark is something about a line of the text.
type Mark struct {
	Line, Column int // from 1; Line 0 for the text as a whole
	Message, Fix string
	Field, Href  string // the field that it is about, and its settings
}

// marked reports whether something is wrong at a line.
func (p SchemaPage) marked(line int) bool {
	for _, m := range p.Marks {
		if m.Line == line {
			return true
		}
	}
	return false
}

func (p SchemaPage) rows() string { return strconv.Itoa(max(p.Lines, 12) + 1) }

func (p SchemaPage) numbers() []int {
	list := make([]int, max(p.Lines, 1))
	for i := range list {
		list[i] = i + 1
	}
	return list
}
