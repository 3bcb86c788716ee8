package condition

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// fieldsOf lists the fields that a row may be about: those not inside a list, and of
// groups the fields in them.
func fieldsOf(s *schema.Schema) []schema.Field {
	all := s.Fields()
	return slices.DeleteFunc(all, func(f schema.Field) bool {
		return slices.Contains(f.Path, "*") || insideList(s, f.Path) || f.Type == "object" && hasNamed(s, f.Path)
	})
}

func insideList(s *schema.Schema, path []string) bool {
	for depth := 1; depth < len(path); depth++ {
		if outer, known := s.Field(path[:depth]); known && outer.Type == "array" {
			return true
		}
	}
	return false
}

// hasNamed reports whether a group has fields of its own.
func hasNamed(s *schema.Schema, path []string) bool {
	return slices.ContainsFunc(s.Fields(), func(f schema.Field) bool {
		return len(f.Path) == len(path)+1 && slices.Equal(f.Path[:len(path)], path) && f.Path[len(path)] != "*"
	})
}

// labelOf names a field by the labels on the way to it.
func labelOf(s *schema.Schema, path []string) string {
	var labels []string
	for depth := range path {
		if f, known := s.Field(path[:depth+1]); known {
			labels = append(labels, f.Title)
		}
	}
	return strings.Join(labels, " › ")
}

// choicesOf lists the values that a field, or the elements of a list, may have; nil
// where any may be there.
func choicesOf(s *schema.Schema, f schema.Field) []any {
	var values []any
	for _, o := range optionsOf(s, f) {
		switch o.Value.(type) {
		case string, float64, bool:
			values = append(values, o.Value)
		}
	}
	return values
}

// optionsOf is choicesOf with the labels.
func optionsOf(s *schema.Schema, f schema.Field) []schema.Option {
	if len(f.Options) > 0 {
		return f.Options
	}
	if f.Type == "array" {
		f, _ = s.Field(append(slices.Clone(f.Path), "*"))
	}
	if len(f.Options) > 0 {
		return f.Options
	}
	var options []schema.Option
	for _, v := range f.Enum {
		options = append(options, schema.Option{Value: v})
	}
	return options
}

// elementType is the JSON type of a list's elements, "" where the schema does not plainly
// say it: elements that are scalars are no fields of their own.
func elementType(s *schema.Schema, f schema.Field) string {
	var at map[string]any
	if json.Unmarshal(s.JSON(), &at) != nil {
		return "" // never: a schema is an object
	}
	for _, key := range f.Path {
		properties, _ := at["properties"].(map[string]any)
		at, _ = properties[key].(map[string]any)
	}
	items, _ := at["items"].(map[string]any)
	kind, _ := items["type"].(string)
	return kind
}

// In the form a field is its keys joined by dots, as a condition writes it.

var (
	escapeKey   = strings.NewReplacer(`\`, `\\`, `.`, `\.`)
	unescapeKey = strings.NewReplacer(`\\`, `\`, `\.`, `.`)
)

func joinKeys(keys []string) string {
	escaped := make([]string, len(keys))
	for i, key := range keys {
		escaped[i] = escapeKey.Replace(key)
	}
	return strings.Join(escaped, ".")
}

// splitKeys reads what joinKeys wrote.
func splitKeys(text string) []string {
	if text == "" {
		return nil
	}
	var keys []string
	begin := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '.':
			keys, begin = append(keys, unescapeKey.Replace(text[begin:i])), i+1
		}
	}
	return append(keys, unescapeKey.Replace(text[begin:]))
}
