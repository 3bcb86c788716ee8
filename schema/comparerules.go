package schema

import (
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// rules compares which values two versions of a field allow. A rule that changed in a
// way that can not be ordered counts as narrower: better one warning too many.
func (c *comparer) rules(was, is *field) {
	inParts := is.Strategy == crdt.Map || is.Strategy == crdt.List
	wider, narrower := compareRules(was.shape, is.shape, inParts)
	if narrower == "" && was.Unique != is.Unique && is.Unique {
		narrower = "it must be unique"
	}
	name := is.Title
	if len(is.Path) == 0 {
		name = "The record"
	}
	if narrower != "" {
		c.add(is.Path, "narrowed", fmt.Sprintf("%s allows less than before: %s.", name, narrower), lateRules)
	}
	if wider != "" {
		c.add(is.Path, "widened", fmt.Sprintf("%s allows more than before: %s.", name, wider), "")
	}
}

// compareRules says what is wider and what is narrower, "" for nothing. inParts says
// that the parts of the value are fields, and compared as such.
func compareRules(was, is *shape, inParts bool) (wider, narrower string) {
	both := intersect(was.types, is.types)
	if !slices.Equal(both, was.types) {
		narrower = "it must be " + describeTypes(is.types)
	}
	if !slices.Equal(both, is.types) {
		wider = "it may be " + describeTypes(is.types)
	}
	note := func(to *string, text string) {
		if *to == "" {
			*to = text
		}
	}
	gone, come := compareValues(was.values(), is.values())
	if gone {
		note(&narrower, "there is less to choose from")
	}
	if come {
		note(&wider, "there is more to choose from")
	}
	for _, b := range bounds {
		switch b.compare(was, is) {
		case -1:
			note(&narrower, b.says(was, is))
		case +1:
			note(&wider, b.says(was, is))
		}
	}
	if wasOpen, isOpen := was.open(), is.open(); wasOpen && !isOpen {
		note(&narrower, "no other fields may be filled in")
	} else if isOpen && !wasOpen {
		note(&wider, "other fields may be filled in")
	}
	if wider == "" && narrower == "" && was.otherRules(inParts) != is.otherRules(inParts) {
		narrower = "its rules changed"
	}
	return wider, narrower
}

// compareValues says whether some of the values to choose from are gone, and whether
// some are new. Nil stands for all values there are.
func compareValues(was, is []any) (gone, come bool) {
	switch {
	case was == nil || is == nil:
		return was == nil && is != nil, was != nil && is == nil
	}
	lacks := func(list []any) func(any) bool {
		return func(v any) bool {
			return !slices.ContainsFunc(list, func(w any) bool { return crdt.EqualValues(v, w) })
		}
	}
	return slices.ContainsFunc(was, lacks(is)), slices.ContainsFunc(is, lacks(was))
}

// bound is a keyword with a number that more values pass the higher (upper) or the
// lower it is, or with something that has no order.
type bound struct {
	word  string
	upper bool
	name  string
}

var bounds = []bound{
	{"minimum", false, "its least value"}, {"exclusiveMinimum", false, "its least value, not itself allowed,"},
	{"maximum", true, "its largest value"}, {"exclusiveMaximum", true, "its largest value, not itself allowed,"},
	{"minLength", false, "its least length"}, {"maxLength", true, "its largest length"},
	{"minItems", false, "its least number of entries"}, {"maxItems", true, "its largest number of entries"},
	{"minProperties", false, "its least number of keys"}, {"maxProperties", true, "its largest number of keys"},
	{"pattern", false, "its pattern"}, {"format", false, "its format"},
	{"multipleOf", false, "what it must be a multiple of"}, {"uniqueItems", false, "that entries must differ"},
}

// says tells how the bound changed.
func (b bound) says(was, is *shape) string {
	old, next := was.word(b.word), is.word(b.word)
	switch {
	case next == nil || next == false:
		return b.name + " no longer counts"
	case next == true:
		return b.name + " is new"
	case old == nil:
		return b.name + " is now " + shown(next)
	}
	return b.name + " is now " + shown(next) + " instead of " + shown(old)
}

// compare gives -1 when the new bound lets less through, +1 when more, 0 when the same.
func (b bound) compare(was, is *shape) int {
	old, next := was.word(b.word), is.word(b.word)
	if next == false {
		next = nil
	}
	if old == false {
		old = nil
	}
	m, numbers := old.(float64)
	n, alsoNumber := next.(float64)
	switch {
	case crdt.EqualValues(old, next):
		return 0
	case old == nil:
		return -1
	case next == nil:
		return +1
	case !numbers || !alsoNumber || b.word == "multipleOf":
		return -1
	case (n > m) == b.upper:
		return +1
	}
	return -1
}

// open reports whether an object may have keys that it does not name.
func (s *shape) open() bool {
	return !s.child("\x00").closed
}

// otherRules are the rules that compareRules and the comparison of fields do not look
// at one by one, in a form to compare as a whole.
func (s *shape) otherRules(inParts bool) string {
	seen := []string{"$ref", "$defs", "allOf", "anyOf", "oneOf", "then", "else", "type", "enum", "const", "additionalProperties"}
	if inParts {
		seen = append(seen, "properties", "patternProperties", "required", "unevaluatedProperties", "items")
	}
	for _, b := range bounds {
		seen = append(seen, b.word)
	}
	var list []any
	for _, n := range slices.Concat(s.must, s.may) {
		rest, ok := n.emit().(map[string]any)
		if !ok {
			continue
		}
		for _, word := range seen {
			delete(rest, word)
		}
		if len(rest) > 0 {
			list = append(list, rest)
		}
	}
	return crdt.Canonical(list)
}
