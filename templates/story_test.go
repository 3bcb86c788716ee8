package templates_test

import (
	"testing"

	. "github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/storytest"
)

func TestStories(t *testing.T) { storytest.CheckShown(t, stories()) }

var (
	olga    = &Person{Name: "olga", Role: "owner", Designs: true, Manages: true}
	wim     = &Person{Name: "wim", Role: "worker"}
	noon    = Moment{Machine: "2026-11-22T12:00:00.000Z", Exact: "2026-11-22 12:00:00 UTC", Text: "3 min ago"}
	toStart = Link{Text: "Types", Href: "/admin"}
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
	return kitStories()
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
