package xlsform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// word is the type of the question for a field; "" for none.
func (w *writer) word(f schema.Field, n node, cells map[string]string) string {
	choices := f.Choices()
	items := w.whole(n["items"])
	switch {
	case f.Serial != "":
		w.note("The number %s, which the server gives, becomes a text that nobody fills in.", f.Title)
		cells["read_only"] = "yes"
		return "text"
	case f.Type == "array" && string(f.Strategy) == "set" && len(choices) > 0:
		return "select_multiple " + w.list(f, choices)
	case f.Type == "array" && items["properties"] != nil:
		return "begin_repeat"
	case f.Type == "array":
		row, _ := w.schema.Field(append(slices.Clone(f.Path), "*"))
		if list := row.Choices(); len(list) > 0 {
			return "rank " + w.list(f, list)
		}
	case f.Type == "string" && len(choices) > 0:
		return "select_one " + w.list(f, choices)
	case f.Type == "string":
		return w.textWord(f, n, cells)
	case f.Type == "integer":
		return "integer"
	case f.Type == "number":
		return "decimal"
	case f.Type == "boolean":
		return "acknowledge"
	case f.Type == "object":
		return objectWord(n)
	}
	return ""
}

func objectWord(n node) string {
	properties, _ := n["properties"].(node)
	atomic, _ := n["x-atomic"].(bool)
	switch {
	case len(properties) == 0:
		return ""
	case atomic && properties["lat"] != nil && properties["lon"] != nil:
		return "geopoint"
	}
	return "begin_group"
}

func (w *writer) textWord(f schema.Field, n node, cells map[string]string) string {
	switch f.Format {
	case "date", "time":
		return f.Format
	case "date-time":
		return "dateTime"
	}
	if n["x-input"] == "long" || string(f.Strategy) == "text" {
		cells["appearance"] = "multiline"
	}
	if f.Reference != "" {
		w.note("%s names a record of %s; in the form it is typed in.", f.Title, f.Reference)
	}
	return "text"
}

// list writes the choices of a field, and gives the list's name.
func (w *writer) list(f schema.Field, choices []schema.Option) string {
	name := strings.Join(slices.DeleteFunc(slices.Clone(f.Path), func(key string) bool { return key == "*" }), "_")
	for _, c := range choices {
		value := fmt.Sprint(c.Value)
		if strings.ContainsAny(value, " \t\n") {
			w.note("The choice %q of %s has a blank in it, which some programs take for two.", value, f.Title)
		}
		w.choices = append(w.choices, []sheets.Cell{sheets.OfText(name), sheets.OfText(value), sheets.OfText(c.Title)})
	}
	return name
}

// rules writes what JSON Schema checks as a constraint.
func (w *writer) rules(f schema.Field, n node, word string, cells map[string]string) {
	var parts []string
	add := func(keyword, form string) {
		if v, ok := n[keyword].(float64); ok {
			parts = append(parts, fmt.Sprintf(form, plainNumber(v)))
		}
	}
	add("minimum", ". >= %s")
	add("exclusiveMinimum", ". > %s")
	add("maximum", ". <= %s")
	add("exclusiveMaximum", ". < %s")
	add("minLength", "string-length(.) >= %s")
	add("maxLength", "string-length(.) <= %s")
	if f.Type == "array" && word != "begin_repeat" {
		add("minItems", "count-selected(.) >= %s")
		add("maxItems", "count-selected(.) <= %s")
	}
	if pattern, _ := n["pattern"].(string); pattern != "" {
		if text, err := quoted(bare(pattern)); err == nil {
			parts = append(parts, "regex(., "+text+")")
		} else {
			w.note("The pattern of %s is not carried over: %s.", f.Title, err)
		}
	}
	if cells["constraint"] = strings.Join(parts, " and "); len(parts) > 0 {
		cells["constraint_message"] = f.Error
	}
	for _, keyword := range []string{"x-unique", "multipleOf"} {
		if n[keyword] != nil {
			w.note("What %q asks of %s has no place in a form.", keyword, f.Title)
		}
	}
}

// bare is a pattern as setPattern was given it.
func bare(pattern string) string {
	if inner, ok := strings.CutPrefix(pattern, "^("); ok && strings.HasSuffix(inner, ")$") {
		return strings.TrimSuffix(inner, ")$")
	}
	return pattern
}

func defaultOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return plainNumber(v)
	case bool:
		if v {
			return "OK"
		}
	case []any:
		var words []string
		for _, one := range v {
			words = append(words, fmt.Sprint(one))
		}
		return strings.Join(words, " ")
	}
	return ""
}
