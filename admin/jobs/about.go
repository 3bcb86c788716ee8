package jobs

// Kind is what sort of work a job does.
type Kind string

// The kinds of jobs.
const (
	Edit   Kind = "edit"   // of many records
	Delete Kind = "delete" // of many records
	Import Kind = "import"
	Undo   Kind = "undo"  // of one of those above
	Check  Kind = "check" // of a file against the records; writes nothing
	Look   Kind = "look"  // through the records; writes nothing
)

// writes reports whether jobs of the kind write to records: those are kept in the store.
func (k Kind) writes() bool { return k == Edit || k == Delete || k == Import || k == Undo }

// About says what a job is for.
type About struct {
	Kind  Kind   `json:"kind"`
	Type  string `json:"type"`           // whose records it is about
	Title string `json:"title"`          // for people: "Set Status to done", the name of a file
	From  string `json:"from,omitempty"` // query of the list that it was begun from
	Page  string `json:"page,omitempty"` // where more about it is to be had for a while, "" for nowhere
	Back  Way    `json:"back"`           // how what it writes is undone
}

// Way says how what was written to a field is undone. The zero value puts back what the
// field held, if it still holds what was written. The others hold whatever others did
// meanwhile: they take the amount off again, or the one value out of a set, or into it.
type Way struct {
	Deed  Deed `json:"deed,omitempty"`
	Value any  `json:"value,omitempty"` // the amount or the one value
}

// Deed is what was done to a field, where that is less than setting it.
type Deed string

// The deeds.
const (
	AddedAmount Deed = "amount" // to a counter
	AddedOne    Deed = "add"    // to a set
	TookOne     Deed = "take"   // out of a set
)
