package sheets

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Table is one table, read row by row.
type Table struct {
	// Columns are the names in the first line that has any, each once: one that is
	// empty is called by its letters ("Column C"), one that was there before has a
	// number ("Name (2)"). Do not change it.
	Columns []string
	limits  Limits
	rows    rowReader
	read    int
}

// Row is one row of a table. Its cells are the caller's.
type Row struct {
	Line  int    // where it begins, from 1
	Cells []Cell // as many as there are columns
	Short bool   // the line had fewer cells; the others are empty
	// Fault is what is wrong with this row alone, nil where nothing is. Cells are what
	// could be read of it.
	Fault *Error
}

// rowReader gives lines of cells, those with no filled cell left out, and io.EOF after
// the last. The cells are the caller's until the next call.
type rowReader interface {
	next() (line int, cells []Cell, fault *Error, err error)
	// pads reports whether lines end at their last filled cell.
	pads() bool
	Close() error
}

// Next reads the next row that has a filled cell; io.EOF after the last. An error is an
// *Error, or one of the source, and nothing can be read after it.
func (t *Table) Next() (Row, error) {
	line, cells, fault, err := t.rows.next()
	if err != nil {
		return Row{}, err
	}
	if t.read++; t.read > t.limits.Rows {
		e := t.limits.tooManyRows()
		e.Line = line
		return Row{}, e
	}
	row := Row{Line: line, Fault: fault, Short: len(cells) < len(t.Columns) && !t.rows.pads()}
	row.Cells = make([]Cell, len(t.Columns))
	if at := surplus(cells, len(t.Columns)); at > 0 && fault == nil {
		row.Fault = mistakeAt(line, at, "This line has more cells than there are columns (%d); put a text that has the separator in it in quotes, or name the column.", len(t.Columns))
	}
	copy(row.Cells, cells)
	return row, nil
}

// surplus finds the first filled cell, from 1, that has no column; 0 where none is.
func surplus(cells []Cell, columns int) int {
	for i := columns; i < len(cells); i++ {
		if cells[i].Kind != Empty {
			return i + 1
		}
	}
	return 0
}

// Close ends the reading of the table.
func (t *Table) Close() error { return t.rows.Close() }

func (t *Table) readNames() error {
	_, cells, fault, err := t.rows.next()
	switch {
	case err == io.EOF:
		return mistake("The table is empty; its first line names the columns, and each line after it is a record.")
	case err != nil:
		return err
	case fault != nil:
		return fault
	}
	for len(cells) > 0 && cells[len(cells)-1].Kind == Empty {
		cells = cells[:len(cells)-1]
	}
	taken := map[string]bool{}
	for i, cell := range cells {
		t.Columns = append(t.Columns, freeName(strings.TrimSpace(cell.Text), i+1, taken))
	}
	return nil
}

// freeName is the name of a column that no other has.
func freeName(name string, column int, taken map[string]bool) string {
	if name == "" {
		name = "Column " + ColumnLetters(column)
	}
	free := name
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	taken[free] = true
	return free
}

// Index is the place of a column in Columns and in the cells of rows, letter case
// aside; -1 where there is none of that name.
func (t *Table) Index(name string) int {
	return slices.IndexFunc(t.Columns, func(c string) bool { return strings.EqualFold(c, name) })
}

// filled reports whether any cell has something in it.
func filled(cells []Cell) bool {
	return slices.ContainsFunc(cells, func(c Cell) bool { return c.Kind != Empty })
}
