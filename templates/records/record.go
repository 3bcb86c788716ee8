package records

import (
	"context"
	"encoding/json"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// RecordPage is one record, with its timeline.
type RecordPage struct {
	templates.Frame
	Island
	Heading  string
	Trash    bool
	Created  Signed
	Updated  Signed
	Problems []string // of the record as a whole
	Fields   []Field
	Timeline Timeline
	Edits    bool   // there may be an Edit button
	EditPart string // where editing one field without script begins
	Delete   string // where deleting is asked, "" when it may not be
	Restore  string // where taking it out of the trash goes, "" when it may not be
	Raw      string
	Print    string
}

// Island is what the script needs to put the form of a record on a page.
type Island struct {
	Type string
	ID   string // "" for one that is to be made
	User string // sign-in name of who is at the page
}

// Field is a field of a record, and what there is to say about it.
type Field struct {
	Key      string
	Label    string
	Value    templates.Value
	Problems []string
	Conflict *Conflict
	History  string // link to the changes of this field alone
}

// Conflict is a field of which people wrote different values without knowing of each
// other, and nobody has picked yet.
type Conflict struct {
	Action     string // where picking goes, "" when it may not be
	Field      string // what it is called, where it is deeper than its top-level field
	Path       string // JSON
	Back       string // the page that picking leads back to, "" for the record's
	Seen       []string
	Candidates []Candidate
}

// Candidate is one of the values.
type Candidate struct {
	ID    string
	Value templates.Value
	By    string // "" where history does not tell any more
	At    templates.Moment
	Shown bool // the one that stands for now
}

// Signed is when, and by whom.
type Signed struct {
	At templates.Moment
	By string
}

// NewPage is a record that is to be made.
type NewPage struct {
	templates.Frame
	Island
	Heading string
	Back    templates.Link
}

// RawPage is a record as JSON.
type RawPage struct {
	templates.Frame
	Heading, Text string
	Back          templates.Link
}

// sayings is what the script of the record pages says, in the reader's language.
func sayings(ctx context.Context) string {
	text, err := json.Marshal(map[string]string{
		"here":    words.Say(ctx, "{name} is here"),
		"field":   words.Say(ctx, "{name} is at {field}"),
		"self":    words.Say(ctx, "You have this page open elsewhere"),
		"moved":   words.Say(ctx, "{name} changed this record just now."),
		"gone":    words.Say(ctx, "This record is not here any more: it was deleted, or it is not for you to see now."),
		"saved":   words.Say(ctx, "Saved."),
		"failed":  words.Say(ctx, "The form could not be opened: reload the page and try again."),
		"offline": words.Say(ctx, "The server cannot be reached. What you typed stays in this browser: save again in a moment."),
		"signin":  words.Say(ctx, "You are signed out. Sign in again in another tab, and save here: what you typed is kept."),
	})
	if err != nil {
		return "{}" // a map of texts is always JSON
	}
	return string(text)
}
