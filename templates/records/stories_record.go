package records

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

const one = "/admin/types/work-order/records/0195a000"

func line(text string) templates.Value {
	return templates.Value{Kind: templates.ValueLine, Text: text}
}

// someFields has a field of every kind that looks different.
func someFields() []Field {
	rows := templates.Value{
		Kind: templates.ValueRows, Text: "1 row", Columns: []string{"Part", "Quantity"},
		Rows: [][]templates.Value{{line("Seal 40 mm"), line("2")}},
	}
	return []Field{
		{Key: "title", Label: "Title", Value: line("Pump leaks"), Problems: []string{"Title is too short."}, History: one + "?field=title#timeline"},
		{Key: "status", Label: "Status", Value: line("open"), Conflict: someConflict(), History: "#timeline"},
		{Key: "notes", Label: "Notes", Value: templates.Value{Kind: templates.ValueText, Text: "one\ntwo"}, History: "#timeline"},
		{Key: "parts", Label: "Parts", Value: rows, History: "#timeline"},
		{Key: "urgent", Label: "Urgent", Value: templates.Value{Kind: templates.ValueYes, Text: "Yes"}, History: "#timeline"},
		{Key: "closed", Label: "Closed", Value: templates.Value{Kind: templates.ValueNo, Text: "No"}, History: "#timeline"},
		{Key: "manual", Label: "Manual", Value: templates.Value{Kind: templates.ValueLink, Text: "Manual", Href: "https://example.org/pumps"}, History: "#timeline"},
		{Key: "since", Label: "Since", Value: templates.Value{Kind: templates.ValueTime, Text: "1 Dec 2026", At: story.Noon()}, History: "#timeline"},
		{Key: "tags", Label: "Tags", Value: templates.Value{Kind: templates.ValueTags, Tags: []string{"pump", "leak"}}, History: "#timeline"},
		{Key: "place", Label: "Place", Value: templates.Value{Kind: templates.ValueFields, Fields: []templates.FieldValue{{Label: "City", Value: line("Hamburg")}}}, History: "#timeline"},
		{Key: "due", Label: "Due", Value: templates.Value{Kind: templates.ValueEmpty}, History: "#timeline"},
	}
}

func someConflict() *Conflict {
	return &Conflict{
		Action: one + "/pick", Field: "Status", Path: `["status"]`, Seen: []string{"a.1", "b.1"},
		Candidates: []Candidate{{ID: "a.1", Value: line("open"), By: "anna", At: story.Noon(), Shown: true}, {ID: "b.1", Value: line("done")}},
	}
}

func someTimeline() Timeline {
	loss := Loss{Label: "Site", Value: line("Harbour east"), Action: one + "/take-back", Place: "MTIgbWFpbg", Field: "site"}
	return Timeline{
		Action: one, Fields: story.Choices(), Field: "Site", All: one + "#timeline", Older: one + "?before=x", Newest: one,
		Events: []Event{
			{
				By: "anna", At: story.Noon(), Done: story.Noon(), Away: "came 5 hours later", Device: "00a1b2c3", Version: "1", Return: one + "/moments/MTIgbWFpbg",
				Parts: []Part{{Text: "Site to Harbour east, but a newer value was there: Harbour west", Lost: true, Losses: []Loss{loss}, Icon: IconEdit}},
			},
			{By: "olga", At: story.Noon(), Device: "00d4e5f6", Version: "1", Parts: []Part{{Text: "Created", Icon: IconMade}, {Text: "Deleted", Icon: IconTrash}, {Text: "Taken out of the trash", Icon: IconRestore}}},
		},
	}
}

func recordStories() []story.Story {
	frame := story.Frame("WO-1")
	back := templates.Link{Text: "Back to the record", Href: one}
	page := RecordPage{
		Frame: frame, Island: Island{Type: "work-order", ID: "0195a000", User: "olga"}, Heading: "WO-1 · Pump leaks",
		Created: Signed{story.Noon(), "olga"}, Updated: Signed{story.Noon(), "anna"}, Problems: []string{"It breaks a rule."},
		Fields: someFields(), Timeline: someTimeline(), Edits: true, EditPart: "/admin/types/work-order/records/bulk", Delete: one + "/delete", Raw: one + "/raw", Print: one + "/print",
	}
	trashed := page
	trashed.Trash, trashed.Edits, trashed.Delete, trashed.Restore, trashed.Timeline = true, false, "", one+"/restore", Timeline{Action: one, Begins: story.Noon()}
	changes := []Difference{{Label: "Site", Now: line("Harbour west"), Then: line("Harbour east")}}
	ret := ReturnPage{
		Frame: frame, Heading: "Restore WO-1 to an earlier moment?", Then: Signed{story.Noon(), "anna"}, Wakes: true, Changes: changes,
		Stays: []Difference{{Label: "Meter reading", Now: line("7"), Then: line("5"), Why: "It can only be raised."}}, Action: one + "/moments/x", Back: back,
	}
	return []story.Story{
		story.Tell("record", Record, page), story.Tell("record-in-trash", Record, trashed),
		story.Tell("record-new", New, NewPage{Frame: frame, Island: Island{Type: "work-order", User: "olga"}, Heading: "New: Work order", Back: back}),
		story.Tell("raw", Raw, RawPage{Frame: frame, Heading: "WO-1 as JSON", Text: "{\n}", Back: back}),
		story.Tell("print", Print, PrintPage{
			Frame: frame, Heading: "WO-1 · Pump leaks", Type: "Work order", ID: "0195a000", Created: page.Created, Updated: page.Updated, Printed: page.Updated, Back: back,
			Fields: []PrintedField{{Label: "Title", Value: line("Pump leaks"), Problems: []string{"Title is too short."}}, {Label: "Notes", Value: line("one"), Large: true}},
		}),
		story.Tell("return", Return, ret), story.Tell("return-none", Return, ReturnPage{Frame: frame, Heading: "Restore WO-1?", Back: back}),
	}
}
