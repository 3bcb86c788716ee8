package transfer

import (
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/story"
)

// Stories shows each page, filled as far as it can be, and once more where it looks
// otherwise.
func Stories() []story.Story {
	export := ExportPage{
		Frame: story.Frame("Export"), Title: "Work order", Action: "/admin/types/work-order/records/export/file", Back: "/admin/types/work-order/records?search=pump",
		Keep:    []templates.Hidden{{Name: "search", Value: "pump"}},
		Which:   templates.Input{Name: "which", Label: "Which records"},
		Whiches: []templates.Choice{{Value: "listed", Label: "Those of the list", Hint: "In its order.", Chosen: true}, {Value: "all", Label: "All"}},
		Format:  templates.Input{Name: "format", Label: "As"}, With: templates.Input{Name: "with", Label: "And"},
		Formats: []templates.Choice{{Value: "xlsx", Label: "Excel (XLSX)", Hint: "Numbers and dates are what they are.", Chosen: true}, {Value: "csv", Label: "CSV"}},
		Withs:   []templates.Choice{{Value: "id", Label: "Ids", Hint: "To find them again.", Chosen: true}},
	}
	return []story.Story{story.Tell("export", Export, export)}
}
