package condition

import (
	"github.com/a-h/templ"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Shown is an editor on a page of its own, for its stories.
type Shown struct {
	Frame templates.Frame
	Model Model
}

// Stories shows a row of each kind, what is wrong, groups, and what rows cannot say.
func Stories() []story.Story {
	show := func(s Shown) templ.Component { return page(s) }
	frame := story.Frame("Conditions")
	frame.Styles = []string{"condition.css"}
	return []story.Story{
		story.Tell("editor", show, Shown{frame, Model{
			Name: "see", Label: "What a worker sees", Says: `Assignee is me and (Status is "open" or Due is before today)`, Post: "/admin/_stories",
			Root: Part{Group: true, Nests: true, Joins: joins("all"), Error: "Nothing yet.", Parts: []Part{
				aRow("0", 1, "Assignee", "is me", "", ""),
				focusedRow(),
				aRow("2", 3, "Title", "is one of", "texts", "pump\nvalve\nseal"),
				aRow("3", 4, "Hours", "is above", "number", "2.5"),
				aRow("4", 5, "Hours", "is one of", "numbers", "1\n2"),
				aRow("5", 6, "Due", "is before", "day", "2026-11-22"),
				aRow("6", 7, "Seen", "is after", "moment", "2026-11-22T12:00"),
				wrongRow(),
				{Path: "8", Number: 9, Group: true, Nests: true, Joins: joins("any"), Parts: []Part{
					choiceRow("8.0", 1, "choice"), choiceRow("8.1", 2, "choices"),
				}},
				{Path: "9", Number: 10, Kept: `{"field":"gone","is":1}`, Sentence: "gone is 1", Error: "This did not arrive whole."},
			}},
		}}),
		story.Tell("editor-empty", show, Shown{frame, Model{Name: "see", Label: "What is listed", Root: Part{Group: true, Joins: joins("all")}}}),
	}
}

func joins(join string) []templates.Choice {
	return []templates.Choice{
		{Value: "all", Label: "all of these hold", Chosen: join == "all"}, {Value: "any", Label: "at least one of these holds", Chosen: join == "any"},
		{Value: "none", Label: "none of these holds"},
	}
}

func aRow(path string, number int, field, op, control, text string) Part {
	return Part{
		Path: path, Number: number, Control: control, Text: text,
		Fields: []templates.Choice{{Value: "f", Label: field, Chosen: true}, {Value: "address.city", Label: "Address › City"}},
		Ops:    []templates.Choice{{Value: "is", Label: op, Chosen: true}, {Value: "empty", Label: "is empty"}},
	}
}

func wrongRow() Part {
	p := aRow("7", 8, "Hours", "is at most", "number", "many")
	p.Error = "Type a number, such as 12.5."
	return p
}

func choiceRow(path string, number int, control string) Part {
	p := aRow(path, number, "Status", "is", control, "")
	p.Choices = []templates.Choice{{Value: `"open"`, Label: "open", Chosen: true}, {Value: `"waiting"`, Label: "Waiting for parts", Chosen: control == "choices"}, {Value: `"done"`, Label: "done"}}
	return p
}

func focusedRow() Part {
	p := aRow("1", 2, "Title", "contains", "text", "pump")
	p.Focus = true
	return p
}
