package people

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	return []story.Story{
		story.Tell("rules", Rules, rulesStory()),
		story.Tell("try", Try, tryStory()),
		story.Tell("try-record", Try, tryRecordStory()),
	}
}

func styled(title string) templates.Frame {
	f := story.Frame(title)
	f.Styles = []string{"condition.css", "people.css"}
	return f
}

func rulesStory() RulesPage {
	modes := func(chosen string) []templates.Choice {
		return []templates.Choice{
			{Value: "all", Label: "All", Chosen: chosen == "all"}, {Value: "none", Label: "None", Chosen: chosen == "none"},
			{Value: "where", Label: "Only where …", Chosen: chosen == "where"},
		}
	}
	editor := func(name string) condition.Model {
		return condition.Model{Name: name, Label: "See", Says: "Assignee is me", Post: "/admin/types/work-order/rules", Root: condition.Part{
			Group: true, Joins: []templates.Choice{{Value: "all", Label: "all of these hold", Chosen: true}}, Parts: []condition.Part{{
				Path: "0", Number: 1, Fields: []templates.Choice{{Value: "assignee", Label: "Assignee", Chosen: true}}, Ops: []templates.Choice{{Value: "is-me", Label: "is me", Chosen: true}},
			}},
		}}
	}
	role := func(id, title string) RoleRules {
		return RoleRules{
			ID: id + "-rules", Title: title, Intro: "People in the field.", Try: "/admin/types/work-order/rules/try", Shut: "1 shut",
			Cells: []RuleCell{
				{Name: id + "-see", Title: "See", Hint: "Which records are there.", Modes: modes("where"), Where: true, Rows: true, Editor: editor(id + "-see"), Theirs: "None"},
				{Name: id + "-create", Title: "Create", Hint: "What may be made.", Modes: modes("all")},
				{Name: id + "-edit", Title: "Edit", Hint: "What may be changed.", Modes: modes("none"), Rows: true, Editor: editor(id + "-edit")},
				{Name: id + "-delete", Title: "Delete", Hint: "What may go.", Modes: modes("where"), Where: true, Editor: editor(id + "-delete"), Error: "Say where."},
			},
			Fields: []FieldRule{{Name: id + "-field.price", Label: "Price", Choices: []templates.Choice{{Label: "open"}, {Value: "readOnly", Label: "read only"}, {Value: "hidden", Label: "hidden", Chosen: true}}}},
		}
	}
	p := RulesPage{
		Frame: styled("Rules of Work order"), Head: story.WorkOrders(templates.TabRules), Action: "/admin/types/work-order/rules", From: `{"roles":{}}`,
		Wrong: "A rule does not fit.", Clash: true, Roles: []RoleRules{role("worker", "Workers"), role("editor", "Editors")},
	}
	p.Wide = true
	return p
}

func tryStory() TryPage {
	name := story.Typed("name", "Whose name is")
	return TryPage{
		Frame: styled("Try the rules"), Head: story.WorkOrders(templates.TabRules), Action: "/admin/types/work-order/rules/try",
		As: story.Typed("as", "As whom"), Who: story.Choices(), Name: &name, Search: story.Typed("search", "Records with"), Wrong: "There is no such account.",
		Person: "anna", Verdicts: []Verdict{
			{Title: "See", Answer: "depends", Said: "It depends", Why: "Only where Assignee is me."}, {Title: "Create", Answer: "yes", Said: "Yes", Why: "No rule is set."},
			{Title: "Edit", Answer: "yes", Said: "Yes", Why: "No rule is set."}, {Title: "Delete", Answer: "no", Said: "No", Why: "The rules allow none."},
		},
		Fields: []FieldState{{Label: "Price", State: "hidden", Said: "hidden"}, {Label: "Status", State: "locked", Said: "read only"}},
		Count:  "They see 1 of the 2 records that were changed last.", More: true,
		Rows: []TriedRow{
			{Name: "WO-0001 · Pump", Href: "/admin/types/work-order/rules/try?record=1", Sees: true, Said: "Yes", Why: "Assignee is me"},
			{Name: "WO-0002 · Roof", Href: "/admin/types/work-order/rules/try?record=2", Said: "No", Why: "Asked is: Assignee is me: it is ben"},
		},
	}
}

func tryRecordStory() TryPage {
	p := tryStory()
	p.Wrong, p.Name, p.Rows, p.Count = "", nil, nil, ""
	p.Record = &TriedRecord{Name: "WO-0002 · Roof", Href: "/admin/types/work-order/records/2", Back: "/admin/types/work-order/rules/try", Deleted: true}
	line := templates.Value{Kind: templates.ValueLine, Text: "ben"}
	p.Fields = []FieldState{{Label: "Title", State: "open", Value: &line}, {Label: "Price", State: "hidden", Said: "hidden", Value: &line}, {Label: "Status", State: "locked", Said: "read only", Value: &line}}
	p.Verdicts[0] = Verdict{Title: "See", Answer: "no", Said: "No", Why: "Only where Assignee is me and Status is open.", Told: &Told{
		Said: "does not hold", Text: "all of these hold", Parts: []*Told{
			{Said: "does not hold", Text: "Assignee is me", Field: true, Met: line},
			{Holds: true, Said: "holds", Text: "Status is open", Field: true, Met: templates.Value{Kind: templates.ValueLine, Text: "open"}},
		},
	}}
	return p
}
