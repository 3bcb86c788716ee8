package records

import "github.com/fieldstack/fieldstack/templates"

// Timeline is one page of a record's history, newest first.
type Timeline struct {
	Action string // of the filter form
	Fields []templates.Choice
	Field  string // what is told alone, by its label; "" for all
	All    string // link to all
	Events []Event
	Older  string           // link to older changes, "" when these are the oldest
	Newest string           // link to the newest changes, "" when these are they
	Begins templates.Moment // what was before was folded away; zero: nothing was
}

// Event is one change in the history.
type Event struct {
	By      string
	At      templates.Moment // when the server accepted it
	Done    templates.Moment // when it was done, by the device's clock
	Away    string           // how long it was under way, "" when it came at once
	Device  string
	Version string
	Parts   []Part
	Return  string // link to a look at the record as it was then, "" where there is nothing to return to
}

// Part is what a change did to one field.
type Part struct {
	Text   string
	Lost   bool // what it wrote met a newer value
	Losses []Loss
	Icon   EventIcon
}

// Loss is a value that was written and does not show.
type Loss struct {
	Label  string
	Value  templates.Value
	Action string // where taking it back goes, "" where it cannot be, or was
	Place  string
	Field  string
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

// ReturnPage is a look at what a return to an earlier moment comes to.
type ReturnPage struct {
	templates.Frame
	Heading string
	Then    Signed
	Wakes   bool
	Changes []Difference
	Stays   []Difference
	Action  string // "" when nothing would change, or it may not be
	Back    templates.Link
}

// Difference is a field that differs between then and now.
type Difference struct {
	Label     string
	Now, Then templates.Value
	Why       string // why it stays as it is
}
