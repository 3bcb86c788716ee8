package templates_test

import (
	"testing"

	. "github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
	"github.com/fieldstack/fieldstack/templates/storytest"
)

func TestStories(t *testing.T) { storytest.Check(t, stories()) }

// stories are the frame and the pages that any area may answer with.
func stories() []story.Story {
	framed := story.Frame("A page")
	framed.Styles, framed.Scripts, framed.Wide = []string{"grid.css"}, []string{"grid.js", "/app/studio.js"}, true
	return []story.Story{
		story.Tell("frame", Page, framed),
		story.Tell("failure", Failure, FailurePage{Frame: story.Frame("Missing"), Heading: "There is nothing here", Message: "No such type.", Request: "0011223344556677", Back: story.ToTypes()}),
		story.Tell("confirm", Confirm, ConfirmPage{Frame: story.Frame("Delete"), Heading: "Delete it?", Message: "It goes to the trash.", Action: "/admin/delete", Do: "Delete", Danger: true, Back: story.ToTypes()}),
	}
}
