package templates

// TypesPage lists the types, or says how to begin when there are none.
type TypesPage struct {
	Frame
	Types  []TypeCard
	Drafts []DraftCard // of types that have no version yet
}

// TypeCard is one type in the list.
type TypeCard struct {
	Title, Description string
	Version            string
	Fields             string // "12 fields"
	Published          Moment
	Attention          string // how many records need attention: "3", "20+"; "" for none
	Draft              bool   // has unpublished edits
	Records, Shape     string // where these are
}

// DraftCard is a type that was begun and never published.
type DraftCard struct {
	Name, Href, By string
	Saved          Moment
}

// FieldRow explains one field.
type FieldRow struct {
	Label, Key, Description string
	Depth                   int // 0 for a field of the record itself
	Kind                    string
	Rules                   []string
	Strategy, Why           string
	Deprecated              bool
}

func (f FieldRow) indent() string {
	switch {
	case f.Depth <= 0:
		return "depth-0"
	case f.Depth == 1:
		return "depth-1"
	case f.Depth == 2:
		return "depth-2"
	}
	return "depth-3"
}

// Difference is one change from a version to the next.
type Difference struct {
	Where, Kind, Message string
	Devices              string // what a device on the old version feels, "" for nothing
	Refused              bool
}

// DraftPage edits the next version of a type, or a new type.
type DraftPage struct {
	Frame
	Head       *TypeHead // nil for a type without a version
	Heading    string    // where there is no Head
	Action     string    // where the form goes
	New        bool      // Name is asked for
	Name       Input
	Schema     Input
	Rev        string
	By         string // who saved the draft last, "" when there is none
	Saved      Moment
	Wrong      string
	Faults     []Fault
	Notes      []Fault // what reading it changed or took for granted
	Preview    *Preview
	PublishTo  string // where publishing goes; "" when it cannot be
	DiscardAt  string // where discarding is asked; "" when there is no draft
	ExampleURL string // where the form is filled with an example, "" for nowhere
}

// Fault is something about a schema, where it is, and the way out.
type Fault struct{ Place, Message, Fix string }

// Preview is what publishing would do.
type Preview struct {
	First       bool // there is no version to compare with
	Differences []Difference
	Refused     bool // some of them forbid publishing
	Fields      []FieldRow
}
