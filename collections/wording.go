package collections

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// label names a place by the labels on the way to it: "Address › City", "Parts › row 2
// › Quantity".
func (t *teller) label(path []string) any {
	named := t.name(path[:1])
	for i := 1; i < len(path); i++ {
		named = schema.Says("%s › %s", named, t.name(path[:i+1]))
	}
	return named
}

// name is what one field, one row or one key is called.
func (t *teller) name(path []string) any {
	key := path[len(path)-1]
	if row, err := crdt.ParseDot(key); err == nil {
		rows := t.doc.Rows(path[:len(path)-1]...)
		if i := slices.IndexFunc(rows, func(r crdt.Row) bool { return r.ID == row }); i >= 0 {
			return schema.Says("row %d", i+1)
		}
		return schema.Says("a removed row")
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

// say says a value as a person would, cut where it is long: an argument of a sentence.
func say(v any) any {
	switch v := v.(type) {
	case nil:
		return schema.Says("no value")
	case bool:
		if v {
			return schema.Says("yes")
		}
		return schema.Says("no")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		if v == "" {
			return schema.Says("empty")
		}
		return cut(v)
	case []any:
		return sayList(v)
	case map[string]any:
		return sayObject(v)
	}
	return cut(crdt.Canonical(v))
}

func sayList(list []any) any {
	if len(list) == 0 {
		return schema.Says("empty")
	}
	var parts schema.List
	for _, v := range list[:min(len(list), sayValues)] {
		parts = append(parts, say(v))
	}
	if more := len(list) - sayValues; more > 0 {
		parts = append(parts, schema.Says("%d more", more))
	}
	return cutList(parts)
}

func sayObject(object map[string]any) any {
	if len(object) == 0 {
		return schema.Says("empty")
	}
	var parts schema.List
	for _, key := range slices.Sorted(maps.Keys(object)) {
		parts = append(parts, schema.Says("%s %s", key, say(object[key])))
	}
	return cutList(parts)
}

// cutList leaves out the parts of a list that are too many to be read; it measures them
// in English.
func cutList(parts schema.List) schema.List {
	length := 0
	for i, part := range parts {
		length += utf8.RuneCountInString(fmt.Sprint(part))
		if length > sayRunes && i > 0 {
			return append(parts[:i:i], "…")
		}
		length += len(", ")
	}
	return parts
}

// quote says pieces of text between quotes.
func quote(pieces []string) schema.Sentence {
	return schema.Says("“%s”", cut(strings.Join(pieces, " … ")))
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
