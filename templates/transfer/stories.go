package transfer

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	export := ExportPage{
		Frame: story.Frame("Export"), Title: "Work order", Action: "/admin/types/work-order/records/export/file", Back: "/admin/types/work-order/records?search=pump", Form: "/admin/types/work-order/form.xlsx",
		Keep:    []templates.Hidden{{Name: "search", Value: "pump"}},
		Which:   templates.Input{Name: "which", Label: "Which records"},
		Whiches: []templates.Choice{{Value: "listed", Label: "Those of the list", Hint: "In its order.", Chosen: true}, {Value: "all", Label: "All"}},
		Format:  templates.Input{Name: "format", Label: "As"}, With: templates.Input{Name: "with", Label: "And"},
		Formats: []templates.Choice{{Value: "xlsx", Label: "Excel (XLSX)", Hint: "Numbers and dates are what they are.", Chosen: true}, {Value: "csv", Label: "CSV"}},
		Withs:   []templates.Choice{{Value: "id", Label: "Ids", Hint: "To find them again.", Chosen: true}},
	}
	job := FilePage{
		Frame: story.Frame("Import"), File: "orders.csv", Rows: "1,000 rows", Action: "/admin/types/work-order/records/import/1f",
	}
	with := func(change func(*FilePage)) FilePage {
		j := job
		change(&j)
		return j
	}
	faults := []templates.Left{{Line: "4", Column: "Status", Why: "Status is none of the choices."}, {Line: "9", Why: "The record is in the trash: restore it first."}}
	counts := []templates.Tally{{N: 987, Text: "new", Tone: templates.TallyGood}, {N: 8, Text: "changed", Tone: templates.TallyGood}, {N: 0, Text: "the same already", Tone: templates.TallyPlain}, {N: 5, Text: "do not fit", Tone: templates.TallyBad}}
	return []story.Story{
		story.Tell("export", Export, export),
		story.Tell("new-type", NewType, NewTypePage{
			Frame: story.Frame("New type"), Action: "/admin/types/_new/import", Back: "/admin/types/_new",
			File: templates.Input{Name: "file", Label: "File", Hint: "A table.", Error: "The file is empty.", Required: true}, Title: story.Typed("title", "Title"),
		}),
		story.Tell("drafted", Drafted, DraftedPage{
			Frame: story.Frame("New type"), File: "pumps.xlsx", Name: "pumps", Draft: "/admin/types/pumps/form", Rows: "1,000 rows", Import: "/admin/types/pumps/records/import/1f",
			Notes: []Note{{"Flow", "a number, because all 1,000 filled cells are."}, {"Seen", "a date."}},
		}),
		story.Tell("drafted-published", Drafted, DraftedPage{Frame: story.Frame("New type"), File: "pumps.xlsx", Name: "pumps", Draft: "/admin/types/pumps/form", Rows: "1 row", Import: "/x", Published: true}),
		story.Tell("import", Import, ImportPage{
			Frame: story.Frame("Import"), Title: "Work order", Action: "/admin/types/work-order/records/import", Back: "/admin/types/work-order/records", Jobs: "/admin/types/work-order/records/recent", Most: 1 << 20,
			File:  templates.Input{Name: "file", Label: "File", Hint: "CSV, Excel or JSON.", Error: "The file is empty.", Required: true},
			Files: []FileRow{{job.Action, "orders.csv", "1,000 rows", "imported", story.Noon()}},
		}),
		story.Tell("mapping", File, with(func(j *FilePage) { j.Wrong, j.Mapping = "Two columns are for Title.", mappingStory() })),
		story.Tell("checking", File, with(func(j *FilePage) {
			j.Progress = &templates.Progress{Heading: "Checking the rows", Text: "500 of 1,000", Percent: "50", Path: job.Action, Stop: job.Action, Do: "cancel"}
		})),
		story.Tell("checked", File, with(func(j *FilePage) {
			j.Why, j.Checked = "Something went wrong.", &Checked{Counts: counts, Short: "2 rows have fewer cells.", Faults: faults, More: "and 3 more rows", Download: job.Action + "/wrong.csv", Do: "Import 995 rows"}
		})),
		story.Tell("checked-nothing", File, with(func(j *FilePage) { j.Checked = &Checked{Counts: counts[2:3]} })),
		story.Tell("checked-stopped", File, with(func(j *FilePage) { j.Checked = &Checked{Counts: counts[:1], Halted: true} })),
	}
}

func mappingStory() *Mapping {
	fields := []templates.Choice{{Value: "", Label: "– leave out –"}, {Value: "title", Label: "Title *", Chosen: true}, {Value: "status", Label: "Status"}}
	return &Mapping{
		Sheet: templates.Input{Name: "sheet", Label: "Sheet"}, Sheets: []templates.Choice{{Value: "Orders", Label: "Orders", Chosen: true}, {Value: "Lists", Label: "Lists"}},
		Columns: []MappedColumn{
			{Name: "Subject", Samples: []string{"Pump leaks", "Fan is loud", "Belt worn"}, Input: templates.Input{Name: "column-0", Label: "Field for Subject"}, Choices: fields},
			{Name: "Colour", Input: templates.Input{Name: "column-1", Label: "Field for Colour"}, Choices: fields[:1]},
		},
		Match: templates.Input{Name: "match", Label: "Records that are there already", Hint: "Where a row says which."}, Matches: []templates.Choice{{Value: "", Label: "Make new records only", Chosen: true}},
		Empty: templates.Input{Name: "empty", Label: "Where a cell is empty"}, Empties: []templates.Choice{{Value: "keep", Label: "the record keeps what it has", Chosen: true}, {Value: "clear", Label: "the field is emptied"}},
		UTC: true,
	}
}
