package templates

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
