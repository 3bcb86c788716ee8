package types

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories show the pages with all that may be on them.
func Stories() []story.Story {
	return []story.Story{
		story.Tell("list", List, storyList()),
		story.Tell("list-none", List, ListPage{Frame: story.Frame("Types"), Start: storyStart()}),
		story.Tell("list-none-for-worker", List, ListPage{Frame: templates.Frame{Title: "Types", Person: story.Wim()}}),
		story.Tell("new", New, NewPage{Frame: story.Frame("New type"), Start: storyStart()}),
		story.Tell("schema", Schema, storySchema()),
		story.Tell("rehearse", Rehearse, RehearsePage{Frame: story.Frame("Rehearsal"), Title: "Rehearsal", Field: "title", Draft: "/admin/types/visit/draft/type.json", Back: templates.Link{Text: "Back", Href: "/x"}}),
		story.Tell("builder", Builder, storyBuilder()),
		story.Tell("builder-empty", Builder, BuilderPage{Frame: story.Frame("Visit"), Bar: Bar{Title: "Visit", Name: "visit"}, Step: StepForm, Ways: storyWays(), Type: storyType()}),
		story.Tell("builder-adding", Builder, storyAdding()),
		story.Tell("builder-field", Builder, storyChosen()),
	}
}

func storyWays() Ways {
	return Ways{Form: "/admin/types/visit/form", Draft: "/admin/types/visit/draft/type.json", Place: "draft/visit", Who: "olga", Schema: "/admin/types/visit/form/schema", Gather: "/admin/types/visit/form?step=add"}
}

func storyType() TypePanel {
	return TypePanel{
		Title: Control{ID: "set-label", Do: "set", Setting: "label", Title: "Title", Hint: "What one is called.", Input: InputText, Value: "Visit", From: `"Visit"`},
		Help:  Control{ID: "set-help", Do: "set", Setting: "help", Title: "Help text", Input: InputLines, As: "lines", From: "null"},
		Icon:  Control{ID: "set-icon", Do: "set", Setting: "icon", Title: "Icon", Unit: "V", Input: InputIcon, As: "text", From: "null", Choices: []templates.Choice{{Value: "", Label: "Its first letter", Chosen: true}, {Value: "wrench", Label: "Wrench"}}},
	}
}

func storyBuilder() BuilderPage {
	head := story.WorkOrders(templates.TabForm)
	title := Row{
		ID: "f-title", At: "title", Key: "title", Label: "Title", From: `"Title"`, Icon: "text", Kind: "Short text", Href: "?field=title", AddHref: "?step=add&after=title",
		MoreHref: "?add=short-text&after=title", Chips: []Chip{{"required", "required"}, {"no two the same", ""}}, Merge: "two people edit: the newer stays", Typed: Typed{"", "A field needs a label."},
	}
	parts := Row{
		ID: "f-parts", At: "parts", Key: "parts", Label: "Parts", From: `"Parts"`, Icon: "rows", Kind: "Rows", Href: "?field=parts", AddHref: "?step=add&after=parts", MoreHref: "?add=short-text",
		Merge: "two people edit: the rows of both stay", Holder: true, Inside: "parts/*", Into: "?step=add&into=parts%2F*", Note: "It lacks something.",
		Rows: []Row{{ID: "f-part", At: "parts/*/part", Key: "part", Label: "Part", From: `"Part"`, Icon: "text", Kind: "Short text", Href: "?field=part", AddHref: "?", MoreHref: "?", Problem: "It is wrong."}},
	}
	fixed := Row{ID: "f-extra", At: "extra", Key: "extra", Label: "Extra", Icon: "code", Kind: "Made by hand", Href: "?field=extra", Fixed: true}
	return BuilderPage{
		Frame: story.Frame("Work order"), Head: &head, Step: StepForm, Ways: storyWays(), Type: storyType(), Gallery: storyGallery(),
		Bar: Bar{Title: "Work order", Name: "work-order", Version: "2", Draft: true, By: "dana", Saved: story.Noon(), Faults: 1, Publish: "/admin/types/visit/form/publish",
			Discard: "/admin/types/visit/draft/discard", Undo: "change Title", Redo: "move Parts"},
		Form: []Section{
			{ID: "heading-0", Rows: []Row{title, parts}},
			{Title: "Afterwards", ID: "heading-1", From: `"Afterwards"`, Rows: []Row{fixed}, Typed: Typed{"Title", "There is one already."}},
			{Title: "Nothing yet", ID: "heading-2", From: `"Nothing yet"`, Empty: true, AddHref: "?step=add&section=x"},
		},
		Tray:   []TrayRow{{At: "old", Name: "Old field", Kind: "Date", Icon: "date", Told: "Last in version 1."}},
		Wrong:  "That could not be done.",
		Faults: []Fault{{Name: "Hours", Href: "?field=hours", Message: "This cannot be.", Fix: "Make it a number."}, {Message: "This neither."}},
	}
}

func storyGallery() []KindGroup {
	return []KindGroup{
		{Title: "Text", Kinds: []KindCard{{Kind: "short-text", Title: "Short text", About: "A name.", Icon: "text", Href: "?add=short-text", Current: true}}},
		{Title: "Numbers", Kinds: []KindCard{{Kind: "number", Title: "Number", About: "A length.", Icon: "number", Href: "?add=number"}}},
	}
}

func storyAdding() BuilderPage {
	p := storyBuilder()
	p.Faults, p.Wrong, p.Tray, p.Form[0].Rows[0].Typed, p.Form[1].Typed = nil, "", nil, Typed{}, Typed{}
	p.Form[0].Rows[0].Adding = &Adding{Kind: "date", Title: "Date", Icon: "date", After: "title", Cancel: "/admin/types/visit/form", Typed: Typed{" ", "Give it a label first."}}
	return p
}

