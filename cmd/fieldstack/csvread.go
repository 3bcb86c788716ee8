package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// readCSV reads a table whose first line names its columns.
func readCSV(text []byte) (*recordFile, error) {
	rows := newRowReader(text)
	header, err := rows.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file is empty: its first line must name the columns")
	case header.broken != "":
		return nil, fmt.Errorf("line %d must name the columns: %s", header.line, header.broken)
	}
	width := len(header.cells)
	columns, err := columnNames(header.cells)
	if err != nil {
		return nil, err
	}
	f := &recordFile{format: "csv", columns: columns}
	for {
		rec, err := rows.next()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		switch {
		case rec.broken != "":
			rec.cells = append(rec.cells, make([]string, width)...) // too wide to pass for a mended row
		case len(rec.cells) != width:
			rec.broken = fmt.Sprintf("The row has %s where the first line names %s.", count(len(rec.cells), "cell"), count(width, "column"))
		default:
			rec.cells = rec.cells[:len(columns)]
			rec.fields = make(map[string]any, len(columns))
			for i, cell := range rec.cells {
				rec.fields[columns[i]] = unguard(cell)
			}
		}
		f.records = append(f.records, rec)
	}
}

// columnNames checks the first line, and leaves out the reasons of an earlier import.
func columnNames(header []string) ([]string, error) {
	if last := len(header) - 1; header[last] == reasonColumn {
		header = header[:last]
	}
	columns := make([]string, len(header))
	seen := map[string]bool{}
	for i, cell := range header {
		name := unguard(cell)
		switch {
		case !utf8.ValidString(name):
			return nil, errors.New("the first line has characters that are not UTF-8; save the table as UTF-8 and import it again")
		case strings.TrimSpace(name) == "":
			return nil, fmt.Errorf("column %d has no name; give it one in the first line", i+1)
		case seen[name]:
			return nil, fmt.Errorf("two columns are named %q; rename one in the first line", name)
		}
		seen[name] = true
		columns[i] = name
	}
	return columns, nil
}

// rowReader reads the rows of a CSV, and goes on with the next line after one that
// cannot be read: a quotation mark too many spoils one row, not all that follow.
type rowReader struct {
	text      []byte // from where rows began
	before    int    // lines before that
	rows      *csv.Reader
	separator rune
}

func newRowReader(text []byte) *rowReader {
	r := &rowReader{separator: separatorOf(text)}
	r.begin(text, 0)
	return r
}

func (r *rowReader) begin(text []byte, before int) {
	r.text, r.before = text, before
	r.rows = csv.NewReader(bytes.NewReader(text))
	r.rows.Comma = r.separator
	r.rows.FieldsPerRecord = -1
}

// next gives the next row; the only error is io.EOF. The one cell of a broken row is
// its line as it stands.
func (r *rowReader) next() (record, error) {
	at := r.rows.InputOffset()
	cells, err := r.rows.Read()
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return r.skip(r.text[at:], bad.StartLine), nil
	}
	if err != nil {
		return record{}, io.EOF
	}
	line, _ := r.rows.FieldPos(0)
	return record{line: r.before + line, cells: cells}, nil
}

// skip takes the line out that rest begins with, after empty lines.
func (r *rowReader) skip(rest []byte, line int) record {
	for {
		raw, after, _ := bytes.Cut(rest, []byte("\n"))
		if raw = bytes.TrimRight(raw, "\r"); len(raw) > 0 {
			line += r.before
			r.begin(after, line)
			return record{line: line, cells: []string{string(raw)},
				broken: "The row has a quotation mark out of place: put the whole cell in quotation marks, and double those inside it."}
		}
		rest = after
	}
}

// separatorOf tells what stands between cells from the first line: a comma, or what
// spreadsheets write where the comma is in numbers.
func separatorOf(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best := ','
	for _, other := range ";\t" {
		if bytes.ContainsRune(first, other) && bytes.Count(first, []byte(string(other))) > bytes.Count(first, []byte(string(best))) {
			best = other
		}
	}
	return best
}
