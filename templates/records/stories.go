package records

import (
	"slices"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	return slices.Concat(gridStories(), bulkStories(), recordStories(), attentionStories(), trashStories())
}

func gridStories() []story.Story {
	none := gridStory()
	none.Slow = nil
	none.Columns, none.Rows, none.Next, none.Counted, none.Narrowed = nil, nil, "", "", false
	none.First, none.Chips = "", nil
	none.Views = ViewMenu{Path: none.Path, Current: "All records", All: "/all", AllCurrent: true}
	none.Wrong, none.FilterMenu.On = "", 0
	none.ColumnMenu.Open, none.Compact = true, true
	search := none
	search.Narrowed = true
	attention, trash, end := none, none, none
	attention.State, trash.State, end.First = "attention", "trash", "/first"
	search.Slow = &Slow{Said: "Sorting by Hours reads every record."}
	attention.Settle = "/admin/attention?type=work-order"
	return []story.Story{
		story.Tell("grid", Grid, gridStory()), story.Tell("grid-none", Grid, none), story.Tell("grid-nothing-found", Grid, search),
		story.Tell("grid-no-attention", Grid, attention), story.Tell("grid-no-trash", Grid, trash), story.Tell("grid-end", Grid, end),
	}
}

func gridStory() GridPage {
	line := func(text string) templates.Value { return templates.Value{Kind: templates.ValueLine, Text: text} }
	return GridPage{
		Frame: story.Frame("Work order"), Head: story.WorkOrders(templates.TabRecords), Path: "/admin/types/work-order/records",
		Search: "pump", Keep: []templates.Hidden{{Name: "sort", Value: "-due"}}, Narrowed: true, Clear: "/clear",
		New:    "/admin/types/work-order/records/_new",
		Import: "/admin/types/work-order/records/import", Export: "/admin/types/work-order/records/export?search=pump",
		Tabs: []templates.Tab{{Text: "In use", Href: "/a", Current: true}, {Text: "Trash", Href: "/b"}},
		Columns: []Head{
			{Key: "title", Label: "Title", Kind: CellPlain, Sort: "/sort", Order: Ascending, Frozen: true, Edits: true, Width: 240},
			{Key: "hours", Label: "Hours", Kind: CellNumber, Sort: "/sort", Order: Descending, Edits: true, Width: 120},
			{Key: "urgent", Label: "Urgent", Kind: CellYesNo, Sort: "/sort", Order: Unsorted, Edits: true, Width: 120},
			{Key: "tags", Label: "Tags", Kind: CellPlain, Order: Unsorted, Width: 160},
			{Key: "parts", Label: "Parts", Kind: CellLarge, Order: Unsorted, Width: 160},
			{Key: "_updated", Label: "Changed", Kind: CellOwn, Sort: "/sort", Order: Unsorted, Width: 160},
		},
		Rows: []Row{
			{ID: "1", Href: "/admin/types/work-order/records/1", Name: "Pump", Problem: "Title is too short.", Cells: []Cell{
				{Value: line("Pump"), Raw: `"Pump"`}, {Value: line("1.5"), Raw: "1.5"}, {Value: templates.Value{Kind: templates.ValueYes, Text: "Yes"}, Raw: "true"},
				{Value: templates.Value{Kind: templates.ValueTags, Tags: []string{"leak", "pump"}}, Raw: `["leak","pump"]`},
				{Value: templates.Value{Kind: templates.ValueRows, Text: "2 rows"}},
				{Value: templates.Value{Kind: templates.ValueTime, Text: "3 min ago", At: story.Noon()}},
			}},
			{ID: "2", Href: "/admin/types/work-order/records/2", Name: "Record 2", Fixed: true, Cells: emptyCells(6)},
		},
		Chips: []Chip{{Text: "Status is \"open\"", Without: "/without"}},
		Views: ViewMenu{
			Path: "/admin/types/work-order/records", From: "sort=-due", Current: "Open", ID: "v1", IsView: true, IsShared: true, Changed: true, Changes: true,
			Partly: true, MayShare: true, All: "/all", Own: []ViewItem{{Name: "Mine", Href: "/mine", Begins: true}},
			Shared: []ViewItem{{Name: "Open", Href: "/open", By: "olga", Current: true}}, Wrong: "Give it a name.",
		},
		ColumnMenu: ColumnMenu{Path: "/admin/types/work-order/records", From: "sort=-due", Columns: []ColumnChoice{
			{Key: "title", Label: "Title", Shown: true, Frozen: true, Down: true}, {Key: "hours", Label: "Hours", Shown: true, Up: true}, {Key: "notes", Label: "Notes"},
		}},
		FilterMenu: FilterMenu{Path: "/admin/types/work-order/records/filter", From: "sort=-due", On: 2, Editor: condition.Model{Name: "filter", Label: "Filter", Root: condition.Part{Group: true, Joins: story.Choices()}}},
		Query:      "sort=-due", Type: "work-order", Lang: "en", Cursor: "c", Edits: true, Deletes: true, Wrong: "Select records first.",
		Slow:  &Slow{Said: "Sorting by Hours reads every record.", Action: "/admin/types/work-order/form", Path: "hours"},
		First: "/first", Next: "/next", Count: "/count", Counted: "1,204 records",
	}
}

func emptyCells(n int) []Cell {
	cells := make([]Cell, n)
	for i := range cells {
		cells[i].Value.Kind = templates.ValueEmpty
	}
	return cells
}

func bulkStories() []story.Story {
	path := "/admin/types/work-order/records/bulk"
	keep := []templates.Hidden{{Name: "from", Value: "sort=-due"}, {Name: "ids", Value: "1,2"}}
	ask := BulkPage{
		Frame: story.Frame("Edit many records"), Path: path, Back: "/back", Count: "2 records", Keep: keep, Wrong: "Give a value.",
		Fields: story.Choices(), Deeds: story.Choices(), Value: ValueInput{Kind: InputChoice, Choices: story.Choices()},
	}
	date, number, text, none := ask, ask, ask, ask
	date.Value, number.Value, text.Value, none.Value = ValueInput{Kind: InputDate, Value: "2026-12-01"}, ValueInput{Kind: InputNumber, Value: "2"}, ValueInput{Kind: InputText, Value: "pump"}, ValueInput{}
	line := templates.Value{Kind: templates.ValueLine, Text: "open"}
	refused := []Refusal{{Name: "Pump", Href: "/admin/types/work-order/records/1", Why: "You may not edit this record."}}
	preview := BulkPreview{
		Frame: ask.Frame, Heading: "Set Status to done", Path: path, Back: "/back", Keep: keep, Count: "2 records", Changes: "1 record would change", Any: true,
		Same: "1 record is so already", Refuses: "1 record would be refused", Looked: "This is what the first 1,000 records say.",
		Examples: []Example{{Name: "Pump", Href: "/admin/types/work-order/records/1", Field: "Status", Before: line, After: templates.Value{Kind: templates.ValueLine, Text: "done"}}},
		Refused:  refused,
	}
	remove := preview
	remove.Delete = true
	return []story.Story{
		story.Tell("bulk-choice", Bulk, ask), story.Tell("bulk-date", Bulk, date), story.Tell("bulk-number", Bulk, number), story.Tell("bulk-text", Bulk, text), story.Tell("bulk-clear", Bulk, none),
		story.Tell("bulk-preview", BulkPreviewed, preview), story.Tell("bulk-preview-delete", BulkPreviewed, remove),
	}
}
