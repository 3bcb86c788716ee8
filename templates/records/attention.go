package records

import "github.com/fieldstack/fieldstack/templates"

// AttentionPage is what somebody should look at: records that break a rule of their
// type, values among which nobody has picked, and changes that were refused.
type AttentionPage struct {
	templates.Frame
	User    string
	At      string          // the page's address: what is shown may have come of a form
	Types   []templates.Tab // all, and each that has something
	Records []ToMend
	More    []templates.Link // to the rest of a type's
	Refused []Refused
	Older   string // link to older refused changes, "" when there are none
}

// ToMend is a record that needs attention.
type ToMend struct {
	Name, Href string
	Type       string // what people call its type
	TypeName   string
	ID         string
	Updated    Signed
	Problems   []Problem
	Conflicts  []Conflict
	Edits      bool
}

// Problem is one thing that is wrong with a record.
type Problem struct{ Field, Message string }

// Refused is a change that a device sent and that did not come in.
type Refused struct {
	ID      string
	Said    string // what was tried, as a sentence
	Type    string
	Name    string // of the record
	Href    string // of the record, "" where it is not there
	At      templates.Moment
	Done    templates.Moment
	Device  string
	Reason  string
	Fields  []RefusedField
	Stuck   string // why it cannot be applied
	Apply   string // where applying goes, "" where it cannot be
	Dismiss string
	Wrong   string // why applying it failed just now
	Mend    *Mend  // how it is mended here; nil where it cannot be
}

// Mend is what the form begins with in which a refused change is put right.
type Mend struct {
	Type  string // its name
	ID    string // of the record that is changed, "" where one is made
	Make  string // the id that the record gets that is made
	Begin string // JSON: the values
}

// RefusedField is one field of it.
type RefusedField struct {
	Label      string
	Now, Tried templates.Value
	Wrote      []templates.Value // where it cannot be applied
}
