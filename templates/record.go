package templates

// RecordsPage is one page of a type's records.
type RecordsPage struct {
	Frame
	Head    TypeHead
	Search  string
	Keep    []Hidden // what else the search form gives back: the tab, the order
	Tabs    []Tab
	Columns []Column
	Rows    []RecordRow
	First   string // link to the first page, "" when this is it
	Next    string // link to the next page, "" when this is the last
	Clear   string // link to the same without the search
	None    string // what to say when there are no rows
}

// Hidden is a hidden field of a form.
type Hidden struct{ Name, Value string }

// Column is one column of the table; Href sorts by it, "" where it cannot.
type Column struct {
	Label, Href string
	Order       Order
}

// Order is how a column is sorted, in the words of aria-sort.
type Order string

// The orders.
const (
	Unsorted   Order = "none"
	Ascending  Order = "ascending"
	Descending Order = "descending"
)

// RecordRow is one record in the table: a value for each column.
type RecordRow struct {
	Href    string
	Name    string // says which record it is
	Cells   []Value
	Problem string // the first of its problems, "" for none
}

// RecordPage is one record, with its history.
type RecordPage struct {
	Frame
	Heading  string
	ID       string
	Trash    bool
	Created  Signed
	Updated  Signed
	Problems []string // of the record as a whole
	Fields   []FieldValue
	History  HistoryPart
	Delete   string // where deleting is asked, "" when it may not be
	Restore  string // where restoring goes, "" when it may not be
	Raw      string
}

// Signed is when, and by whom.
type Signed struct {
	At Moment
	By string
}

// HistoryPart is one page of a record's history, newest first.
type HistoryPart struct {
	Action string // of the filter form
	Fields []Choice
	Events []Event
	Later  string // link to later changes, "" when these are the last
	Start  string // link to the first changes, "" when these are they
	Begins Moment // what was before was folded away; zero: nothing was
}

// Event is one change in the history.
type Event struct {
	By      string
	At      Moment // when the server accepted it
	Done    Moment // when it was done, by the device's clock
	Away    string // how long it was under way, "" when it came at once
	Device  string
	Version string
	Parts   []EventPart
}

// EventPart is what a change did to one field.
type EventPart struct {
	Text   string
	Lost   bool    // what it wrote met a newer value
	Losses []Value // what was written and does not show
	Icon   EventIcon
}

// EventIcon pictures what a change did.
type EventIcon string

// The icons of events.
const (
	IconMade    EventIcon = "plus"
	IconEdit    EventIcon = "edit"
	IconTrash   EventIcon = "trash"
	IconRestore EventIcon = "restore"
)

// RawPage is a record as JSON.
type RawPage struct {
	Frame
	Heading, Text string
	Back          Link
}
