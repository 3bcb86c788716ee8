// Package starters has the types that a new type can begin with: forms that work as
// they are, and show what a form can do.
package starters

import (
	"embed"
	"slices"
)

// Starter is one type to start from.
type Starter struct {
	Name   string // of the type, unless another is chosen; the others refer to it by this
	Title  string
	About  string // one line
	Icon   string // the name of its icon
	Fields int    // how many fields the form has, those of rows and groups not counted
}

//go:embed *.json
var files embed.FS

// List gives the starters in the order in which they are offered. The caller owns it.
func List() []Starter { return slices.Clone(list) }

var list = []Starter{
	{"work-order", "Work order", "One job at one site: parts, hours that add up, a signature.", "wrench", 21},
	{"inspection", "Inspection", "Measurements, defects, and an outcome that two inspectors may see differently.", "clipboard", 19},
	{"asset", "Asset", "A machine or vehicle: where it is, what it is, its running hours.", "box", 24},
	{"incident", "Incident", "What went wrong, who was there, what follows.", "alert", 22},
	{"nurse-visit", "Nurse visit", "Vital signs, care, medicines, notes for the next visit.", "heart", 23},
	{"sales-visit", "Sales visit", "Who was there, what was said, what was ordered.", "briefcase", 22},
}

// Schema is the JSON Schema of a starter; false where there is none of that name.
func Schema(name string) ([]byte, bool) {
	text, err := files.ReadFile(name + ".json")
	return text, err == nil
}
