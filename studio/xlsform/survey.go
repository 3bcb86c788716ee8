package xlsform

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// question is one field of the form, in the making.
type question struct {
	kind  string // of the XLSForm: text, integer, select_one, repeat, …
	name  string // as expressions name it
	key   string
	typ   string // of its JSON value
	field *object
	line  int
	in    *container
	rows  []*question // of a repeat

	relevant, constraint, message string
	required                      string
	when                          any // its condition, as JSON; nil for always
}

// container is a group or a repeat that is open.
type container struct {
	repeat   *question // nil for a group
	label    string
	relevant string
	line     int
	outer    *container

	asked bool // whether condition was worked out
	when  any
}

// scope is the nearest repeat around; nil for the record.
func (c *container) scope() *question {
	for ; c != nil; c = c.outer {
		if c.repeat != nil {
			return c.repeat
		}
	}
	return nil
}

// section is the label of the nearest group around that has one.
func (c *container) section() string {
	for ; c != nil && c.repeat == nil; c = c.outer {
		if c.label != "" {
			return c.label
		}
	}
	return ""
}

// reader gathers what a form says.
type reader struct {
	title    string
	language string // of the labels that are taken: the end of the columns' names, or ""
	lists    map[string][]choice
	fields   []*question // of the record
	all      []*question
	names    map[string]*question
	taken    map[string]bool // keys, after the key of the repeat that they are in
	notes    []Note
	said     map[string]bool
	full     bool
}

// note keeps a note.
func (r *reader) note(sheet string, row int, format string, args ...any) {
	r.keep(Note{sheet, row, schema.WithErrors(format, args...)})
}

func (r *reader) keep(n Note) {
	switch {
	case len(r.notes) < maxNotes:
		r.notes = append(r.notes, n)
	case !r.full:
		r.full = true
		r.notes = append(r.notes, Note{n.Sheet, n.Row, schema.Says("There are more notes than %d: split the form to see them.", maxNotes)})
	}
}

// once keeps a note the first time that what it is about comes up.
func (r *reader) once(about, sheet string, row int, format string, args ...any) {
	if !r.said[about] {
		r.said[about] = true
		r.note(sheet, row, format, args...)
	}
}

// readSurvey reads the questions, and then what they say about one another.
func (r *reader) readSurvey(s *sheet) error {
	var open *container
	for _, row := range s.rows {
		word, rest := splitType(row.get("type"))
		switch {
		case word == "":
			r.note("survey", row.line, "This row has no type, so it is left out; give it one.")
		case isYes(row.get("disabled")):
			r.note("survey", row.line, "The question is disabled, so it is left out.")
		case word == "begin_group" || word == "begin_repeat":
			open = r.begin(word, row, open)
		case word == "end_group" || word == "end_repeat":
			if open == nil {
				return noForm("survey", row.line, "This ends what was not begun; take the row out.")
			}
			if (word == "end_repeat") != (open.repeat != nil) {
				return noForm("survey", row.line, "This ends what row %d begins as another kind; mend one of them.", open.line)
			}
			open = open.outer
		default:
			r.question(word, rest, row, open)
		}
		r.noteColumns(s, row)
	}
	if open != nil {
		return noForm("survey", open.line, "What begins here is never ended; add the row that ends it.")
	}
	r.dropEmptyRepeats()
	r.settle()
	return nil
}

// begin opens a group or a repeat.
func (r *reader) begin(word string, row row, outer *container) *container {
	c := &container{label: r.text(row, "label"), relevant: row.get("relevant"), line: row.line, outer: outer}
	if word == "begin_group" {
		if outer.scope() != nil && c.label != "" {
			r.note("survey", row.line, "Rows have no headings, so the group “%s” becomes columns like the others.", c.label)
		}
		return c
	}
	q := r.add("repeat", row, outer, "array")
	if q == nil {
		q = &question{kind: "repeat", field: &object{}}
	}
	c.repeat, c.label = q, ""
	q.relevant, c.relevant = c.relevant, ""
	if count := row.get("repeat_count"); count != "" {
		r.note("survey", row.line, "The number of rows, %s, is not carried over; people add as many as there are.", count)
	}
	return c
}

// goodName is a name that is a key as well.
var goodName = regexp.MustCompile(`^[\pL_][\pL\pN_.-]{0,99}$`)

