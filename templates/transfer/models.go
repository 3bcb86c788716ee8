// Package transfer is the pages on which records leave as a file and come in from one,
// and on which a file becomes a type.
package transfer

import "github.com/fieldstack/fieldstack/templates"

// MaxFile is how large a file may be, in bytes: what a request takes, less what the form
// around the file needs.
const MaxFile = 8<<20 - 8<<10

// ExportPage asks what to export, and as what.
type ExportPage struct {
	Frame          templates.Frame
	Title          string // of the type
	Action, Back   string
	Form           string             // where the type is to be had as a form
	Keep           []templates.Hidden // which records the list showed
	Which          templates.Input
	Whiches        []templates.Choice // none where the list left nothing out
	Format, With   templates.Input
	Formats, Withs []templates.Choice
}

// ImportPage asks for a file.
type ImportPage struct {
	Frame        templates.Frame
	Title        string // of the type
	Action, Back string
	File         templates.Input
	Files        []FileRow // that are there already
}

// FileRow is a file that was sent before.
type FileRow struct {
	Href, Name, Rows, Stage string
	At                      templates.Moment
}

// JobPage is one import: one of its last five members says where it is.
type JobPage struct {
	Frame      templates.Frame
	File, Rows string
	Action     string // where its forms go, and its own address
	Records    string // the way to the records
	Wrong, Why string // what kept the last step from being taken; what ended the last stage early
	Mapping    *Mapping
	Progress   *Progress
	Checked    *Checked
	Done       *Done
	Undone     *Undone
}

// Mapping says which column is for which field.
type Mapping struct {
	Sheet   templates.Input
	Sheets  []templates.Choice // where there are several
	Columns []MappedColumn
	Match   templates.Input
	Matches []templates.Choice
	Empty   templates.Input
	Empties []templates.Choice
	UTC     bool // there are times without a zone
}

// MappedColumn is a column of the file.
type MappedColumn struct {
	Name    string
	Samples []string
	Input   templates.Input
	Choices []templates.Choice
}

// Progress is how far a stage is.
type Progress struct {
	Heading, Text string
	Done, Of      int
	Stoppable     bool
}

// Checked is what an import would do.
type Checked struct {
	Counts []Count
	Short  string // about lines with too few cells
	Faults *Faults
	Do     string // the button; "" where there is nothing to do
	Halted bool   // the check did not come to its end
}

// Done is what an import did.
type Done struct {
	Counts   []Count
	Faults   *Faults
	Halted   bool
	Undoable bool
}

// Undone is what taking an import back left as it is.
type Undone struct{ Left []string }

// CountKind is how a count looks.
type CountKind string

// The kinds.
const (
	Plain CountKind = "plain"
	Good  CountKind = "good"
	Bad   CountKind = "bad"
)

// Count is how many rows something became of.
type Count struct {
	N    int
	Text string
	Kind CountKind
}

// Faults are rows that do not fit.
type Faults struct {
	Rows     []FaultRow
	More     string
	Download string
}

// FaultRow is one of them.
type FaultRow struct{ Line, Column, Reason string }

// NewTypePage asks for a file to make a type of.
type NewTypePage struct {
	Frame        templates.Frame
	Action, Back string
	File, Title  templates.Input
}

// DraftedPage says what a file was read as.
type DraftedPage struct {
	Frame     templates.Frame
	File      string
	Name      string // of the type
	Draft     string // the way to its draft
	Notes     []Note
	Rows      string // how many can become records; "" for none
	Import    string // the way there
	Published bool   // the type is published, so that they can
}

// Note is one thing to know about how a file was read.
type Note struct{ About, Text string }
