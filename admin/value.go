package admin

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

// show makes a value of a record ready to be read. path is where it is, "*" for a row
// of a list; a place that the type does not know is shown by what it holds.
func show(s *schema.Schema, path []string, v any) templates.Value {
	switch v := v.(type) {
	case nil:
		return templates.Value{Kind: templates.ValueEmpty}
	case bool:
		if v {
			return templates.Value{Kind: templates.ValueYes, Text: "Yes"}
		}
		return templates.Value{Kind: templates.ValueNo, Text: "No"}
	case string:
		field, _ := s.Field(path)
		return showText(field, v)
	case []any:
		return showList(s, path, v)
	case map[string]any:
		return showObject(s, path, v)
	case float64:
		return templates.Value{Kind: templates.ValueLine, Text: number(v)}
	}
	return templates.Value{Kind: templates.ValueLine, Text: fmt.Sprint(v)}
}

func showText(f schema.Field, text string) templates.Value {
	line := templates.Value{Kind: templates.ValueLine, Text: text}
	switch {
	case text == "":
		line.Kind = templates.ValueEmpty
	case f.Format == "date":
		if t, err := time.Parse(time.DateOnly, text); err == nil {
			at := templates.Moment{Machine: text, Exact: text, Text: t.Format("2 Jan 2006")}
			return templates.Value{Kind: templates.ValueTime, Text: at.Text, At: at}
		}
	case f.Format == "date-time":
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			at := templates.Moment{Machine: text, Exact: t.UTC().Format("2006-01-02 15:04:05 UTC"), Text: t.Format("2 Jan 2006, 15:04 -07:00")}
			return templates.Value{Kind: templates.ValueTime, Text: at.Text, At: at}
		}
	case f.Format == "uri" || f.Format == "iri":
		if isWeb(text) {
			line.Kind, line.Href = templates.ValueLink, text
		}
	case f.Format == "email":
		line.Kind, line.Href = templates.ValueLink, "mailto:"+url.PathEscape(text)
	case string(f.Strategy) == "text" || strings.Contains(text, "\n"):
		line.Kind = templates.ValueText
	}
	return line
}

// isWeb lets only addresses of the web become links.
func isWeb(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func showList(s *schema.Schema, path []string, list []any) templates.Value {
	if len(list) == 0 {
		return templates.Value{Kind: templates.ValueEmpty}
	}
	row := append(slices.Clone(path), "*")
	if slices.ContainsFunc(list, isObject) {
		return showRows(s, row, list)
	}
	shown := templates.Value{Kind: templates.ValueTags, Text: counted(len(list), "value")}
	for _, v := range list {
		shown.Tags = append(shown.Tags, show(s, row, v).Text)
	}
	return shown
}

func isObject(v any) bool { _, is := v.(map[string]any); return is }

// showRows shows a list of objects as a table, with a column for each field that any
// of them has.
func showRows(s *schema.Schema, path []string, list []any) templates.Value {
	there := map[string]any{}
	for _, v := range list {
		object, _ := v.(map[string]any)
		for key := range object {
			there[key] = true
		}
	}
	keys := keysOf(s, path, there)
	shown := templates.Value{Kind: templates.ValueRows, Text: counted(len(list), "row")}
	for _, key := range keys {
		shown.Columns = append(shown.Columns, labelOf(s, append(slices.Clone(path), key)))
	}
	for _, v := range list {
		object, _ := v.(map[string]any)
		row := make([]templates.Value, len(keys))
		for i, key := range keys {
			row[i] = show(s, append(slices.Clone(path), key), object[key])
		}
		shown.Rows = append(shown.Rows, row)
	}
	return shown
}

func showObject(s *schema.Schema, path []string, object map[string]any) templates.Value {
	if len(object) == 0 {
		return templates.Value{Kind: templates.ValueEmpty}
	}
	shown := templates.Value{Kind: templates.ValueFields, Text: counted(len(object), "field")}
	for _, key := range keysOf(s, path, object) {
		at := append(slices.Clone(path), key)
		shown.Fields = append(shown.Fields, templates.FieldValue{Label: labelOf(s, at), Value: show(s, at, object[key])})
	}
	return shown
}

// keysOf orders the keys that are there: first as the type has them, then the rest by
// name.
func keysOf(s *schema.Schema, path []string, there map[string]any) []string {
	var keys []string
	for _, f := range s.Fields() {
		last := len(f.Path) - 1
		if last == len(path) && slices.Equal(f.Path[:last], path) && f.Path[last] != "*" {
			if _, has := there[f.Path[last]]; has {
				keys = append(keys, f.Path[last])
			}
		}
	}
	known := len(keys)
	for _, key := range sortedKeys(there) {
		if !slices.Contains(keys[:known], key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// labelOf names the field at a path; what the type does not know is called by its key.
func labelOf(s *schema.Schema, path []string) string {
	if f, ok := s.Field(path); ok && f.Path[len(f.Path)-1] != "*" {
		return f.Title
	}
	return path[len(path)-1]
}

// cellRunes bounds a text in a table, in code points.
const cellRunes = 80

// cell shows a value within one cell of a table.
func cell(s *schema.Schema, path []string, v any) templates.Value {
	shown := show(s, path, v)
	shown.Text = clip(shown.Text, cellRunes)
	const most = 4
	if extra := len(shown.Tags) - most; extra > 0 {
		shown.Tags = append(shown.Tags[:most:most], fmt.Sprintf("+%d", extra))
	}
	for i, tag := range shown.Tags {
		shown.Tags[i] = clip(tag, cellRunes)
	}
	return shown
}

// clip gives the first line of a text, at most n code points of it.
func clip(text string, n int) string {
	line, rest, _ := strings.Cut(text, "\n")
	runes := []rune(line)
	if len(runes) > n {
		return string(runes[:n]) + "…"
	}
	if rest != "" {
		return line + " …"
	}
	return line
}

// asJSON writes a value as a person reads JSON.
func asJSON(v any) (string, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	return string(text), err
}
