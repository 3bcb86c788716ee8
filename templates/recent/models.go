// Package recent is the pages on which imports and edits of many records are found again:
// how far they are, what came of them, and undoing them.
package recent

import "github.com/fieldstack/fieldstack/templates"

// JobPage is one job.
type JobPage struct {
	templates.Frame
	Heading  string
	Sub      string // what it is, and of what
	Began    templates.Moment
	Path     string
	Back     string              // to the records
	All      string              // to the other jobs
	Progress *templates.Progress // nil when it has ended
	Wrong    string              // why it did not come to its end
	Counts   []templates.Tally
	Left     []templates.Left
	LeftMore string
	File     string // where all rows that were left are to be had, "" for nowhere
	Undo     bool   // it can be undone
	UndoHint string
	Undone   *templates.Link // the job that undid it, or is about to; nil where there is none
}

// ListPage is somebody's jobs of a type.
type ListPage struct {
	templates.Frame
	Back string // to the records
	Jobs []JobLine
	Hint string // how long they are kept
}

// JobLine is one of them.
type JobLine struct {
	Name, Href string
	Sub        string // what it is, and how it stands
	At         templates.Moment
	Undo       string // where to ask for its undoing, "" where it cannot be undone
}
