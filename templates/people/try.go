package people

import "github.com/fieldstack/fieldstack/templates"

// TryPage says what somebody may do with a type's records, and why.
type TryPage struct {
	templates.Frame
	Head   templates.TypeHead
	Action string // where the form goes
	As     templates.Input
	Who    []templates.Choice // whom it can be tried as
	Name   *templates.Input   // who "me" is, where a role is tried; nil: it is known
	Search templates.Input
	Wrong  string

	Person   string // whom it is about, in words
	Verdicts []Verdict
	Fields   []FieldState
	Unknown  bool // the type is not there for them

	Record *TriedRecord // one record, nil: the list
	Count  string       // "They see 12 of the first 50 records."
	More   bool         // there are more than were looked at
	Rows   []TriedRow
}

// Verdict is the answer about one thing to do.
type Verdict struct {
	Title  string // "See"
	Answer string // yes, no, depends
	Said   string // "Yes"
	Why    string
	Told   *Told // how the rule answered, nil where none was asked
}

// Told is one part of a rule and its answer.
type Told struct {
	Holds bool
	Said  string // "holds", "does not hold"
	Text  string
	Field bool // it looked at a field
	Met   templates.Value
	Parts []*Told
}

// FieldState is whether a field is open to somebody.
type FieldState struct {
	Label string
	State string // open, locked, hidden
	Said  string
	Value *templates.Value // of the record, nil: none is looked at
}

// TriedRow is a record of the list.
type TriedRow struct {
	Name, Href string
	Sees       bool
	Said       string
	Why        string
}

// TriedRecord is the one record that is looked at.
type TriedRecord struct {
	Name, Href string
	Back       string
	Deleted    bool
}
