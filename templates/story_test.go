package templates_test

import (
	"testing"

	. "github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/storytest"
)

func TestStories(t *testing.T) { storytest.CheckShown(t, stories()) }

var (
	olga     = &Person{Name: "olga", Role: "owner", Designs: true, Manages: true}
	wim      = &Person{Name: "wim", Role: "worker"}
	noon     = Moment{Machine: "2026-11-22T12:00:00.000Z", Exact: "2026-11-22 12:00:00 UTC", Text: "3 min ago"}
	toStart  = Link{Text: "Types", Href: "/admin"}
	orders   = TypeHead{Name: "work-order", Title: "Work order", Description: "One job.", Version: "2", Tab: TabRecords, Designs: true, Draft: true}
	oneField = FieldRow{
		Label: "Parts", Key: "parts.*.part", Description: "What was fitted.", Depth: 2, Kind: "Short text",
		Rules: []string{"required", "at most 40 characters"}, Strategy: "the newer stays", Why: "It is one short text.", Deprecated: true,
	}
	oneDifference = Difference{Where: "hours", Kind: "strategy", Message: "Hours merges otherwise.", Devices: "Devices notice.", Refused: true}
	oneSecret     = &Secret{Label: "The password of anna", Text: "abcde-fghjk", Explained: "Shown only now."}
	roles         = []Choice{{Value: "editor", Label: "editor", Hint: "Works with all records."}, {Value: "worker", Label: "worker", Chosen: true}}
)

// around1 is a frame as most pages have it.
func around1(title string) Frame {
	return Frame{Title: title, Person: olga, Section: SectionTypes, Trail: []Link{toStart}, Notice: "It is done.", Version: "fieldstack 1.0"}
}

func typed(name, label string) Input {
	return Input{Name: name, Label: label, Hint: "How to fill it in.", Value: "typed", Error: "This is not right.", Complete: "username", Required: true, Focus: true}
}

// stories has every page, filled as far as it can be, and once more where it looks
// otherwise.
func stories() []story.Story {
	return append(kitStories(), append(typeStories(), peopleStories()...)...)
}

// kitStories are the pages that any area may answer with.
func kitStories() []story.Story {
	return []story.Story{
		story.Tell("frame", Page, func() Frame {
			f := story.Frame("A page")
			f.Styles, f.Scripts, f.Wide = []string{"grid.css"}, []string{"grid.js", "/app/studio.js"}, true
			return f
		}()),
		story.Tell("failure", Failure, FailurePage{Frame: around1("Missing"), Heading: "There is nothing here", Message: "No such type.", Request: "0011223344556677", Back: toStart}),
		story.Tell("confirm", Confirm, ConfirmPage{Frame: around1("Delete"), Heading: "Delete it?", Message: "It goes to the trash.", Action: "/admin/delete", Do: "Delete", Danger: true, Back: toStart}),
	}
}

func typeStories() []story.Story {
	card := TypeCard{Title: "Work order", Description: "One job.", Version: "2", Fields: "12 fields", Published: noon, Attention: "over 20", Draft: true, Records: "/admin/types/work-order/records", Shape: "/admin/types/work-order"}
	fault := Fault{Place: "/properties/hours", Message: "The field cannot merge so.", Fix: "Make it a text."}
	return []story.Story{
		story.Tell("types", Types, TypesPage{Frame: around1("Types"), Types: []TypeCard{card}, Drafts: []DraftCard{{Name: "visit", Href: "/admin/types/visit/draft", By: "olga", Saved: noon}}}),
		story.Tell("types-none", Types, TypesPage{Frame: around1("Types")}),
		story.Tell("types-none-for-worker", Types, TypesPage{Frame: Frame{Title: "Types", Person: wim}}),
		story.Tell("draft-new", Draft, DraftPage{Frame: around1("New type"), Heading: "New type", Action: "/admin/types/_new", New: true, Name: typed("name", "Name"), Schema: typed("schema", "JSON Schema"), Rev: "0", Wrong: "No.", ExampleURL: "/admin/types/_new?example=work-order"}),
		story.Tell("draft-faulty", Draft, DraftPage{Frame: around1("Draft"), Head: &orders, Action: "/admin/types/work-order/draft", Schema: typed("schema", "JSON Schema"), Rev: "3", By: "olga", Saved: noon, Faults: []Fault{fault}, Notes: []Fault{fault}, DiscardAt: "/admin/types/work-order/draft/discard"}),
		story.Tell("draft-refused", Draft, DraftPage{Frame: around1("Draft"), Head: &orders, Action: "/admin/types/work-order/draft", Schema: typed("schema", "JSON Schema"), Rev: "3", Preview: &Preview{Differences: []Difference{oneDifference}, Refused: true}}),
		story.Tell("draft-first", Draft, DraftPage{Frame: around1("Draft"), Heading: "work-order", Action: "/admin/types/work-order/draft", Schema: typed("schema", "JSON Schema"), Rev: "3", Preview: &Preview{First: true, Fields: []FieldRow{oneField}}, PublishTo: "/admin/types/work-order/draft/publish"}),
	}
}

func peopleStories() []story.Story {
	person := PersonPage{Frame: around1("anna"), Name: "anna", Base: "/admin/people/1", Created: noon, Updated: noon, Role: typed("role", "May"), Roles: roles, Wrong: "No.", Given: oneSecret}
	self := person
	self.Self, self.Disabled = true, true
	token := TokenRow{Label: "export", Kind: "token", Person: "anna", May: []string{"read", "type:work-order"}, Used: noon, Revoke: "/admin/tokens/1/revoke"}
	return []story.Story{
		story.Tell("people", People, PeoplePage{Frame: around1("People"), People: []PersonRow{{Name: "anna", Role: "worker", Href: "/admin/people/1", Disabled: true, Self: true, Created: noon}}, Name: typed("name", "Name"), Role: typed("role", "Role"), Roles: roles, Wrong: "No.", Made: oneSecret}),
		story.Tell("person", PersonDetail, person), story.Tell("person-self", PersonDetail, self),
		story.Tell("tokens", Tokens, TokensPage{Frame: around1("Tokens"), Tokens: []TokenRow{token}, Label: typed("label", "For"), May: typed("may", "May"), Mays: roles, Types: typed("type", "Types"), Names: roles, Expires: typed("expires", "Expires"), Lives: roles, Wrong: "No.", Given: oneSecret}),
		story.Tell("tokens-none", Tokens, TokensPage{Frame: around1("Tokens"), Limited: true}),
		story.Tell("enrol", Enrol, EnrolPage{Frame: around1("Devices"), Person: typed("person", "Whose"), People: roles, Wrong: "No.", Given: &Code{
			Text: "ABCDE-FGHJK", Person: "anna", Until: noon, App: "http://localhost:8090/app/", Near: true, QR: &QR{Size: 29, Path: "M4 4h7v1h-7zM12 4h1v1h-1z"},
		}}),
		story.Tell("enrol-own", Enrol, EnrolPage{Frame: around1("Devices")}),
	}
}
