package records

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

func trashStories() []story.Story {
	page := TrashPage{Frame: story.Frame("Trash"), Head: story.WorkOrders(templates.TabRecords), Action: "/admin/types/work-order/records/trash", Kept: "A deleted record goes for good after 400 days.", Back: templates.Link{Text: "Back to the records", Href: "/back"}}
	full := page
	full.Records = []Deleted{{ID: "0195a000", Name: "WO-1 · Pump leaks", Href: one, At: Signed{story.Noon(), "anna"}}}
	full.Failed, full.Older, full.Newest = []string{"You may not."}, "/older", "/newest"
	return []story.Story{story.Tell("trash", Trash, full), story.Tell("trash-none", Trash, page)}
}

func attentionStories() []story.Story {
	frame := story.Frame("Needs attention")
	refused := Refused{
		ID: "r1", Said: "wim wanted to change WO-1", Type: "Work order", Name: "WO-1", Href: one, At: story.Noon(), Done: story.Noon(), Device: "00a1b2c3",
		Reason: "You may not write the field Status.", Fields: []RefusedField{{Label: "Status", Now: line("open"), Tried: line("done")}},
		Apply: "/admin/attention/refused/r1/apply", Dismiss: "/admin/attention/refused/r1/dismiss", Wrong: "Title is missing.",
		Mend: &Mend{Type: "work-order", ID: "0195a000", Begin: `{"status":"done"}`},
	}
	making := refused
	making.Said, making.Href, making.Mend = "wim wanted to make WO-2", "", &Mend{Type: "work-order", Make: "0195a001", Begin: "{}"}
	stuck := refused
	stuck.Stuck, stuck.Apply, stuck.Href, stuck.Wrong, stuck.Mend = "It was typed into something that is not in the record.", "", "", "", nil
	stuck.Fields = []RefusedField{{Label: "Parts", Wrote: []templates.Value{line("O-ring")}}}
	conflict := *someConflict()
	conflict.Back = "attention"
	return []story.Story{
		story.Tell("attention", Attention, AttentionPage{
			Frame: frame, User: "olga", At: "/admin/attention",
			Types: []templates.Tab{{Text: "All types", Href: "/admin/attention", Current: true}, {Text: "Work order", Href: "/a"}, {Text: "Visit", Href: "/b"}},
			Records: []ToMend{{
				Name: "WO-1", Href: one, Type: "Work order", TypeName: "work-order", ID: "0195a000", Updated: Signed{story.Noon(), "anna"},
				Problems: []Problem{{Field: "Parts", Message: "Quantity is at least 1."}, {Message: "Title is missing."}}, Conflicts: []Conflict{conflict}, Edits: true,
			}},
			More: []templates.Link{{Text: "All of Work order", Href: "/all"}}, Refused: []Refused{refused, stuck, making}, Older: "/older",
		}),
		story.Tell("attention-none", Attention, AttentionPage{Frame: frame, User: "olga", At: "/admin/attention"}),
	}
}
