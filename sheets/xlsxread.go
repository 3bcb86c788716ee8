package sheets

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// xlsxReader reads the rows of one sheet as a stream.
type xlsxReader struct {
	book   *workbook
	part   io.ReadCloser
	in     *bounded
	xml    *xml.Decoder
	limits Limits
	line   int
	done   bool
}

// open begins to read a sheet by its name; "" for the first that is not hidden.
func (w *workbook) open(name string) (*xlsxReader, error) {
	sheet, err := w.sheet(name)
	if err != nil {
		return nil, err
	}
	part, err := w.part(sheet.path)
	if err != nil {
		return nil, err
	}
	r := &xlsxReader{book: w, part: part, limits: w.limits}
	r.in = newBounded(part, w.limits.Unpacked, w.limits)
	r.xml = xml.NewDecoder(r.in)
	for {
		token, err := r.token()
		if err != nil {
			part.Close()
			return nil, r.damaged(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "sheetData" {
			return r, nil
		}
	}
}

func (r *xlsxReader) pads() bool   { return true }
func (r *xlsxReader) Close() error { return r.part.Close() }

func (r *xlsxReader) token() (xml.Token, error) {
	r.in.again()
	return r.xml.RawToken()
}

// damaged turns what the decoder found into a sentence, but for errors of ours.
func (r *xlsxReader) damaged(err error) error {
	if r.in.over != nil {
		e := *r.in.over
		if e.Line == 0 && r.line > 0 && r.in.left > 0 {
			e.Line = r.line
		}
		return &e
	}
	if _, ours := err.(*Error); ours {
		return err
	}
	return mistakeAt(r.line, 0, "The sheet is damaged after this line; open it in a spreadsheet and save it again.")
}

func (r *xlsxReader) next() (int, []Cell, *Error, error) {
	for !r.done {
		token, err := r.token()
		if err != nil {
			return 0, nil, nil, r.damaged(err)
		}
		switch t := token.(type) {
		case xml.EndElement:
			r.done = t.Name.Local == "sheetData"
		case xml.StartElement:
			if t.Name.Local != "row" {
				continue
			}
			r.line++
			if n, err := strconv.Atoi(attribute(t, "r")); err == nil && n > 0 {
				r.line = n
			}
			cells, fault, err := r.row()
			if err != nil {
				return 0, nil, nil, r.damaged(err)
			}
			if filled(cells) || fault != nil {
				return r.line, cells, fault, nil
			}
		}
	}
	return 0, nil, nil, io.EOF
}

// row reads the cells of a row whose start is read.
func (r *xlsxReader) row() (cells []Cell, fault *Error, err error) {
	for column := 0; ; {
		token, err := r.token()
		if err != nil {
			return nil, nil, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return cells, fault, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			column++
			if n := columnOf(attribute(t, "r")); n > 0 {
				column = n
			}
			cell, wrong, err := r.cell(t)
			if err != nil {
				return nil, nil, err
			}
			if wrong != nil && fault == nil {
				fault = wrong.at(r.line, column)
			}
			if cell.Kind == Empty {
				continue // only looks, as far as the last column there can be
			}
			if column > r.limits.Columns {
				return nil, nil, r.limits.tooManyColumns(r.line)
			}
			if len(cell.Text) > r.limits.CellBytes {
				return nil, nil, r.limits.cellTooLong(r.line, column)
			}
			for len(cells) < column {
				cells = append(cells, Cell{})
			}
			cells[column-1] = cell
		}
	}
}

// cell reads a cell whose start is read: the text of its v, or of the t in its is.
func (r *xlsxReader) cell(start xml.StartElement) (Cell, *Error, error) {
	var text strings.Builder
	within, phonetic := "", false
	for {
		token, err := r.token()
		if err != nil {
			return Cell{}, nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			within = t.Name.Local
			phonetic = phonetic || within == "rPh"
		case xml.EndElement:
			within = ""
			switch t.Name.Local {
			case "rPh":
				phonetic = false
			case "c":
				cell, wrong := r.book.cell(attribute(start, "t"), attribute(start, "s"), text.String())
				return cell, wrong, nil
			}
		case xml.CharData:
			if (within == "v" || within == "t") && !phonetic {
				if text.Len()+len(t) > r.limits.CellBytes {
					return Cell{}, nil, r.limits.cellTooLong(r.line, columnOf(attribute(start, "r")))
				}
				text.Write(t)
			}
		}
	}
}

// cell makes a cell of what a file says of it: its type, its style and its text.
func (w *workbook) cell(kind, style, text string) (cell Cell, wrong *Error) {
	switch kind {
	case "s":
		at, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || at < 0 || at >= len(w.texts) {
			return Cell{}, mistake("The text of this cell is missing in the file; open it in a spreadsheet and save it again.")
		}
		return OfText(w.texts[at]), nil
	case "inlineStr", "str":
		return OfText(unescape(text)), nil
	case "b":
		return OfTruth(strings.TrimSpace(text) == "1"), nil
	case "e":
		return OfText(text), mistake("The formula of this cell gives %s; mend it, or put a value in its place.", text)
	case "d":
		return isoCell(strings.TrimSpace(text)), nil
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return Cell{}, nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return OfText(text), nil
	}
	at, _ := strconv.Atoi(style)
	return w.look(at).cell(n, w.from1904), nil
}

// columnOf is the number of the column in a cell's name (C7), 0 where it has none.
func columnOf(name string) int {
	n := 0
	for i := 0; i < len(name) && name[i] >= 'A' && name[i] <= 'Z' && n < 1<<20; i++ {
		n = n*26 + int(name[i]-'A') + 1
	}
	return n
}

func attribute(start xml.StartElement, name string) string {
	for _, a := range start.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
