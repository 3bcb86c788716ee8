package versions

import "github.com/fieldstack/fieldstack/templates"

// ChangeRow is one thing that differs, in words.
type ChangeRow struct {
	Tone    Tone
	Label   string // what sort of change it is, in a word
	Says    string
	Devices string // what a device on the old version feels, "" for nothing
	Records string // how many would break it: "12 records"; "" for none
	Key     string // of the field, "" for the type
}

// Tone is how much a change asks of people.
type Tone string

// The tones.
const (
	Plain Tone = "plain"
	Good  Tone = "good"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
)

// PublishPage says what publishing a draft does, and does it.
type PublishPage struct {
	templates.Frame
	Head    *templates.TypeHead // nil for a type without a version
	Heading string              // where there is no Head
	Edit    string              // where the draft is edited
	Text    string              // where its JSON is
	By      string              // who saved it last, "" where there is no draft
	Saved   templates.Moment

	Wrong   string
	Faults  []Fault             // why it is no type
	First   bool                // there is no version to compare with
	Changes []ChangeRow         // to the version in use
	Check   *Check              // what became of the records, nil where there was nothing to look at
	Looking *templates.Progress // how far the look through the records is, nil when it has ended
	Fleet   *Fleet              // nil where no device has the type
	Fields  []FieldRow          // of the first version

	Action string // where publishing goes, "" where it cannot be
	Rev    string
	Next   string // the number that the version will have
}

// Fault is why a draft is no type, with where it is mended.
type Fault struct {
	Field   string // the label of the field, "" for the type
	Message string
	Href    string
}

// Check is what the records look like under the draft's rules.
type Check struct {
	Summary  string // one sentence
	Calm     bool   // none would newly need attention
	Mended   string // a sentence, "" for none
	Already  string // a sentence about those that are broken today, "" for none
	Examples []Example
	More     string // "and 12 more", "" for none
	Partial  string // a sentence where not all were looked at, "" where all were
}

// Example is one record that would need attention.
type Example struct {
	Name, Href string
	Problems   []string
}

// Fleet is where the devices stand.
type Fleet struct {
	Summary string
	Unsent  []Device // that hold work made under an older version
	Away    []Device // that may hold such
}

// Device is one copy of somebody.
type Device struct {
	Name   string // what its person calls it, or what it is
	Person string
	Waits  string // "4 changes"; "" where it is not known
	Seen   templates.Moment
}

// FieldRow explains one field, or is a heading above fields where Kind is "".
type FieldRow struct {
	Label, Key, Help string
	Depth            int
	Icon, Kind       string
	Rules            []string
	Why              string
}

func (f FieldRow) indent() string {
	switch {
	case f.Depth <= 0:
		return "depth-0"
	case f.Depth == 1:
		return "depth-1"
	}
	return "depth-2"
}

// VersionsPage lists the versions of a type and what the one in use holds.
type VersionsPage struct {
	templates.Frame
	Head     templates.TypeHead
	Versions []VersionRow // newest first
	Compare  string       // where two are compared, "" where there is but one
	From, To []templates.Choice
	Fields   []FieldRow
	Draft    *DraftRow        // nil where there is none, or it is not the reader's to see
	Steps    []templates.Link // what comes next, for a type that was just made
}

// DraftRow is the draft above the versions.
type DraftRow struct {
	By            string
	Saved         templates.Moment
	Edit, Publish string
}

// VersionRow is one published version.
type VersionRow struct {
	Number, By              string
	Published               templates.Moment
	Href, Download, Restore string // Restore "" where the reader may not
	Latest                  bool
}

// VersionPage shows what one version changed, and what it holds.
type VersionPage struct {
	templates.Frame
	Head              templates.TypeHead
	Number, By        string
	Published         templates.Moment
	Before            string // the number of the version before, "" for the first
	Changes           []ChangeRow
	Fields            []FieldRow
	Download, Restore string
	Schema            string
}

// ComparePage shows what differs between two versions.
type ComparePage struct {
	templates.Frame
	Head             templates.TypeHead
	A, B             string
	From, To         []templates.Choice
	Compare          string
	Changes          []ChangeRow
	SchemaA, SchemaB string
}

// RestorePage asks before a version becomes the draft.
type RestorePage struct {
	templates.Frame
	Head     templates.TypeHead
	Number   string
	Wrong    string
	By       string // whose draft is replaced, "" where there is none
	Saved    templates.Moment
	Download string // the draft that is replaced, as a file
	Changes  []ChangeRow
	Action   string
	Rev      string
	Back     string
}

// looks is where the page fetches itself anew while the records are looked through.
func (p PublishPage) looks() string {
	if p.Looking == nil {
		return ""
	}
	return p.Looking.Path
}
