package sheets

import "io"

// Writer writes a table. Nothing may be written after Close.
type Writer interface {
	// Write writes a row: a cell for each column, or fewer where the last are empty.
	Write(cells []Cell) error
	// Close ends the table. It does not close what it is written to.
	Close() error
	// Shortened is how many cells had more text than the format has room for, and end
	// with "…" instead.
	Shortened() int
}

// NewWriter begins a table with these columns. Memory stays flat whatever the number
// of rows, and nothing goes through the disk.
func NewWriter(to io.Writer, format Format, columns []string) (Writer, error) {
	switch format {
	case CSV:
		return newCSVWriter(to, columns)
	case JSON:
		return newJSONWriter(to, columns)
	case XLSX:
		return newXLSXWriter(to, columns)
	}
	return nil, mistake("There is no format %q; use csv, xlsx or json.", string(format))
}
