package templates_test

import (
	"testing"

	. "github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/storytest"
)

func TestStories(t *testing.T) { storytest.CheckShown(t, stories()) }

var (
	olga      = &Person{Name: "olga", Role: "owner", Designs: true, Manages: true}
	wim       = &Person{Name: "wim", Role: "worker"}
	noon      = Moment{Machine: "2026-11-22T12:00:00.000Z", Exact: "2026-11-22 12:00:00 UTC", Text: "3 min ago"}
	toStart   = Link{Text: "Types", Href: "/admin"}
	oneSecret = &Secret{Label: "The password of anna", Text: "abcde-fghjk", Explained: "Shown only now."}
	roles     = []Choice{{Value: "editor", Label: "editor", Hint: "Works with all records."}, {Value: "worker", Label: "worker", Chosen: true}}
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
	return append(kitStories(), peopleStories()...)
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
