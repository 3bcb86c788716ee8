package sheets

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
)

// jsonReader reads objects: those of one list, or one after another (JSON lines). The
// names of the columns are gathered in a first pass (jsonTable), so that a member that
// only the last object has is a column as well.
type jsonReader struct {
	lines   *lineReader
	decoder *json.Decoder
	list    bool
	started bool
	limits  Limits
	columns map[string]int
	names   []string // grows while the columns are gathered, fixed after
	fixed   bool
}

// jsonDepth is how deep a value in a cell may go.
const jsonDepth = 32

func (b *Book) newJSONReader() (*jsonReader, error) {
	text, err := decoded(io.NewSectionReader(b.source, 0, b.size))
	if err != nil {
		return nil, err
	}
	r := &jsonReader{lines: &lineReader{in: text}, limits: b.limits, columns: map[string]int{}}
	r.decoder = json.NewDecoder(r.lines)
	r.decoder.UseNumber()
	return r, nil
}

// jsonTable reads all once for the names of the columns, and begins again.
func (b *Book) jsonTable() (*Table, error) {
	first, err := b.newJSONReader()
	if err != nil {
		return nil, err
	}
	for rows := 0; err == nil; rows++ {
		if rows > b.limits.Rows {
			return nil, b.limits.tooManyRows()
		}
		_, _, _, err = first.next()
	}
	if err != io.EOF {
		return nil, err
	}
	if len(first.names) == 0 {
		return nil, mistake(`There is no record in this file; it needs a list of objects, such as [{"name":"Pump"}].`)
	}
	again, err := b.newJSONReader()
	if err != nil {
		return nil, err
	}
	again.columns, again.names, again.fixed = first.columns, first.names, true
	t, taken := &Table{limits: b.limits, rows: again}, map[string]bool{}
	for i, name := range first.names {
		t.Columns = append(t.Columns, freeName(name, i+1, taken))
	}
	return t, nil
}

func (r *jsonReader) pads() bool   { return true }
func (r *jsonReader) Close() error { return nil }

func (r *jsonReader) next() (int, []Cell, *Error, error) {
	for {
		line, err := r.begin()
		if err != nil {
			return 0, nil, nil, err
		}
		cells, fault, err := r.object(line)
		if err != nil {
			return 0, nil, nil, r.located(err)
		}
		if filled(cells) || fault != nil {
			return line, cells, fault, nil
		}
	}
}

// begin goes to the next object and says on which line it begins.
func (r *jsonReader) begin() (int, error) {
	if !r.started {
		r.started = true
		if first := r.lines.peek(); first == '[' {
			r.list = true
			if _, err := r.decoder.Token(); err != nil {
				return 0, r.located(err)
			}
		}
	}
	if !r.decoder.More() {
		return 0, r.end()
	}
	token, err := r.decoder.Token()
	if err != nil {
		return 0, r.located(err)
	}
	line := r.lines.at(r.decoder.InputOffset())
	if token != json.Delim('{') {
		return 0, mistakeAt(line, 0, `This is no object; each record is one, such as {"name":"Pump"}.`)
	}
	return line, nil
}

// end is io.EOF where the file ends as it should.
func (r *jsonReader) end() error {
	if r.list {
		if _, err := r.decoder.Token(); err != nil {
			return r.located(err)
		}
	}
	switch _, err := r.decoder.Token(); {
	case err == nil:
		return mistakeAt(r.lines.at(r.decoder.InputOffset()), 0, "There is something after the end of the list; take it away.")
	case err != io.EOF:
		return r.located(err)
	}
	return io.EOF
}

// object reads the members of an object whose brace is read.
func (r *jsonReader) object(line int) (cells []Cell, fault *Error, err error) {
	cells = make([]Cell, len(r.names))
	for r.decoder.More() {
		name, err := r.decoder.Token()
		if err != nil {
			return nil, nil, err
		}
		var raw any
		if err := r.decoder.Decode(&raw); err != nil {
			return nil, nil, err
		}
		at, err := r.column(name.(string), line)
		if err != nil {
			return nil, nil, err
		}
		for len(cells) <= at {
			cells = append(cells, Cell{})
		}
		value, wrong := plain(raw, 1)
		if wrong != nil && fault == nil {
			fault = wrong.at(line, at+1)
		}
		if cells[at] = OfValue(value); len(cells[at].Text) > r.limits.CellBytes {
			return nil, nil, r.limits.cellTooLong(line, at+1)
		}
	}
	_, err = r.decoder.Token()
	return cells, fault, err
}

func (r *jsonReader) column(name string, line int) (int, error) {
	at, ok := r.columns[name]
	switch {
	case ok:
		return at, nil
	case r.fixed:
		return 0, mistakeAt(line, 0, "The file changed while it was read; choose it again.")
	case len(r.names) == r.limits.Columns:
		return 0, r.limits.tooManyColumns(line)
	}
	r.columns[name] = len(r.names)
	r.names = append(r.names, name)
	return len(r.names) - 1, nil
}

// plain turns what the decoder gives into plain JSON with doubles for numbers, or says
// what is wrong with it.
func plain(v any, depth int) (value any, wrong *Error) {
	if depth > jsonDepth {
		return nil, mistake("This value goes more than %d levels deep; flatten it.", jsonDepth)
	}
	switch v := v.(type) {
	case json.Number:
		n, err := strconv.ParseFloat(string(v), 64)
		if err != nil || math.IsInf(n, 0) {
			return nil, mistake("This number is larger than a computer holds; write it as a text, in quotes.")
		}
		return n, nil
	case []any:
		for i := range v {
			if v[i], wrong = plain(v[i], depth+1); wrong != nil {
				return nil, wrong
			}
		}
	case map[string]any:
		for key := range v {
			if v[key], wrong = plain(v[key], depth+1); wrong != nil {
				return nil, wrong
			}
		}
	}
	return v, nil
}

// located says what the decoder found, with the line.
func (r *jsonReader) located(err error) error {
	var syntax *json.SyntaxError
	var ours *Error
	switch {
	case errors.As(err, &ours):
		return err
	case errors.As(err, &syntax):
		return mistakeAt(r.lines.at(syntax.Offset), 0, "This is no JSON: %s.", syntax.Error())
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return mistakeAt(r.lines.last(), 0, "The file ends in the middle; export it again.")
	}
	return err
}

// lineReader knows on which line an offset of what was read through it is. Offsets are
// asked for in growing order, but for that of a mistake.
type lineReader struct {
	in     io.Reader
	offset int64
	breaks []int64 // of line feeds not yet passed
	passed int
	ahead  []byte
}

func (l *lineReader) Read(p []byte) (int, error) {
	n := copy(p, l.ahead)
	l.ahead = l.ahead[n:]
	if n == 0 {
		var err error
		if n, err = l.in.Read(p); err != nil && n == 0 {
			return 0, err
		}
	}
	for i, c := range p[:n] {
		if c == '\n' {
			l.breaks = append(l.breaks, l.offset+int64(i))
		}
	}
	l.offset += int64(n)
	return n, nil
}

// peek is the first character that is no blank, 0 where there is none.
func (l *lineReader) peek() byte {
	buf := make([]byte, 512)
	n, _ := io.ReadFull(l.in, buf)
	l.ahead = buf[:n]
	for _, c := range l.ahead {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return c
		}
	}
	return 0
}

func (l *lineReader) at(offset int64) int {
	n := 0
	for n < len(l.breaks) && l.breaks[n] < offset {
		n++
	}
	l.breaks = l.breaks[n:]
	l.passed += n
	return l.passed + 1
}

func (l *lineReader) last() int { return l.at(l.offset) }
