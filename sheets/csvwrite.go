package sheets

import (
	"bufio"
	"io"
	"strings"
)

// csvWriter writes what RFC 4180 says, in UTF-8 with a byte order mark, because Excel
// takes a file without one for Windows-1252.
type csvWriter struct {
	out *bufio.Writer
}

func newCSVWriter(to io.Writer, columns []string) (*csvWriter, error) {
	w := &csvWriter{bufio.NewWriterSize(to, 32<<10)}
	w.out.WriteString("\ufeff")
	names := make([]Cell, len(columns))
	for i, name := range columns {
		names[i] = OfText(name)
	}
	return w, w.Write(names)
}

func (w *csvWriter) Write(cells []Cell) error {
	for i, cell := range cells {
		if i > 0 {
			w.out.WriteByte(',')
		}
		text := cell.Text
		if cell.Kind != Number {
			text = disarm(text)
		}
		w.out.WriteString(quoted(text))
	}
	_, err := w.out.WriteString("\r\n")
	return err
}

func (w *csvWriter) Close() error   { return w.out.Flush() }
func (w *csvWriter) Shortened() int { return 0 }

// quoted puts a cell in quotes where some reader would not take it as it stands: one
// that guesses the delimiter, trims blanks, or looks at how the file begins.
func quoted(text string) string {
	switch {
	case text == "":
		return text
	case strings.ContainsAny(text, ",;\t|\"\r\n"), strings.ContainsAny(text[:1], " [{"), text[len(text)-1] == ' ', strings.HasPrefix(text, "sep="):
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}
