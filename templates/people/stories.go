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
		story.Tell("people", People, peopleStory()),
		story.Tell("people-none", People, PeoplePage{Frame: styled("People"), Search: templates.Input{Name: "search", Label: "Search", Value: "x"}, Name: templates.Input{Name: "name", Label: "Name"}, NewAs: templates.Input{Name: "role", Label: "Role"}}),
		story.Tell("person", PersonDetail, personStory()),
		story.Tell("person-self", PersonDetail, PersonPage{Frame: styled("olga"), Name: "olga", RoleName: "owner", Base: "/admin/people/1", Self: true, Disabled: true, Role: story.Typed("role", "May"), Roles: story.Choices()}),
		story.Tell("devices", Devices, DevicesPage{Frame: styled("Devices"), Lead: "Where people work.", Search: templates.Input{Name: "search", Label: "Search"}, Filter: tabs(), Devices: devices(), Owners: true}),
		story.Tell("devices-none", Devices, DevicesPage{Frame: styled("Devices"), Lead: "Where you work.", None: true}),
		story.Tell("devices-nothing-found", Devices, DevicesPage{Frame: styled("Devices"), Lead: "Where you work.", Search: templates.Input{Name: "search", Label: "Search", Value: "x"}, Filter: tabs()}),
		story.Tell("enrol", Enrol, EnrolPage{Frame: styled("Enrol"), Person: story.Typed("person", "Whose"), People: story.Choices(), Wrong: "No.", Given: code("secret-text")}),
		story.Tell("enrol-own", Enrol, EnrolPage{Frame: styled("Enrol")}),
		story.Tell("tokens", Tokens, tokensStory()),
		story.Tell("tokens-none", Tokens, TokensPage{Frame: styled("Tokens"), Limited: true}),
	}
}

func tabs() []templates.Tab {
	return []templates.Tab{{Text: "All", Href: "/admin/devices", Current: true}, {Text: "With unsent work", Href: "/admin/devices?show=unsent"}}
}

func code(id string) *Code {
	return &Code{
		ID: id, Text: "ABCDE-FGHJK", Person: "anna", Until: story.Noon(), App: "http://localhost:8090/app/", Near: true,
		QR: &templates.QR{Size: 29, Path: "M4 4h7v1h-7zM12 4h1v1h-1z"},
	}
}

func secret() templates.Secret {
	return templates.Secret{Label: "The password of anna", Text: "abcde-fghjk", Explained: "Shown only now."}
}

func devices() []DeviceRow {
	return []DeviceRow{
		{Label: "Anna's phone", Person: "anna", Kind: "enrolled", App: "Field app 0.1.0", Seen: story.Noon(), Unsent: "3 unsent, since 2 hours", Refused: "1 refused", Behind: []string{"Work order: version 1 of 2"}, SignOut: "/admin/devices/c1/sign-out", User: "u1", Replica: "00000000000000aa"},
		{Label: "Device 00bb00", Person: "ben", Seen: story.Noon(), Unknown: true, Gone: "signed out", User: "u2", Replica: "00bb000000000000"},
		{Label: "Tablet", Person: "ben", Kind: "enrolled", Gone: "never synced", Unknown: true, SignOut: "/admin/devices/c2/sign-out"},
	}
}

func peopleStory() PeoplePage {
	return PeoplePage{
		Frame: styled("People"), Search: templates.Input{Name: "search", Label: "Search", Value: "a"}, Filter: tabs(),
		People: []PersonRow{
			{Name: "anna", Role: "worker", Href: "/admin/people/1", Disabled: true, Self: true, Seen: story.Noon(), Devices: "2 devices", Unsent: "3 unsent"},
			{Name: "ben", Role: "worker", Href: "/admin/people/2"},
		},
		Name: story.Typed("name", "Name"), NewAs: story.Typed("role", "Role"), Roles: story.Choices(), Wrong: "No.",
		Made: &Begun{Name: "anna", Href: "/admin/people/1", Password: secret(), Code: code("code-text")},
	}
}

func personStory() PersonPage {
	given := secret()
	return PersonPage{
		Frame: styled("anna"), Name: "anna", RoleName: "worker", Base: "/admin/people/1", Created: story.Noon(), Updated: story.Noon(), Seen: story.Noon(),
		Role: story.Typed("role", "May"), Roles: story.Choices(), Devices: devices(), Wrong: "No.", Given: &given, Code: code("code-text"),
	}
}

func tokensStory() TokensPage {
	given := secret()
	return TokensPage{
		Frame: styled("Tokens"), Tokens: []TokenRow{{Label: "export", Person: "anna", May: []string{"read", "work-order"}, Used: story.Noon(), Revoke: "/admin/tokens/1/revoke"}},
		Label: story.Typed("label", "For"), May: story.Typed("may", "May"), Mays: story.Choices(), Types: story.Typed("type", "Types"), Names: story.Choices(),
		Expires: story.Typed("expires", "Expires"), Lives: story.Choices(), Wrong: "No.", Given: &given,
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