// add makes a field; nil where it can have no key.
func (r *reader) add(kind string, row row, in *container, typ string) *question {
	name := row.get("name")
	if !goodName.MatchString(name) || name == "__proto__" {
		r.note("survey", row.line, "The name %q cannot be a field's key, so the question is left out; name it with letters, digits and _.", name)
		return nil
	}
	q := &question{kind: kind, name: name, typ: typ, field: &object{}, line: row.line, in: in}
	q.key = r.freeKey(q)
	if q.key != name {
		r.note("survey", row.line, "There is another question named %s, so this one's key is %s.", name, q.key)
	}
	if label := r.text(row, "label"); label != "" {
		q.field.set("title", label)
		if strings.Contains(label, "${") {
			r.note("survey", row.line, "The label shows the answer to another question, which a label cannot here; reword it.")
		}
	}
	if hint := r.text(row, "hint"); hint != "" {
		q.field.set("description", hint)
	}
	r.all = append(r.all, q)
	if _, there := r.names[name]; !there {
		r.names[name] = q
	}
	if repeat := in.scope(); repeat != nil {
		repeat.rows = append(repeat.rows, q)
	} else {
		r.fields = append(r.fields, q)
	}
	return q
}

// freeKey is the name of a question, with a number where its like is taken beside it.
func (r *reader) freeKey(q *question) string {
	prefix := ""
	if repeat := q.in.scope(); repeat != nil {
		prefix = repeat.key + "\x00"
	}
	key := q.name
	for n := 2; r.taken[prefix+key]; n++ {
		key = fmt.Sprintf("%s_%d", q.name, n)
	}
	r.taken[prefix+key] = true
	return key
}

// splitType gives a type in one form, and the list that it names.
func splitType(text string) (word string, rest []string) {
	words := strings.Fields(strings.TrimSpace(text))
	if len(words) == 0 {
		return "", nil
	}
	two := strings.ToLower(strings.Join(words[:min(2, len(words))], "_"))
	switch two {
	case "begin_group", "end_group", "begin_repeat", "end_repeat":
		return two, nil
	case "select_one":
		return "select_one", without(words[min(2, len(words)):], "from")
	case "select_multiple":
		return "select_multiple", without(words[2:], "from")
	case "select_all":
		return "select_multiple", without(words[2:], "that", "apply", "from")
	}
	word = strings.ToLower(words[0])
	if short, ok := aliases[word]; ok {
		word = short
	}
	return word, words[1:]
}

func without(words []string, leading ...string) []string {
	for len(words) > 0 && slices.Contains(leading, strings.ToLower(words[0])) {
		words = words[1:]
	}
	return words
}

// aliases are other names of types.
var aliases = map[string]string{
	"string": "text", "int": "integer", "select1": "select_one", "select": "select_multiple", "add_select_one_prompt": "select_one",
	"dateTime": "datetime", "datetime": "datetime", "date_time": "datetime", "trigger": "acknowledge", "location": "geopoint", "gps": "geopoint", "photo": "image",
}

func isYes(text string) bool {
	switch strings.ToLower(text) {
	case "yes", "true", "true()", "1":
		return true
	}
	return false
}

// carried are the columns that are read, by what stands before "::".
var carried = []string{
	"type", "name", "label", "hint", "required", "relevant", "constraint", "constraint_message", "default", "appearance", "read_only", "parameters", "disabled", "repeat_count", "calculation",
}

// noteColumns notes what stands in columns that are not read.
func (r *reader) noteColumns(s *sheet, row row) {
	for _, column := range s.columns {
		base, _, _ := strings.Cut(column, "::")
		if row.cells[column] == "" || slices.Contains(carried, base) || strings.HasPrefix(column, "column ") {
			continue
		}
		switch base {
		case "choice_filter":
			r.note("survey", row.line, "The filter of the choices (%s) is not carried over; all are shown.", row.cells[column])
		case "required_message":
			r.once(column, "survey", row.line, "Messages for questions that are required have no place here; the form says it in its own words.")
		default:
			r.once(column, "survey", row.line, "What stands in the column %s is not carried over.", column)
		}
	}
}

// dropEmptyRepeats leaves out repeats with nothing in them.
func (r *reader) dropEmptyRepeats() {
	empty := func(q *question) bool {
		if q.kind != "repeat" || len(q.rows) > 0 {
			return false
		}
		r.note("survey", q.line, "No question of this repeat could be carried over, so it is left out.")
		return true
	}
	for _, q := range slices.Backward(r.all) { // inner ones first
		if q.kind == "repeat" {
			q.rows = slices.DeleteFunc(q.rows, empty)
		}
	}
	r.fields = slices.DeleteFunc(r.fields, empty)
	r.all = slices.DeleteFunc(r.all, func(q *question) bool { return q.kind == "repeat" && len(q.rows) == 0 })
}
