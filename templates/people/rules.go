package people

import (
	"github.com/a-h/templ"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
)

// RulesPage is where a designer says what editors and workers may do with a type.
type RulesPage struct {
	templates.Frame
	Head   templates.TypeHead
	Action string
	From   string // the rules as their author saw them, JSON
	Wrong  string
	Clash  bool // somebody else changed what was changed here
	Roles  []RoleRules
}

// RoleRules is what one role may do.
type RoleRules struct {
	ID, Title, Intro string
	Try              string // address of the page that tries them
	Cells            []RuleCell
	Fields           []FieldRule
	Shut             string // how many fields are shut, "" for none
}

// RuleCell is one of seeing, creating, editing and deleting.
type RuleCell struct {
	Name   string // of its form fields
	Title  string
	Hint   string
	Modes  []templates.Choice // all, none, where
	Where  bool               // the third is chosen
	Editor condition.Model
	Rows   bool // the editor holds something
	Error  string
	Theirs string // what somebody else made of it meanwhile, "" for nothing
}

// FieldRule is whether a role sees and may write a field.
type FieldRule struct {
	Name, Label string
	Choices     []templates.Choice
}

// id is that of an element of the cell.
func (c RuleCell) id(part string) string { return c.Name + "-" + part }

// look asks the page again when another mode is chosen, and takes the cell out of it.
func (c RuleCell) look(action string) templ.Attributes {
	return templ.Attributes{
		"hx-post": action, "hx-trigger": "change", "hx-target": "closest .rule", "hx-select": "[id='" + c.id("rule") + "']",
		"hx-swap": "morph:outerHTML", "hx-include": "closest form", "hx-vals": `{"look":"1"}`, "hx-sync": "closest form:replace",
	}
}

func choiceID(c RuleCell, value string) string { return c.id("mode") + "-" + value }
