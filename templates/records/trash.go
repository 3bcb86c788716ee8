package records

import "github.com/fieldstack/fieldstack/templates"

// TrashPage is a page of the records of a type that were deleted, the last ones first.
type TrashPage struct {
	templates.Frame
	Head    templates.TypeHead
	Kept    string // for how long deleted records can be restored, as a sentence
	Action  string // of restoring those that are ticked
	Records []Deleted
	Failed  []string // why some could not be restored
	Older   string   // link to those deleted before, "" when there are none
	Newest  string   // link to the newest, "" when these are they
	Back    templates.Link
}

// Deleted is a record in the trash.
type Deleted struct {
	ID, Name, Href string
	At             Signed // when, and by whom
}
