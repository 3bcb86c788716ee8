package versions

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	head := story.WorkOrders(templates.TabForm)
	changed := []ChangeRow{
		{Tone: Warn, Label: "stricter", Says: "Due is now required when Status is \"Done\".", Devices: "Devices on the old version make records without it until they have synced.", Records: "12 records"},
		{Tone: Good, Label: "new", Says: "Hours is new (counter)."},
		{Tone: Plain, Label: "changed", Says: "Title is now called What is to be done."},
	}
	fields := []FieldRow{
		{Label: "Title", Key: "title", Help: "In one line.", Kind: "Short text", Rules: []string{"required", "at most 120 characters"}, Why: "It is one short text: the newer one wins."},
		{Label: "Where"},
		{Label: "Site", Key: "site", Kind: "Group", Why: "It merges field by field."},
		{Label: "Gate", Key: "gate", Depth: 1, Kind: "Short text", Why: "It is one short text: the newer one wins."},
	}
	publish := PublishPage{
		Frame: story.Frame("Publish"), Head: &head, Edit: "/admin/types/work-order/form", Text: "/admin/types/work-order/form/schema",
		By: "dana", Saved: story.Noon(), Changes: changed, Action: "/admin/types/work-order/form/publish", Rev: "4", Next: "3",
		Check: &Check{
			Summary: "12 records would newly need attention, of 1,204.", Mended: "3 records that need attention today would be good.", Already: "2 records break the rules of today.",
			Examples: []Example{{"WO-0007 · Mend the pump", "/admin/types/work-order/records/1", []string{"Due is required."}}},
			More:     "and 11 more", Partial: "There was time for 1,204 of 9,000 records.",
		},
		Fleet: &Fleet{Summary: "5 devices have this type.",
			Unsent: []Device{{"Van 3", "wim", "4 changes wait", story.Noon()}}, Away: []Device{{"A device", "wilo", "", story.Noon()}}},
	}
	with := func(change func(*PublishPage)) PublishPage {
		p := publish
		change(&p)
		return p
	}
	choices := []templates.Choice{{Value: "2", Label: "Version 2", Chosen: true}, {Value: "1", Label: "Version 1"}}
	shape := story.WorkOrders(templates.TabVersions)
	return []story.Story{
		story.Tell("publish", Publish, publish),
		story.Tell("publish-looking", Publish, with(func(p *PublishPage) {
			p.Looking = &templates.Progress{Heading: "Looking through the records", Text: "1,204 of 9,000", Percent: "13", Path: "/admin/types/work-order/form/publish"}
		})),
		story.Tell("publish-first", Publish, with(func(p *PublishPage) {
			p.Head, p.Heading, p.First, p.Fields, p.Check, p.Fleet, p.Next = nil, "Work order", true, fields, nil, nil, "1"
		})),
		story.Tell("publish-calm", Publish, with(func(p *PublishPage) {
			p.Check, p.Fleet = &Check{Summary: "None of 1,204 records would newly need attention.", Calm: true}, nil
		})),
		story.Tell("publish-faults", Publish, with(func(p *PublishPage) {
			p.Faults = []Fault{{"Hours", "The field \"hours\" can not merge as \"text\".", p.Edit}, {"", "The schema is too long.", ""}}
		})),
		story.Tell("publish-refused", Publish, with(func(p *PublishPage) {
			p.Wrong, p.Action = "dana saved this draft after you opened it.", ""
			p.Changes = []ChangeRow{{Tone: Bad, Label: "cannot be published", Says: "Hours holds a number and would hold text; add a new field instead."}}
		})),
		story.Tell("publish-nothing", Publish, with(func(p *PublishPage) { p.By, p.Action, p.Changes, p.Check, p.Fleet = "", "", nil, nil, nil })),
		story.Tell("versions", Versions, VersionsPage{
			Frame: story.Frame("Work order"), Head: shape, Compare: "/admin/types/work-order/versions/compare", From: choices, To: choices, Fields: fields,
			Versions: []VersionRow{
				{Number: "2", By: "olga", Published: story.Noon(), Href: "/admin/types/work-order/versions/2", Download: "/admin/types/work-order/versions/2/schema.json", Latest: true},
				{Number: "1", By: "olga", Published: story.Noon(), Href: "/admin/types/work-order/versions/1", Download: "/admin/types/work-order/versions/1/schema.json", Restore: "/admin/types/work-order/versions/1/restore"},
			},
			Draft: &DraftRow{By: "dana", Saved: story.Noon(), Edit: publish.Edit, Publish: publish.Action},
		}),
		story.Tell("versions-first", Versions, VersionsPage{
			Frame: story.Frame("Work order"), Head: shape, Fields: fields,
			Versions: []VersionRow{{Number: "1", By: "olga", Published: story.Noon(), Href: "/admin/types/work-order/versions/1", Download: "/admin/types/work-order/versions/1/schema.json", Latest: true}},
			Steps:    []templates.Link{{Text: "Put it on a phone", Href: "/admin/devices/enrol"}},
		}),
		story.Tell("version", Version, VersionPage{
			Frame: story.Frame("Work order, version 1"), Head: shape, Number: "2", By: "olga", Published: story.Noon(), Before: "1", Changes: changed, Fields: fields,
			Download: "/admin/types/work-order/versions/2/schema.json", Restore: "/admin/types/work-order/versions/2/restore", Schema: "{\n}",
		}),
		story.Tell("version-first", Version, VersionPage{Frame: story.Frame("Work order, version 1"), Head: shape, Number: "1", By: "olga", Published: story.Noon(), Schema: "{\n}"}),
		story.Tell("compare", Compare, ComparePage{
			Frame: story.Frame("Compare two versions"), Head: shape, A: "1", B: "2", From: choices, To: choices,
			Compare: "/admin/types/work-order/versions/compare", Changes: changed, SchemaA: "{\n}", SchemaB: "{\n}",
		}),
		story.Tell("restore", Restore, RestorePage{
			Frame: story.Frame("Make it the draft"), Head: head, Number: "1", Wrong: "olga saved the draft meanwhile.", By: "dana", Saved: story.Noon(),
			Download: "/admin/types/work-order/draft.json", Changes: changed, Action: "/admin/types/work-order/versions/1/restore", Rev: "4", Back: "/admin/types/work-order/versions",
		}),
		story.Tell("restore-plain", Restore, RestorePage{
			Frame: story.Frame("Make it the draft"), Head: head, Number: "1", Action: "/admin/types/work-order/versions/1/restore", Rev: "0", Back: "/admin/types/work-order/versions",
		}),
	}
}
