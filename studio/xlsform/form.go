package xlsform

import (
	"fmt"
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
	Sheet   string // "survey", "choices", "settings"
	Row     int    // from 1, as the spreadsheet counts; 0: about the whole sheet
	Message string // a sentence: what, and what to do
}

// String gives the sentence with its place.
func (n Note) String() string {
	if n.Row == 0 {
		return n.Sheet + ": " + n.Message
	}
	return fmt.Sprintf("%s, row %d: %s", n.Sheet, n.Row, n.Message)
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
		return nil, &Error{Note{"survey", 0, "There are no questions in this form: the sheet survey has a row for each."}}
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
		return nil, &Error{Note{"survey", 0, "The form makes no type: " + err.Error()}}
	}
	return &Form{Title: r.title, Schema: text, Notes: r.notes}, nil
}

// Error is why a book is no form.
type Error struct{ Note Note }

func (e *Error) Error() string { return e.Note.String() }

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
	if empty, ok := err.(*sheets.Error); ok && empty.Line == 0 && strings.HasPrefix(empty.Message, "The table is empty") {
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
			return nil, &Error{Note{name, in.Line, fmt.Sprintf("The sheet has more than %d rows; split the form.", maxRows)}}
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
