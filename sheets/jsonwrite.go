package sheets

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// jsonWriter writes a list of objects, one a line. An empty cell is no member.
type jsonWriter struct {
	out   *bufio.Writer
	names [][]byte // as JSON, with their colon
	rows  int
}

func newJSONWriter(to io.Writer, columns []string) (*jsonWriter, error) {
	w := &jsonWriter{out: bufio.NewWriterSize(to, 32<<10)}
	for _, name := range columns {
		text, err := marshal(name)
		if err != nil {
			return nil, err
		}
		w.names = append(w.names, append(text, ':'))
	}
	_, err := w.out.WriteString("[")
	return w, err
}

func (w *jsonWriter) Write(cells []Cell) error {
	between := byte(',')
	if w.rows == 0 {
		between = '\n'
	} else {
		w.out.WriteString(",\n")
	}
	if w.rows++; between == '\n' {
		w.out.WriteByte('\n')
	}
	between = '{'
	for i, cell := range cells[:min(len(cells), len(w.names))] {
		if cell.Kind == Empty {
			continue
		}
		text, err := marshal(cell.Value())
		if err != nil {
			return err
		}
		w.out.WriteByte(between)
		w.out.Write(w.names[i])
		w.out.Write(text)
		between = ','
	}
	if between == '{' {
		w.out.WriteByte('{')
	}
	return w.out.WriteByte('}')
}

func (w *jsonWriter) Close() error {
	w.out.WriteString("\n]\n")
	return w.out.Flush()
}

func (w *jsonWriter) Shortened() int { return 0 }

// marshal writes JSON without the escapes that only HTML needs.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}
