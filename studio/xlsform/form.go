package xlsform

import (
	"io"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// Form is what an XLSForm was read as.
type Form struct {
	Title  string
	Schema []byte // JSON Schema 2020-12, with its fields in the order of the form
	Notes  []Note
}

// Note is one thing that was not carried over, or not as it stands.
type Note struct {
	Sheet   string          // "survey", "choices", "settings"
	Row     int             // from 1, as the spreadsheet counts; 0: about the whole sheet
	Message schema.Sentence // what, and what to do
}

// String gives the sentence with its place.
func (n Note) String() string { return n.Says().String() }

// Says is the sentence with its place.
func (n Note) Says() schema.Sentence {
	if n.Row == 0 {
		return schema.Says("%s: %s", n.Sheet, n.Message)
	}
	return schema.Says("%s, row %d: %s", n.Sheet, n.Row, n.Message)
}

// maxNotes bounds the notes of one form.
const maxNotes = 500

// Is reports whether a book is an XLSForm: it has a sheet "survey".
func Is(book *sheets.Book) bool {
	return book.Format == sheets.XLSX && slices.ContainsFunc(book.Sheets(), func(name string) bool { return strings.EqualFold(name, "survey") })
}

// Read reads an XLSForm. The error is that of sheets, or a *Note about what makes it no
// form at all.
func Read(book *sheets.Book) (*Form, error) {
	r := &reader{lists: map[string][]choice{}, names: map[string]*question{}, taken: map[string]bool{}, said: map[string]bool{}}
	settings, err := rowsOf(book, "settings")
	if err != nil {
		return nil, err
	}
	r.readSettings(settings)
	choices, err := rowsOf(book, "choices")
	if err != nil {
		return nil, err
	}
	survey, err := rowsOf(book, "survey")
	if err != nil {
		return nil, err
	}
	if survey == nil || len(survey.rows) == 0 {
		return nil, noForm("survey", 0, "There are no questions in this form: the sheet survey has a row for each.")
	}
	r.chooseLanguage(survey)
	r.readChoices(choices)
	if err := r.readSurvey(survey); err != nil {
		return nil, err
	}
	text, err := r.schema()
	if err != nil {
		return nil, err
	}
	if _, err := schema.Parse(text); err != nil {
		return nil, noForm("survey", 0, "The form makes no type: %s", err)
	}
	return &Form{Title: r.title, Schema: text, Notes: r.notes}, nil
}

// Error is why a book is no form.
type Error struct{ Note Note }

func (e *Error) Error() string { return e.Note.String() }

// Says is the sentence with its place.
func (e *Error) Says() schema.Sentence { return e.Note.Says() }

// noForm is what makes a file no form, at a row of a sheet, 0 for the whole.
func noForm(sheet string, row int, text string, args ...any) *Error {
	return &Error{Note{sheet, row, schema.WithErrors(text, args...)}}
}

// reason is why something of a form, or of a type, has no counterpart: a part of a
// sentence.
type reason struct{ says schema.Sentence }

func (r *reason) Error() string { return r.says.String() }

// Says is the reason within another sentence.
func (r *reason) Says() schema.Sentence { return r.says }

// cannot makes a reason.
func cannot(text string, args ...any) error { return &reason{schema.Says(text, args...)} }

// sheet is one sheet of a form, its columns by name.
type sheet struct {
	name    string
	columns []string // in small letters, as they are named
	rows    []row
}

// row is one row of it.
type row struct {
	line  int
	cells map[string]string // by column; those that are filled
}

func (r row) get(names ...string) string {
	for _, name := range names {
		if text := r.cells[name]; text != "" {
			return text
		}
	}
	return ""
}

// maxRows bounds the rows of one sheet: a type has at most 2,000 fields.
const maxRows = 20_000

// rowsOf reads a sheet; nil where there is none.
func rowsOf(book *sheets.Book, name string) (*sheet, error) {
	if !slices.ContainsFunc(book.Sheets(), func(n string) bool { return strings.EqualFold(n, name) }) {
		return nil, nil
	}
	table, err := book.Table(name)
	if empty, ok := err.(*sheets.Error); ok && empty.Line == 0 && strings.HasPrefix(empty.Text, "The table is empty") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer table.Close()
	s := &sheet{name: name}
	for _, c := range table.Columns {
		s.columns = append(s.columns, columnName(c))
	}
	for {
		in, err := table.Next()
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return nil, err
		}
		if len(s.rows) == maxRows {
			return nil, noForm(name, in.Line, "The sheet has more than %d rows; split the form.", maxRows)
		}
		r := row{in.Line, map[string]string{}}
		for i, cell := range in.Cells {
			if text := strings.TrimSpace(cell.Text); text != "" && r.cells[s.columns[i]] == "" {
				r.cells[s.columns[i]] = text
			}
		}
		s.rows = append(s.rows, r)
	}
}

// columnName makes the name of a column plain: "Label::English (en)" is
// "label::english (en)", "list name" is "list_name".
func columnName(name string) string {
	base, language, has := strings.Cut(name, "::")
	base = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(base)), " ", "_")
	switch base {
	case "readonly":
		base = "read_only"
	case "caption":
		base = "label"
	case "relevance":
		base = "relevant"
	case "calculate":
		base = "calculation"
	}
	if has {
		return base + "::" + strings.ToLower(strings.TrimSpace(language))
	}
	return base
}
