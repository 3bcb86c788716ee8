package sheets

import "fmt"

// Limits bound what is read. A zero member stands for the default beside it.
type Limits struct {
	Bytes     int64 // of the file; 64 MiB
	Unpacked  int64 // of a sheet in an XLSX file once unpacked, which is read as a stream; 512 MiB
	Rows      int   // 1,000,000, without the one of the names
	Columns   int   // 1,000
	CellBytes int   // of the text of one cell; 1 MiB
}

// sharedPart is the part of Limits.Unpacked that the texts of an XLSX file may take,
// as they are all kept while it is read.
const sharedPart = 8

func (l Limits) filled() Limits {
	pick := func(n *int64, otherwise int64) {
		if *n <= 0 {
			*n = otherwise
		}
	}
	rows, columns, cell := int64(l.Rows), int64(l.Columns), int64(l.CellBytes)
	pick(&l.Bytes, 64<<20)
	pick(&l.Unpacked, 512<<20)
	pick(&rows, 1_000_000)
	pick(&columns, 1_000)
	pick(&cell, 1<<20)
	l.Rows, l.Columns, l.CellBytes = int(rows), int(columns), int(cell)
	return l
}

// Error is what is wrong with a file, or with one row of it, in parts, so that it can be
// said in other languages too.
type Error struct {
	Line   int    // from 1, as an editor or a spreadsheet counts; 0 where it is about the whole file
	Column int    // from 1, the how-manieth cell; 0 where it is about the whole line
	Text   string // what is wrong, and the way out, as fmt.Sprintf takes it
	Args   []any  // what goes into Text: texts and numbers
}

// Message is what is wrong, without its place, in English.
func (e *Error) Message() string { return fmt.Sprintf(e.Text, e.Args...) }

// Error gives the sentence with its place, in English.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Message()
	case e.Column == 0:
		return fmt.Sprintf("Line %d: %s", e.Line, e.Message())
	}
	return fmt.Sprintf("Line %d, column %s: %s", e.Line, ColumnLetters(e.Column), e.Message())
}

// ColumnLetters names a column, counted from 1, as spreadsheets do: A, B, … Z, AA.
func ColumnLetters(n int) string {
	letters := ""
	for ; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

// mistake is what is wrong with the whole file.
func mistake(text string, args ...any) *Error { return &Error{Text: text, Args: args} }

// at gives a mistake its place.
func (e *Error) at(line, column int) *Error {
	return &Error{line, column, e.Text, e.Args}
}

// mistakeAt is what is wrong with a line, or with one cell of it.
func mistakeAt(line, column int, text string, args ...any) *Error {
	return &Error{line, column, text, args}
}

// The sentences of the limits, each told at the first thing beyond it.
func (l Limits) tooManyRows() *Error {
	return mistakeAt(l.Rows+1, 0, "The table has more than %d rows; split it into several files.", l.Rows)
}

func (l Limits) tooManyColumns(line int) *Error {
	return mistakeAt(line, 0, "This line has more than %d cells; a table has at most as many columns.", l.Columns)
}

func (l Limits) cellTooLong(line, column int) *Error {
	return mistakeAt(line, column, "This cell has more than %d bytes of text; shorten it.", l.CellBytes)
}

func (l Limits) unpacksTooFar() *Error {
	return mistake("The file unpacks to more than %d MiB; save the sheet as CSV, or split it.", l.Unpacked>>20)
}
