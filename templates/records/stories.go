package records

import (
	"slices"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	return slices.Concat(gridStories(), recordStories(), attentionStories())
}

func gridStories() []story.Story {
	none := gridStory()
	none.Columns, none.Rows, none.Next, none.Counted, none.Narrowed = nil, nil, "", "", false
	none.First, none.Chips = "", nil
	none.Views = ViewMenu{Path: none.Path, Current: "All records", All: "/all", AllCurrent: true}
	none.ColumnMenu.Open, none.Compact = true, true
	search := none
	search.Narrowed = true
	attention, trash, end := none, none, none
	attention.State, trash.State, end.First = "attention", "trash", "/first"
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
