package sheets

import "io"

// Sheet is a table of a book with several, whole.
type Sheet struct {
	Name    string // at most 31 characters, none of []:*?/ and the backslash
	Columns []string
	Rows    [][]Cell
}

// WriteBook writes an XLSX file of several sheets.
func WriteBook(to io.Writer, book []Sheet) error {
	var names []string
	for _, s := range book {
		names = append(names, s.Name)
	}
	w, err := beginXLSX(to, names...)
	if err != nil {
		return err
	}
	for i, s := range book {
		if err := w.beginSheet(i+1, s.Columns); err != nil {
			return err
		}
		for _, row := range s.Rows {
			if err := w.Write(row); err != nil {
				return err
			}
		}
		if err := w.endSheet(); err != nil {
			return err
		}
	}
	return w.zip.Close()
}
