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

// Error is what is wrong with a file, or with one row of it.
type Error struct {
	Line    int    // from 1, as an editor or a spreadsheet counts; 0 where it is about the whole file
	Column  int    // from 1, the how-manieth cell; 0 where it is about the whole line
	Message string // a sentence: what is wrong, and the way out
}

// Error gives the sentence with its place.
func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return e.Message
	case e.Column == 0:
		return fmt.Sprintf("Line %d: %s", e.Line, e.Message)
	}
	return fmt.Sprintf("Line %d, column %s: %s", e.Line, ColumnLetters(e.Column), e.Message)
}

// ColumnLetters names a column, counted from 1, as spreadsheets do: A, B, … Z, AA.
func ColumnLetters(n int) string {
	letters := ""
	for ; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}

func mistake(format string, args ...any) *Error { return &Error{Message: fmt.Sprintf(format, args...)} }

// The sentences of the limits, each told at the first thing beyond it.
func (l Limits) tooManyRows() *Error {
	return &Error{Line: l.Rows + 1, Message: fmt.Sprintf("The table has more than %d rows; split it into several files.", l.Rows)}
}

func (l Limits) tooManyColumns(line int) *Error {
	return &Error{Line: line, Message: fmt.Sprintf("This line has more than %d cells; a table has at most as many columns.", l.Columns)}
}

func (l Limits) cellTooLong(line, column int) *Error {
	return &Error{Line: line, Column: column, Message: fmt.Sprintf("This cell has more than %d bytes of text; shorten it.", l.CellBytes)}
}

func (l Limits) unpacksTooFar() *Error {
	return mistake("The file unpacks to more than %d MiB; save the sheet as CSV, or split it.", l.Unpacked>>20)
}
