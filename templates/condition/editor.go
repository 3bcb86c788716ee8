// Package condition is the component in which a condition is made: rows of field,
// comparison and value, in groups. What it shows and what its form fields mean is made by
// admin/condition, which also reads them.
package condition

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/fieldstack/fieldstack/templates"
)

// Model is an editor of one condition, inside a form of its page.
type Model struct {
	Name  string // begins the names of its form fields; of the letters a to z, digits and dashes
	Label string // what the condition is for: "What a worker sees"
	Says  string // the condition in words, "" for none
	Root  Part

	// Post is where the form goes, which the buttons and selects of the editor fetch the
	// page from: the answer holds this editor again. "": they only send the form.
	Post string
	// Get says that the form is one of a GET.
	Get bool
}

// Part is a row, a group, or what rows cannot say.
type Part struct {
	Path  string // numbers joined by dots, "" for the whole
	Error string
	Focus bool // its first control has the focus when it is shown: a button was pressed

	// Of a group.
	Group bool
	Joins []templates.Choice
	Parts []Part
	Nests bool // a group may be added

	// Of a row.
	Number  int // from 1, for who hears the page
	Fields  []templates.Choice
	Ops     []templates.Choice
	Control string // text, texts, number, numbers, day, moment, choice, choices; "": none
	Text    string // what is in it
	Choices []templates.Choice

	// Of what rows cannot say.
	Kept     string // JSON
	Sentence string
}

func (m Model) id() string { return "condition-" + m.Name }

// node is the name of a part's form fields.
func (m Model) node(p Part) string {
	if p.Path == "" {
		return m.Name
	}
	return m.Name + "." + p.Path
}

func (m Model) field(p Part, part string) string { return m.node(p) + "." + part }

func (m Model) fieldID(p Part, part string) string {
	return "condition-" + strings.ReplaceAll(m.field(p, part), ".", "-")
}

func (m Model) errorID(p Part) string { return m.fieldID(p, "error") }

// fetches are the attributes with which a control gets the page again and takes the
// editor out of it.
func (m Model) fetches(when string) templ.Attributes {
	if m.Post == "" {
		return nil
	}
	method := "hx-post"
	if m.Get {
		method = "hx-get"
	}
	self := "[id='" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(m.id()) + "']"
	all := templ.Attributes{
		method: m.Post, "hx-trigger": when, "hx-target": "closest .condition", "hx-select": self,
		"hx-swap": "morph:outerHTML", "hx-include": "closest form", "hx-sync": "closest form:replace",
	}
	if when == "change" {
		if look, err := json.Marshal(map[string]string{m.Name + ".do": "look"}); err == nil {
			all["hx-vals"] = string(look)
		}
	}
	return all
}

// rows is how many lines a control for many values shows.
func (p Part) rows() string {
	return strconv.Itoa(max(2, min(6, 1+strings.Count(p.Text, "\n"))))
}

func isTrue(is bool) string { return strconv.FormatBool(is) }

// inputType is the browser's own control for one value.
func inputType(control string) string {
	switch control {
	case "day":
		return "date"
	case "moment":
		return "datetime-local"
	}
	return "text"
}
