package recent

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	const path = "/admin/types/work-order/records/recent"
	job := JobPage{
		Frame: story.Frame("Import"), Heading: "orders.csv", Sub: "Import", Began: story.Noon(), Path: path + "/1", Back: "/admin/types/work-order/records", All: path,
	}
	going, ended, undone := job, job, job
	going.Progress = &templates.Progress{Heading: "Importing", Text: "500 of 1,000", Percent: "50", Path: job.Path, Stop: job.Path + "/cancel"}
	ended.Wrong = "The server stopped while this was under way."
	ended.Counts = []templates.Tally{{N: 987, Text: "new", Tone: templates.TallyGood}, {N: 8, Text: "changed", Tone: templates.TallyGood}, {N: 0, Text: "the same already", Tone: templates.TallyPlain}, {N: 5, Text: "do not fit", Tone: templates.TallyBad}}
	ended.Left = []templates.Left{{Line: "4", Column: "Status", Why: "Status is none of the choices."}, {Line: "9", Why: "The record is in the trash: restore it first."}}
	ended.LeftMore, ended.File, ended.Undo, ended.UndoHint = "and 3 more", path+"/wrong.csv", true, "It can be undone for 30 days."
	undone.Heading, undone.Sub, undone.Counts = "Set Status to done", "Edit of many records", ended.Counts[1:3]
	undone.Left = []templates.Left{{Name: "Pump", Href: "/admin/types/work-order/records/1", Why: "Status was changed since."}}
	undone.Undone = &templates.Link{Text: "It was undone", Href: path + "/2"}
	unknown := going
	unknown.Progress = &templates.Progress{Heading: "Importing", Text: "500", Path: job.Path, Stop: job.Path, Do: "cancel"}
	return []story.Story{
		story.Tell("running", Job, going), story.Tell("running-unknown", Job, unknown), story.Tell("ended", Job, ended), story.Tell("undone", Job, undone),
		story.Tell("list", List, ListPage{Frame: story.Frame("Recent imports and edits"), Back: job.Back, Hint: "The last 20 of yours are kept.", Jobs: []JobLine{
			{Name: "orders.csv", Href: job.Path, Sub: "Import · 987 new", At: story.Noon(), Undo: job.Path + "/undo"}, {Name: "Set Status to done", Href: job.Path, Sub: "Edit · interrupted", At: story.Noon()},
		}}),
		story.Tell("list-empty", List, ListPage{Frame: story.Frame("Recent imports and edits"), Back: job.Back}),
	}
}
