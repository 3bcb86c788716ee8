package records

import (
	"strconv"

	"github.com/fieldstack/fieldstack/templates/condition"
)

// Chip is one part of a filter.
type Chip struct {
	Text    string
	Without string // link to the list without it
}

// ViewMenu is the menu of saved views.
type ViewMenu struct {
	Path       string // of the list
	From       string // the list's query: what is saved
	Current    string // name of the view, or of the list itself
	ID         string // of the view; "" for the list itself
	IsView     bool
	IsShared   bool
	Changed    bool // the list shows something else than the view
	Changes    bool // may be changed by who reads
	Partly     bool // parts of the view are left out for who reads
	MayShare   bool
	Begins     bool // this is what who reads begins with
	All        string
	AllCurrent bool
	Own        []ViewItem
	Shared     []ViewItem
	Wrong      string // what was wrong with what was sent
}

// ViewItem is one view in the menu.
type ViewItem struct {
	Name, Href string
	By         string // who made it, of a shared one
	Current    bool
	Begins     bool
}

// FilterMenu is the panel in which the filter is made.
type FilterMenu struct {
	Path   string
	From   string
	Open   bool
	On     int // parts of the filter that there is
	Editor condition.Model
}

// ColumnMenu is the panel in which columns are chosen.
type ColumnMenu struct {
	Path    string
	From    string
	Compact bool
	Open    bool
	Columns []ColumnChoice // those that are shown first, in their order
}

// ColumnChoice is one column that there can be.
type ColumnChoice struct {
	Key, Label string
	Shown      bool
	Frozen     bool
	Up, Down   bool // can go there
}

// nth is the id of one of several elements.
func nth(name string, i int) string { return name + "-" + strconv.Itoa(i) }
