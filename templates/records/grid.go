package records

import (
	"strconv"

	"github.com/fieldstack/fieldstack/templates"
)

// GridPage is the records of a type as a grid.
type GridPage struct {
	templates.Frame
	Head     templates.TypeHead
	Path     string // of the grid, without what is asked
	State    string // which records: "" those in use
	Search   string
	Keep     []templates.Hidden // what else the search form gives back
	Tabs     []templates.Tab
	Views    ViewMenu
	Chips    []Chip // the filter and the search, part by part
	Columns  []Head
	Rows     []Row
	First    string // link to the first page, "" when this is it
	Next     string // link to the next page, "" when this is the last
	Count    string // link that counts
	Counted  string // "1,204 records"; "" when nobody asked
	Settle   string // where records that need attention are settled one by one; "" where the list is another
	Slow     *Slow  // why the list took long, nil where it did not
	Narrowed bool   // a search or a filter leaves records out
	Clear    string // link to all records
	Compact  bool   // rows are low

	ColumnMenu ColumnMenu
	FilterMenu FilterMenu

	Query   string // of the list, for its script
	Type    string // its name
	Lang    string
	Cursor  string // where in the log the list was read
	Wrong   string // what was wrong with what was sent, "" for nothing
	Edits   bool   // some records may be edited
	Deletes bool   // … or deleted
	New     string // link to making a record, "" for who may not
	Import  string // link to the import of a file, "" for who may not
	Export  string // link to the export of this list
}

// Head is the head of a column. Sort is a link that sorts by it, "" where it cannot.
type Head struct {
	Key, Label string
	Kind       CellKind
	Sort       string
	Order      Order
	Frozen     bool
	Edits      bool // its cells may be written
	Width      int  // CSS pixels
}

func (h Head) width() string { return strconv.Itoa(h.Width) }

// Order is how a column is sorted, in the words of aria-sort.
type Order string

// The orders.
const (
	Unsorted   Order = "none"
	Ascending  Order = "ascending"
	Descending Order = "descending"
)

// Slow says why a list took long. Action is where the field gets an index, in the draft of
// its type, and Path names it there; "" for who may not edit the type.
type Slow struct{ Said, Action, Path string }

// CellKind is what a cell holds.
type CellKind string

// The kinds of cells.
const (
	CellPlain  CellKind = "plain"
	CellNumber CellKind = "number"
	CellYesNo  CellKind = "yes-no"
	CellLarge  CellKind = "large" // shown in short
	CellOwn    CellKind = "own"   // about the record itself
)

// Row is one record.
type Row struct {
	ID, Href string
	Name     string // says which record it is
	Problem  string // the first of its problems, "" for none
	Fixed    bool   // may not be edited
	Cells    []Cell
}

// Cell is what a record has in a column.
type Cell struct {
	Value templates.Value
	Raw   string // the value as JSON; "" where it is too large, or not to be edited
}

func (c Cell) blank() bool { return c.Value.Kind == templates.ValueEmpty }

func flag(is bool) string {
	if is {
		return "true"
	}
	return "false"
}
