package schema

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// rules compares which values two versions of a field allow. A rule that changed in a
// way that can not be ordered counts as narrower: better one warning too many.
func (c *comparer) rules(was, is *field) {
	inParts := is.Strategy == crdt.Map || is.Strategy == crdt.List
	wider, narrower := compareRules(was.shape, is.shape, inParts)
	if narrower.IsEmpty() && was.Unique != is.Unique && is.Unique {
		narrower = Says("it must be unique")
	}
	name := Verbatim(is.Title)
	if len(is.Path) == 0 {
		name = Says("The record")
	}
	if !narrower.IsEmpty() {
		c.add(is.Path, "narrowed", Says("%s allows less than before: %s.", name, narrower), lateRules)
	}
	if !wider.IsEmpty() {
		c.add(is.Path, "widened", Says("%s allows more than before: %s.", name, wider), Sentence{})
	}
}

// compareRules says what is wider and what is narrower, empty for nothing. inParts says
// that the parts of the value are fields, and compared as such.
func compareRules(was, is *shape, inParts bool) (wider, narrower Sentence) {
	both := intersect(was.types, is.types)
	if !slices.Equal(both, was.types) {
		narrower = Says("it must be %s", describeTypes(is.types))
	}
	if !slices.Equal(both, is.types) {
		wider = Says("it may be %s", describeTypes(is.types))
	}
	note := func(to *Sentence, text Sentence) {
		if to.IsEmpty() {
			*to = text
		}
	}
	gone, come := compareValues(was.values(), is.values())
	if gone {
		note(&narrower, Says("there is less to choose from"))
	}
	if come {
		note(&wider, Says("there is more to choose from"))
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
		note(&narrower, Says("no other fields may be filled in"))
	} else if isOpen && !wasOpen {
		note(&wider, Says("other fields may be filled in"))
	}
	if wider.IsEmpty() && narrower.IsEmpty() && was.otherRules(inParts) != is.otherRules(inParts) {
		narrower = Says("its rules changed")
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
	name  Sentence
}

var bounds = []bound{
	{"minimum", false, Says("its least value")}, {"exclusiveMinimum", false, Says("its least value, not itself allowed,")},
	{"maximum", true, Says("its largest value")}, {"exclusiveMaximum", true, Says("its largest value, not itself allowed,")},
	{"minLength", false, Says("its least length")}, {"maxLength", true, Says("its largest length")},
	{"minItems", false, Says("its least number of entries")}, {"maxItems", true, Says("its largest number of entries")},
	{"minProperties", false, Says("its least number of keys")}, {"maxProperties", true, Says("its largest number of keys")},
	{"pattern", false, Says("its pattern")}, {"format", false, Says("its format")},
	{"multipleOf", false, Says("what it must be a multiple of")}, {"uniqueItems", false, Says("that entries must differ")},
}

// says tells how the bound changed.
func (b bound) says(was, is *shape) Sentence {
	old, next := was.word(b.word), is.word(b.word)
	switch {
	case next == nil || next == false:
		return Says("%s no longer counts", b.name)
	case next == true:
		return Says("%s is new", b.name)
	case old == nil:
		return Says("%s is now %s", b.name, shown(next))
	}
	return Says("%s is now %s instead of %s", b.name, shown(next), shown(old))
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
