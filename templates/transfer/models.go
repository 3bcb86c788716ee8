// Package transfer is the pages on which records leave as a file and come in from one,
// and on which a file becomes a type.
package transfer

import (
	"context"

	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// TooLarge says what to do with a file of more bytes than are taken.
func TooLarge(ctx context.Context, most int64) string {
	return words.Say(ctx, "This file is larger than %d MiB. Split it, or save it as .xlsx, which is smaller; the command “fieldstack import” takes files of any size.", most>>20)
}

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
	Jobs         string // to the imports that were begun before
	File         templates.Input
	Most         int64     // bytes of it
	Files        []FileRow // that are there already
}

// FileRow is a file that was sent before.
type FileRow struct {
	Href, Name, Rows, Stage string
	At                      templates.Moment
}

// FilePage is one file: one of its last three members says where it is on its way.
type FilePage struct {
	Frame      templates.Frame
	File, Rows string
	Action     string // where its forms go, and its own address
	Wrong, Why string // what kept the last step from being taken; what ended the check early
	Mapping    *Mapping
	Progress   *templates.Progress
	Checked    *Checked
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

// Checked is what an import would do.
type Checked struct {
	Counts   []templates.Tally
	Short    string           // about lines with too few cells
	Faults   []templates.Left // rows that do not fit
	More     string           // about those that are not listed
	Download string           // where all of them are to be had
	Do       string           // the button; "" where there is nothing to do
	Halted   bool             // the check did not come to its end
}

// NewTypePage asks for a file to make a type of.
type NewTypePage struct {
	Frame        templates.Frame
	Action, Back string
	File, Title  templates.Input
	Most         int64 // bytes of the file
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
