package sheets

import (
	"bytes"
	"io"
)

// Format is a kind of file.
type Format string

const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
	JSON Format = "json"
)

// ContentType is what HTTP calls the format, "" for a format that there is not.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case JSON:
		return "application/json"
	}
	return ""
}

// Book is a file of tables. It reads from its source as long as it is used, and is not
// safe for concurrent use.
type Book struct {
	Format Format
	source io.ReaderAt
	size   int64
	limits Limits
	xlsx   *workbook
}

// Open finds out what kind of file the first size bytes of source are. Errors are
// *Error, or those of source.
func Open(source io.ReaderAt, size int64, limits Limits) (*Book, error) {
	b := &Book{source: source, size: size, limits: limits.filled()}
	if size > b.limits.Bytes {
		return nil, mistake("The file is larger than %d MiB; split it into several.", b.limits.Bytes>>20)
	}
	head := make([]byte, min(size, 512))
	if _, err := source.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	var err error
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		b.Format = XLSX
		b.xlsx, err = openWorkbook(source, size, b.limits)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		err = mistake("This is an Excel file of the old kind (.xls), or one with a password; save it as .xlsx with no password.")
	case bytes.HasPrefix(head, []byte("%PDF-")):
		err = mistake("This is a PDF; save the table as CSV or XLSX.")
	case isJSON(start):
		b.Format = JSON
	case len(start) == 0 && int64(len(head)) == size:
		err = mistake("The file is empty; choose one with a line of column names and a line for each record.")
	default:
		b.Format = CSV
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Sheets names the tables of the file in their order, those that are hidden last. CSV
// and JSON have one, with no name.
func (b *Book) Sheets() []string {
	if b.xlsx == nil {
		return []string{""}
	}
	return b.xlsx.names()
}

// Table begins to read a table: that of the sheet with this name, letter case aside, or
// the first for "". Several can be read one after another, or one several times.
func (b *Book) Table(sheet string) (*Table, error) {
	t := &Table{limits: b.limits}
	var err error
	switch b.Format {
	case XLSX:
		t.rows, err = b.xlsx.open(sheet)
	case JSON:
		return b.jsonTable()
	default:
		t.rows, err = newCSVReader(io.NewSectionReader(b.source, 0, b.size), b.limits)
	}
	if err != nil {
		return nil, err
	}
	if err := t.readNames(); err != nil {
		return nil, err
	}
	return t, nil
}

// isJSON tells a list or an object from a CSV file whose first name is in brackets.
func isJSON(start []byte) bool {
	if len(start) == 0 || start[0] != '[' && start[0] != '{' {
		return false
	}
	inside := bytes.TrimLeft(start[1:], " \t\r\n")
	return len(inside) == 0 || !('a' <= inside[0]|0x20 && inside[0]|0x20 <= 'z')
}
