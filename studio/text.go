package studio

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// TextError says where a text stops being JSON, counted as editors count.
type TextError struct {
	Line, Column int // from 1; columns in characters
	Message      schema.Sentence
}

func (e *TextError) Error() string {
	return e.Says().String()
}

// Says is the error with its place.
func (e *TextError) Says() schema.Sentence {
	return schema.Says("Line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// readTree reads a text strictly.
func readTree(text []byte) (any, error) {
	_, err := crdt.ParseValue(text, crdt.Limits{Depth: 100})
	var wrong *crdt.ValueError
	if errors.As(err, &wrong) {
		line, column := position(text, wrong.Offset)
		return nil, &TextError{line, column, schema.SaysOfText(wrong)}
	}
	if err != nil {
		return nil, &TextError{1, 1, schema.Verbatim(err.Error())}
	}
	return decodeTree(text)
}

// position is the line and the column of a byte.
func position(text []byte, offset int) (line, column int) {
	before := text[:min(max(offset, 0), len(text))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}

// width is how long a line may become that holds a whole object or list.
const width = 100

// writer writes a tree for people to read, and remembers where each part of it stands.
type writer struct {
	text   []byte
	places map[string]int // the offset of each part, by its JSON Pointer
}

// writeTree gives the text of a tree, indented, and the places of its parts.
func writeTree(v any) *writer {
	w := &writer{places: map[string]int{"": 0}}
	w.value(v, "", 0)
	w.text = append(w.text, '\n')
	return w
}

func (w *writer) value(v any, at string, indent int) {
	if line, ok := oneLine(v); ok && len(line)+indent <= width {
		w.inner(v, at, len(w.text))
		w.text = append(w.text, line...)
		return
	}
	switch v := v.(type) {
	case *object:
		w.text = append(w.text, '{')
		for i, key := range v.keys {
			w.newLine(i, indent+2)
			w.places[at+step(key)] = len(w.text)
			w.text = append(crdt.AppendValue(w.text, key), ": "...)
			w.value(v.values[key], at+step(key), indent+2)
		}
		w.newLine(0, indent)
		w.text = append(w.text, '}')
	case []any:
		w.text = append(w.text, '[')
		for i, sub := range v {
			w.newLine(i, indent+2)
			w.places[at+"/"+strconv.Itoa(i)] = len(w.text)
			w.value(sub, at+"/"+strconv.Itoa(i), indent+2)
		}
		w.newLine(0, indent)
		w.text = append(w.text, ']')
	default:
		w.text = appendScalar(w.text, v)
	}
}

func (w *writer) newLine(after, indent int) {
	if after > 0 {
		w.text = append(w.text, ',')
	}
	w.text = append(append(w.text, '\n'), strings.Repeat(" ", indent)...)
}

// inner notes the places of the parts of what is written on one line.
func (w *writer) inner(v any, at string, offset int) {
	switch v := v.(type) {
	case *object:
		offset += len("{ ")
		for _, key := range v.keys {
			w.places[at+step(key)] = offset
			offset += len(crdt.AppendValue(nil, key)) + len(": ")
			w.inner(v.values[key], at+step(key), offset)
			line, _ := oneLine(v.values[key])
			offset += len(line) + len(", ")
		}
	case []any:
		offset += len("[")
		for i, sub := range v {
			w.places[at+"/"+strconv.Itoa(i)] = offset
			line, _ := oneLine(sub)
			offset += len(line) + len(", ")
		}
	}
}

// oneLine writes what can stand on one line: single values, and objects and lists of
// nothing else.
func oneLine(v any) (string, bool) {
	var parts []string
	switch v := v.(type) {
	case *object:
		for _, key := range v.keys {
			line, ok := oneLine(v.values[key])
			if !ok || !isScalar(v.values[key]) && !isFlat(v.values[key]) {
				return "", false
			}
			parts = append(parts, crdt.Canonical(key)+": "+line)
		}
		if len(parts) == 0 {
			return "{}", true
		}
		return "{ " + strings.Join(parts, ", ") + " }", true
	case []any:
		for _, sub := range v {
			if !isScalar(sub) {
				return "", false
			}
			parts = append(parts, string(appendScalar(nil, sub)))
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	}
	return string(appendScalar(nil, v)), true
}

func isScalar(v any) bool {
	switch v.(type) {
	case *object, []any:
		return false
	}
	return true
}

// isFlat reports whether a value is a list of single values.
func isFlat(v any) bool {
	list, ok := v.([]any)
	for _, sub := range list {
		ok = ok && isScalar(sub)
	}
	return ok
}

func appendScalar(to []byte, v any) []byte {
	if n, ok := v.(interface{ String() string }); ok { // json.Number
		return append(to, n.String()...)
	}
	return crdt.AppendValue(to, v)
}
