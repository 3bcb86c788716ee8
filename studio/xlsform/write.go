package xlsform

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// surveyColumns are those of the sheet survey that Write fills in.
var surveyColumns = []string{
	"type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "default", "appearance", "read_only",
}

// writer gathers the rows of a form.
type writer struct {
	schema  *schema.Schema
	root    node
	survey  [][]sheets.Cell
	choices [][]sheets.Cell
	notes   []Note
}

// node is the schema of one field, as JSON.
type node = map[string]any

// Write writes a type as an XLSForm. name is the id of the form: the name of the type.
// Notes say what of the type has no place in one; they are in the file as well, in a
// sheet that programs pass over. The error is that of schema.Parse, or
// of the writer.
func Write(to io.Writer, name string, text []byte) ([]Note, error) {
	s, err := schema.Parse(text)
	if err != nil {
		return nil, err
	}
	var root node
	if err := json.Unmarshal(s.JSON(), &root); err != nil {
		return nil, err
	}
	w := &writer{schema: s, root: root}
	w.fields(nil, root)
	title := s.Title()
	if title == "" {
		title = name
	}
	parts := []sheets.Sheet{
		{Name: "survey", Columns: surveyColumns, Rows: w.survey},
		{Name: "choices", Columns: []string{"list_name", "name", "label"}, Rows: w.choices},
		{Name: "settings", Columns: []string{"form_title", "form_id"}, Rows: [][]sheets.Cell{{sheets.OfText(title), sheets.OfText(name)}}},
	}
	if len(w.notes) > 0 {
		parts = append(parts, sheets.Sheet{Name: "notes", Columns: []string{"row of survey", "what has no place in a form"}, Rows: w.noteRows()})
	}
	return w.notes, sheets.WriteBook(to, parts)
}

func (w *writer) noteRows() (rows [][]sheets.Cell) {
	for _, n := range w.notes {
		rows = append(rows, []sheets.Cell{sheets.OfNumber(float64(n.Row)), sheets.OfText(n.Message.String())})
	}
	return rows
}

// line adds a row to the survey.
func (w *writer) line(cells map[string]string) {
	row := make([]sheets.Cell, len(surveyColumns))
	for i, column := range surveyColumns {
		row[i] = sheets.OfText(cells[column])
	}
	w.survey = append(w.survey, row)
}

// note says what of the row that comes next has no place.
func (w *writer) note(format string, args ...any) {
	w.notes = append(w.notes, Note{"survey", len(w.survey) + 2, schema.WithErrors(format, args...)})
}

// fields writes the fields of the object at a path, those under one heading as a group.
func (w *writer) fields(path []string, holder node) {
	demands := demandsOf(holder)
	section, sections := "", 0
	end := func() {
		if section != "" {
			w.line(map[string]string{"type": "end_group"})
		}
	}
	properties, _ := holder["properties"].(node)
	for _, f := range w.schema.Fields() {
		if len(f.Path) != len(path)+1 || !slices.Equal(f.Path[:len(path)], path) || f.Path[len(path)] == "*" {
			continue
		}
		key := f.Path[len(path)]
		n := w.whole(properties[key])
		if own, has := n["x-section"].(string); has && len(path) == 0 && own != section {
			end()
			if section = own; own != "" {
				sections++
				w.line(map[string]string{"type": "begin_group", "name": fmt.Sprintf("section_%d", sections), "label": own})
			}
		}
		w.field(f, n, demands[key])
	}
	end()
}

// whole is a schema with what it refers to within the type put into it; what it says
// itself goes first.
func (w *writer) whole(v any) node {
	n, _ := v.(node)
	for range maxDepth {
		ref, _ := n["$ref"].(string)
		place, local := strings.CutPrefix(ref, "#/")
		if !local {
			break
		}
		var at any = w.root
		for step := range strings.SplitSeq(place, "/") {
			inside, _ := at.(node)
			at = inside[strings.NewReplacer("~1", "/", "~0", "~").Replace(step)]
		}
		target, _ := at.(node)
		merged := maps.Clone(target)
		if merged == nil {
			break
		}
		for key, value := range n {
			if key != "$ref" {
				merged[key] = value
			}
		}
		n = merged
	}
	return n
}

// demandsOf reads what the studio writes for fields that are required only sometimes:
// by key, true or a condition.
func demandsOf(holder node) map[string]any {
	demands := map[string]any{}
	list, _ := holder["allOf"].([]any)
	for _, v := range list {
		entry, _ := v.(node)
		when, has := entry["x-required-when"]
		then, _ := entry["then"].(node)
		keys, _ := then["required"].([]any)
		if has && len(keys) == 1 {
			key, _ := keys[0].(string)
			demands[key] = when
		}
	}
	return demands
}

// field writes one field, with what is in it. demand is when it is required: nil, true,
// or a condition.
func (w *writer) field(f schema.Field, n node, demand any) {
	key := f.Path[len(f.Path)-1]
	if !goodName.MatchString(key) {
		w.note("The field %q is left out: its key is no name of a question.", key)
		return
	}
	cells := map[string]string{"name": key, "label": f.Title, "hint": f.Description}
	word := w.word(f, n, cells)
	if word == "" {
		w.note("The field %s has no kind of question, so it is left out.", f.Title)
		return
	}
	cells["type"], cells["default"] = word, defaultOf(f.Default)
	switch {
	case f.Required || demand == true:
		cells["required"] = "yes"
	case demand != nil:
		cells["required"] = w.condition(demand, schema.Says("When %s is required", f.Title))
	}
	if truth, _ := n["readOnly"].(bool); truth {
		cells["read_only"] = "yes"
	}
	if when, has := n["x-when"]; has {
		cells["relevant"] = w.condition(when, schema.Says("When %s shows", f.Title))
	}
	w.rules(f, n, word, cells)
	w.line(cells)
	switch word {
	case "begin_repeat":
		items := w.whole(n["items"])
		w.fields(append(slices.Clone(f.Path), "*"), items)
		w.line(map[string]string{"type": "end_repeat"})
	case "begin_group":
		w.fields(f.Path, n)
		w.line(map[string]string{"type": "end_group"})
	}
}

func (w *writer) condition(v any, about schema.Sentence) string {
	text, err := expressionOf(v)
	if err != nil {
		w.note("%s is not carried over: %s.", about, err)
	}
	return text
}
