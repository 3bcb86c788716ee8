package xlsform

import (
	"math"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// notThere says what becomes of types that no field is for.
var notThere = map[string]schema.Sentence{
	"note":      schema.Says("A text between questions has no place here; put it into the help of the question that it is about."),
	"calculate": schema.Says("What is calculated is not carried over; work it out where the records are read."),
	"image":     schema.Says("Photos are not there yet; leave the question out for now, or ask for a link."), "audio": schema.Says("Sound is not there yet; leave the question out for now, or ask for a link."),
	"video": schema.Says("Video is not there yet; leave the question out for now, or ask for a link."), "file": schema.Says("Files are not there yet; leave the question out for now, or ask for a link."),
	"geotrace": schema.Says("Lines on a map are not there; ask for a place, or for rows of places."), "geoshape": schema.Says("Areas on a map are not there; ask for a place, or for rows of places."),
	"hidden": schema.Says("Hidden values are not carried over; give a field a default instead."), "background-audio": schema.Says("Sound is not there yet."), "audit": schema.Says("Who did what and when is recorded for every record as it is."),
}

// recorded are what a form asks of the device, and what is known of each record anyway.
var recorded = []string{"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "start-geopoint"}

// question reads one question.
func (r *reader) question(word string, rest []string, row row, in *container) {
	for _, w := range recorded {
		if word == w {
			r.once("recorded", "survey", row.line, "Who filled a form in, when and on which device is recorded for every record, so %s and its like need no field.", word)
			return
		}
	}
	if why, ok := notThere[word]; ok {
		r.keep(Note{"survey", row.line, why})
		return
	}
	typ, known := types[word]
	if !known {
		r.note("survey", row.line, "The type %q is not known here, so the question is left out.", row.get("type"))
		return
	}
	q := r.add(word, row, in, typ)
	if q == nil {
		return
	}
	q.relevant, q.constraint, q.required = row.get("relevant"), row.get("constraint"), row.get("required")
	q.message = r.text(row, "constraint_message")
	r.fill(q, rest, row)
	r.appearance(q, row)
	if isYes(row.get("read_only")) {
		q.field.set("readOnly", true)
	}
	r.setDefault(q, row)
	if calculation := row.get("calculation"); calculation != "" {
		r.note("survey", row.line, "What is calculated into this question (%s) is not carried over; people fill it in.", calculation)
	}
}

// types are the JSON types of what questions ask for.
var types = map[string]string{
	"text": "string", "barcode": "string", "integer": "integer", "decimal": "number", "range": "number", "select_one": "string", "select_multiple": "array", "rank": "array",
	"geopoint": "object", "date": "string", "time": "string", "datetime": "string", "acknowledge": "boolean",
}

// formats are those of texts that have one.
var formats = map[string]string{"date": "date", "time": "time", "datetime": "date-time"}

// fill writes what the kind of a question says into its field.
func (r *reader) fill(q *question, rest []string, row row) {
	if q.kind != "select_one" {
		q.field.set("type", q.typ)
	}
	if format := formats[q.kind]; format != "" {
		q.field.set("format", format)
	}
	switch q.kind {
	case "range":
		r.fillRange(q, row)
	case "barcode":
		r.note("survey", row.line, "Scanning is not there yet; the code is typed in.")
	case "geopoint":
		fillPlace(q)
	case "select_one", "select_multiple", "rank":
		r.fillChoices(q, rest, row)
	}
}

// fillPlace makes the object that a form shows as a place.
func fillPlace(q *question) {
	part := func(title string, most float64) *object {
		o := &object{}
		o.set("title", title)
		o.set("type", "number")
		o.set("minimum", -most)
		o.set("maximum", most)
		return o
	}
	properties := &object{}
	properties.set("lat", part("Latitude", 90))
	properties.set("lon", part("Longitude", 180))
	q.field.set("x-atomic", true)
	q.field.set("required", []string{"lat", "lon"})
	q.field.set("properties", properties)
}

// fillRange reads the parameters of a range: start=0 end=10 step=1.
func (r *reader) fillRange(q *question, row row) {
	values := map[string]float64{"start": 0, "end": 10, "step": 1}
	for _, part := range strings.FieldsFunc(row.get("parameters"), func(c rune) bool { return c == ' ' || c == ',' || c == ';' }) {
		name, text, _ := strings.Cut(part, "=")
		n, err := strconv.ParseFloat(text, 64)
		if _, known := values[strings.ToLower(name)]; !known || err != nil || math.IsInf(n, 0) || math.IsNaN(n) || math.Abs(n) > 1e15 {
			r.note("survey", row.line, "The parameter %q of the range is not understood, so it is left out.", part)
			continue
		}
		values[strings.ToLower(name)] = n
	}
	start, end, step := values["start"], values["end"], values["step"]
	q.field.set("minimum", min(start, end))
	q.field.set("maximum", max(start, end))
	whole := start == math.Trunc(start) && step == math.Trunc(step)
	if whole {
		q.typ = "integer"
		q.field.set("type", q.typ)
	}
	switch {
	case step <= 0 || whole && step == 1:
	case math.Mod(start, step) == 0:
		q.field.set("multipleOf", step)
	default:
		r.note("survey", row.line, "The steps of this range do not begin at 0, which no rule says; people may enter what is in between.")
	}
}

// fillChoices writes the choices of a list.
func (r *reader) fillChoices(q *question, rest []string, row row) {
	list := ""
	if len(rest) > 0 {
		list = rest[0]
	}
	if len(rest) > 1 && strings.EqualFold(rest[1], "or_other") {
		r.note("survey", row.line, "“Other” as a choice of its own is not carried over; add it as a choice, and a question that shows with it.")
	}
	choices := r.lists[list]
	if len(choices) == 0 {
		r.note("survey", row.line, "There is no list of choices %q, so people type the answer; add the choices to the field.", list)
		if q.kind == "select_one" {
			q.field.set("type", "string")
			q.kind = "text"
			return
		}
		q.field.set("items", map[string]any{"type": "string"})
		q.field.set("uniqueItems", true)
		return
	}
	var options []*object
	for _, c := range choices {
		o := &object{}
		o.set("const", c.name)
		o.set("title", c.label)
		options = append(options, o)
	}
	if q.kind == "select_one" {
		q.field.set("type", "string")
		q.field.set("oneOf", options)
		return
	}
	items := &object{}
	items.set("type", "string")
	items.set("oneOf", options)
	if q.kind == "select_multiple" {
		q.field.set("uniqueItems", true)
	}
	q.field.set("items", items)
}

// appearance reads how a question looks.
func (r *reader) appearance(q *question, row row) {
	for _, word := range strings.Fields(row.get("appearance")) {
		switch {
		case strings.EqualFold(word, "multiline") && q.kind == "text":
			q.field.set("x-input", "long")
		default:
			r.once("appearance "+word, "survey", row.line, "The appearance %q is only a look, and is not carried over.", word)
		}
	}
}

// setDefault reads what a question begins with.
func (r *reader) setDefault(q *question, row row) {
	text := row.get("default")
	if text == "" {
		return
	}
	if strings.Contains(text, "${") || strings.HasSuffix(text, ")") && strings.Contains(text, "(") {
		r.note("survey", row.line, "The default %s is worked out, which is not carried over; people fill it in.", text)
		return
	}
	var value any = text
	switch q.typ {
	case "number", "integer":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || math.Abs(n) > 1e15 {
			r.note("survey", row.line, "The default %q is no number, so it is left out.", text)
			return
		}
		value = n
	case "boolean":
		value = text == "OK" || isYes(text)
	case "array":
		value = strings.Fields(text)
	case "object":
		r.note("survey", row.line, "A place has no default here.")
		return
	}
	q.field.set("default", value)
}
