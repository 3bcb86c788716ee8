package templates

import "github.com/a-h/templ"

// Progress is how far something is that takes longer than a request.
type Progress struct {
	Heading string
	Text    string // "120 of 400"
	Percent string // "30"; "" while nobody knows
	Path    string // of the page that it is on
	Stop    string // where to ask for its end, "" where nobody may
	Do      string // what the form for that says in the field "do", "" for nothing
}

// Polls makes the part of a page with that id fetch itself anew while something is under
// way; path is the page's own.
func Polls(id, path string, running bool) templ.Attributes {
	if !running {
		return templ.Attributes{"id": id}
	}
	return templ.Attributes{"id": id, "hx-get": path, "hx-trigger": "every 1s", "hx-select": "#" + id, "hx-target": "#" + id, "hx-swap": "morph:outerHTML"}
}

// Tally is how many records something became of.
type Tally struct {
	N    int
	Text string
	Tone TallyTone
}

// TallyTone is how a count looks.
type TallyTone string

// The tones of counts.
const (
	TallyPlain TallyTone = "plain"
	TallyGood  TallyTone = "good"
	TallyBad   TallyTone = "bad"
)

// Left is a record, or a row of a file, that was left as it is, and why.
type Left struct{ Name, Href, Line, Column, Why string }

// inFile reports whether a list is about rows of a file.
func inFile(list []Left) bool { return len(list) > 0 && list[0].Line != "" }