func storyChosen() BuilderPage {
	p := storyBuilder()
	p.Step, p.Form[0].Rows[0].Chosen, p.Faults = StepField, true, nil
	ways := []MergeWay{{"register", "The newer one wins", "The other stays in the history.", true}, {"conflict", "Someone picks", "Both are kept.", false}}
	control := func(name string, input Input) Control {
		return Control{ID: "set-" + name, At: "title", Do: "set", Setting: name, Title: "The " + name, Hint: "How to set it.", Input: input, Value: "12", From: "12", As: "text"}
	}
	chosen := control("pick", InputSelect)
	chosen.Choices = story.Choices()
	merge := control("merge", InputMerge)
	merge.Ways, merge.Rehearse = ways, "/admin/types/visit/form/rehearse?field=title"
	clash := control("help", InputLines)
	clash.Clash = &Clash{Mine: "Mine", Theirs: "Theirs", MineValue: `"Mine"`, TheirFrom: `"Theirs"`, By: "olga"}
	pattern := control("pattern", InputPattern)
	pattern.Error, pattern.Tester = "This is no pattern.", &Tester{Example: "AB-12", Tried: true, Fits: true}
	number := control("maximum", InputNumber)
	number.Unit = "kg"
	place := control("place", InputPlace)
	place.Choices, place.Error = story.Choices(), "It cannot move there."
	choices := control("choices", InputChoices)
	choices.Editor = &Choices{At: "title", Back: "?field=title", Typed: Typed{"Open", "There is one already."}, List: []ChoiceRow{
		{ID: "set-choices-open", Value: `"open"`, Label: "Open", From: `"Open"`, Published: true, Key: "open", Leave: "?field=title&drop=open", Leaving: true, Says: []string{"3 records hold it.", "They keep it."}},
		{ID: "set-choices-done", Value: `"done"`, Label: "Done", From: `"Done"`, Typed: Typed{"Open", "There is one already."}},
	}}
	shown := control("condition", InputCondition)
	shown.Condition = &Condition{Sentence: "When Status is waiting.", Edit: "?field=title&edit=condition"}
	edited := control("required-when", InputCondition)
	edited.Error = "That cannot be asked."
	edited.Condition = &Condition{Lead: "While this holds.", Clear: "Only by its own rule", Cancel: "?field=title", Editor: &condition.Model{
		Name: "required-when", Label: "Required when …", Says: "Status is waiting", Root: condition.Part{Group: true, Joins: story.Choices()}}}
	p.Chosen = &FieldPanel{
		At: "title", ID: "panel-title", Name: "Title", Key: "title", Kind: "Short text", Icon: "text", Problems: []Fault{{Message: "It is wrong.", Fix: "Mend it."}}, Notes: []string{"It lacks something."},
		Groups: []Group{
			{ID: "group-basics", Title: "Basics", Open: true, Controls: []Control{control("label", InputText), clash, place, choices, chosen, control("day", InputDate), control("time", InputTime)}},
			{ID: "group-rules", Title: "Rules", Lead: "What may be entered.", Controls: []Control{control("required", InputYesNo), number, pattern}},
			{ID: "group-together", Title: "Two people at once", Controls: []Control{shown, edited, merge, {ID: "set-says", Input: InputSays, Value: "The amounts add up."}}},
			{ID: "group-hand", Title: "By hand", Controls: []Control{control("json", InputCode)}},
		},
	}
	return p
}

func storyStart() Start {
	return Start{
		Title: story.Typed("title", "What do you keep records of?"), Name: story.Typed("name", "Name"),
		Starters: []StarterCard{{Name: "work-order", Title: "Work order", About: "One job.", Icon: "wrench", Fields: []StarterField{{"Title", "text"}, {"Parts", "rows"}}, More: "and 15 more"}},
		Ways:     []WayCard{{Title: "A JSON Schema", About: "Paste one.", Icon: "code", Href: "/admin/types/_new/schema"}},
	}
}

func storyList() ListPage {
	return ListPage{Frame: story.Frame("Types"), Start: storyStart(), Cards: []TypeCard{
		{Name: "work-order", Title: "Work order", Description: "One job.", Icon: "wrench", Letter: "W", Tone: "tone-1", Records: "/admin/types/work-order/records", Form: "/admin/types/work-order/form",
			Version: "2", Fields: "12 fields", Published: story.Noon(), Attention: "over 20", AttentionAt: "/admin/attention?type=work-order", Draft: true, By: "dana"},
		{Name: "visit", Title: "Visit", Letter: "V", Tone: "tone-2", Form: "/admin/types/visit/form", Draft: true, By: "olga", Saved: story.Noon(), Fields: "2 fields"},
	}}
}

func storySchema() SchemaPage {
	head, name := story.WorkOrders(templates.TabForm), story.Typed("name", "Name")
	return SchemaPage{
		Frame: story.Frame("Work order"), Head: &head, Title: "Work order as JSON Schema", Action: "/admin/types/work-order/form/schema", Name: &name, Text: "{\n  oops\n}\n", From: "{}", Lines: 4,
		Marks: []Mark{{Line: 2, Column: 3, Message: "This is not JSON.", Fix: "Write it.", Field: "Hours", Href: "?field=hours"}, {Message: "All of it is wrong."}},
		Notes: []string{"It was brought up."}, Wrong: "That did not work.", Back: templates.Link{Text: "Back", Href: "/admin/types/work-order/form"}, Check: "/admin/types/work-order/draft/type.json",
	}
}
