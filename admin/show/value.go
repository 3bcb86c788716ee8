// Package show makes values of records ready to be read by a person, by what their type
// says of them.
package show

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Value makes a value of a record ready to be read. path is where it is, "*" for a row
// of a list; a place that the type does not know is shown by what it holds.
func Value(ctx context.Context, s *schema.Schema, path []string, v any) templates.Value {
	if text, is := choice(s, path, v); is {
		return templates.Value{Kind: templates.ValueLine, Text: text}
	}
	switch v := v.(type) {
	case nil:
		return templates.Value{Kind: templates.ValueEmpty}
	case bool:
		if v {
			return templates.Value{Kind: templates.ValueYes, Text: words.Say(ctx, "Yes")}
		}
		return templates.Value{Kind: templates.ValueNo, Text: words.Say(ctx, "No")}
	case string:
		field, _ := s.Field(path)
		return showText(field, v)
	case []any:
		return list(ctx, s, path, v)
	case map[string]any:
		return object(ctx, s, path, v)
	case float64:
		return templates.Value{Kind: templates.ValueLine, Text: Number(v)}
	}
	return templates.Value{Kind: templates.ValueLine, Text: fmt.Sprint(v)}
}

// choice says a value that was chosen by its label. The choices of a set are its
// elements'.
func choice(s *schema.Schema, path []string, v any) (text string, is bool) {
	switch v.(type) {
	case string, float64:
	default:
		return "", false
	}
	if last := len(path) - 1; last > 0 && path[last] == "*" {
		if set, known := s.Field(path[:last]); known && len(set.Options) > 0 {
			return set.Choice(v)
		}
	}
	f, _ := s.Field(path)
	return f.Choice(v)
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

func list(ctx context.Context, s *schema.Schema, path []string, list []any) templates.Value {
	if len(list) == 0 {
		return templates.Value{Kind: templates.ValueEmpty}
	}
	row := append(slices.Clone(path), "*")
	if slices.ContainsFunc(list, isObject) {
		return rows(ctx, s, row, list)
	}
	shown := templates.Value{Kind: templates.ValueTags, Text: words.Say(ctx, "%d values", len(list))}
	for _, v := range list {
		shown.Tags = append(shown.Tags, Value(ctx, s, row, v).Text)
	}
	return shown
}

func isObject(v any) bool { _, is := v.(map[string]any); return is }

// rows shows a list of objects as a table, with a column for each field that any
// of them has.
func rows(ctx context.Context, s *schema.Schema, path []string, list []any) templates.Value {
	there := map[string]any{}
	for _, v := range list {
		object, _ := v.(map[string]any)
		for key := range object {
			there[key] = true
		}
	}
	keys := Keys(s, path, there)
	shown := templates.Value{Kind: templates.ValueRows, Text: words.Say(ctx, "%d rows", len(list))}
	for _, key := range keys {
		shown.Columns = append(shown.Columns, Label(s, append(slices.Clone(path), key)))
	}
	for _, v := range list {
		object, _ := v.(map[string]any)
		row := make([]templates.Value, len(keys))
		for i, key := range keys {
			row[i] = Value(ctx, s, append(slices.Clone(path), key), object[key])
		}
		shown.Rows = append(shown.Rows, row)
	}
	return shown
}

func object(ctx context.Context, s *schema.Schema, path []string, object map[string]any) templates.Value {
	if len(object) == 0 {
		return templates.Value{Kind: templates.ValueEmpty}
	}
	shown := templates.Value{Kind: templates.ValueFields, Text: words.Say(ctx, "%d fields", len(object))}
	for _, key := range Keys(s, path, object) {
		at := append(slices.Clone(path), key)
		shown.Fields = append(shown.Fields, templates.FieldValue{Label: Label(s, at), Value: Value(ctx, s, at, object[key])})
	}
	return shown
}

// Keys orders the keys that are there: first as the type has them, then the rest by
// name.
func Keys(s *schema.Schema, path []string, there map[string]any) []string {
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
	for _, key := range slices.Sorted(maps.Keys(there)) {
		if !slices.Contains(keys[:known], key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Label names the field at a path; what the type does not know is called by its key.
func Label(s *schema.Schema, path []string) string {
	if f, ok := s.Field(path); ok && f.Path[len(f.Path)-1] != "*" {
		return f.Title
	}
	return path[len(path)-1]
}

// CellRunes bounds a text in a table, in code points.
const CellRunes = 80

// Cell shows a value within one cell of a table.
func Cell(ctx context.Context, s *schema.Schema, path []string, v any) templates.Value {
	shown := Value(ctx, s, path, v)
	shown.Text = Clip(shown.Text, CellRunes)
	const most = 4
	if extra := len(shown.Tags) - most; extra > 0 {
		shown.Tags = append(shown.Tags[:most:most], fmt.Sprintf("+%d", extra))
	}
	for i, tag := range shown.Tags {
		shown.Tags[i] = Clip(tag, CellRunes)
	}
	return shown
}

// Clip gives the first line of a text, at most n code points of it.
func Clip(text string, n int) string {
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

// JSON writes a value as a person reads JSON.
func JSON(v any) (string, error) {
	text, err := json.MarshalIndent(v, "", "  ")
	return string(text), err
}

// Number writes a number as it was typed, without an exponent.
func Number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Top lists the fields of the record itself, without those inside of others.
func Top(s *schema.Schema) []schema.Field {
	return slices.DeleteFunc(s.Fields(), func(f schema.Field) bool { return len(f.Path) != 1 })
}
