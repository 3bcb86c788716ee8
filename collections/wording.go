package collections

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// label names a place by the labels on the way to it: "Address › City", "Parts › row 2
// › Quantity".
func (t *teller) label(path []string) string {
	names := make([]string, len(path))
	for i := range path {
		names[i] = t.name(path[:i+1])
	}
	return strings.Join(names, " › ")
}

// name is what one field, one row or one key is called.
func (t *teller) name(path []string) string {
	key := path[len(path)-1]
	if row, err := crdt.ParseDot(key); err == nil {
		rows := t.doc.Rows(path[:len(path)-1]...)
		if i := slices.IndexFunc(rows, func(r crdt.Row) bool { return r.ID == row }); i >= 0 {
			return fmt.Sprintf("row %d", i+1)
		}
		return "a removed row"
	}
	for _, s := range t.schemas {
		if field, known := s.Field(path); known && len(field.Path) > 0 && field.Path[len(field.Path)-1] != "*" {
			return field.Title
		}
	}
	return key
}

// The lengths at which a sentence cuts what it quotes, in code points and in values.
const (
	sayRunes  = 60
	sayValues = 6
)

// say says a value as a person would, cut where it is long.
func say(v any) string {
	switch v := v.(type) {
	case nil:
		return "no value"
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		if v == "" {
			return "empty"
		}
		return cut(v)
	case []any:
		return sayList(v)
	case map[string]any:
		return sayObject(v)
	}
	return cut(crdt.Canonical(v))
}

func sayList(list []any) string {
	if len(list) == 0 {
		return "empty"
	}
	var parts []string
	for _, v := range list[:min(len(list), sayValues)] {
		parts = append(parts, say(v))
	}
	if more := len(list) - sayValues; more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return cut(strings.Join(parts, ", "))
}

func sayObject(object map[string]any) string {
	if len(object) == 0 {
		return "empty"
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(object)) {
		parts = append(parts, key+" "+say(object[key]))
	}
	return cut(strings.Join(parts, ", "))
}

// quote says pieces of text between quotes.
func quote(pieces []string) string {
	return "“" + cut(strings.Join(pieces, " … ")) + "”"
}

// cut puts a text on one line and cuts it.
func cut(text string) string {
	if enough := 8 * sayRunes * utf8.UTFMax; len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "")
	}
	line := []rune(strings.Join(strings.Fields(text), " "))
	if len(line) <= sayRunes {
		return string(line)
	}
	return string(line[:sayRunes-1]) + "…"
}

// counted says how many of a thing there are.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
