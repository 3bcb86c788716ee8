package condition

import (
	"slices"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates/words"
)

// operator is one comparison as people choose it. One that compares with something fixed
// (me, today, yes) is an operator of its own, so that nobody has to know how to write it.
type operator struct {
	id      string // in the form
	op      string // of the language
	text    string // a key of package words
	control control
	value   any // where there is no control
}

// with is an operator whose value is typed or chosen.
func with(op, text string, c control) operator { return operator{op, op, text, c, nil} }

// fixed is an operator whose value is said by its name.
func fixed(id, op, text string, value any) operator { return operator{id, op, text, noControl, value} }

var (
	isEmpty = fixed("empty", "empty", words.Key("is empty"), true)
	filled  = fixed("filled", "empty", words.Key("is filled in"), false)
	isMe    = fixed("is-me", "is", words.Key("is me"), "$me")
	notMe   = fixed("not-me", "not", words.Key("is not me"), "$me")
	hasMe   = fixed("has-me", "has", words.Key("has me"), "$me")
	isYes   = fixed("is-yes", "is", words.Key("is yes"), true)
	isNo    = fixed("is-no", "is", words.Key("is no"), false)
	notYes  = fixed("not-yes", "not", words.Key("is not yes"), true)
	notNo   = fixed("not-no", "not", words.Key("is not no"), false)
	noValue = fixed("is-null", "is", words.Key("has no value"), nil)
	aValue  = fixed("not-null", "not", words.Key("has a value"), nil)
)

// operatorsOf lists what a field can be compared by, the usual first. all includes those
// that are understood and shown where a condition has them, but not offered.
func operatorsOf(s *schema.Schema, f schema.Field, all bool) []operator {
	list := usual(s, f)
	if all {
		list = append(list, noValue, aValue)
	}
	return list
}

func usual(s *schema.Schema, f schema.Field) []operator {
	switch {
	case f.Type == "array":
		return listOperators(s, f)
	case f.Type == "object":
		return []operator{filled, isEmpty}
	case f.Type == "boolean":
		return []operator{isYes, isNo, notYes, notNo, filled, isEmpty}
	case len(choicesOf(s, f)) > 0:
		return []operator{
			with("is", words.Key("is"), oneChoice), with("not", words.Key("is not"), oneChoice),
			with("in", words.Key("is one of"), anyChoices), filled, isEmpty,
		}
	case f.Type == "number" || f.Type == "integer":
		return numberOperators()
	case f.Format == "date":
		return dayOperators()
	case f.Format == "date-time":
		return momentOperators()
	}
	return []operator{
		with("is", words.Key("is"), oneText), with("not", words.Key("is not"), oneText),
		with("contains", words.Key("contains"), oneText), with("starts", words.Key("begins with"), oneText),
		with("in", words.Key("is one of"), manyTexts), isMe, notMe, filled, isEmpty,
	}
}

func listOperators(s *schema.Schema, f schema.Field) []operator {
	if len(choicesOf(s, f)) > 0 {
		return []operator{with("has", words.Key("has"), oneChoice), filled, isEmpty}
	}
	switch elementType(s, f) {
	case "string":
		return []operator{with("has", words.Key("has"), oneText), hasMe, filled, isEmpty}
	case "number", "integer":
		return []operator{with("has", words.Key("has"), oneNumber), filled, isEmpty}
	}
	return []operator{filled, isEmpty}
}

func numberOperators() []operator {
	return []operator{
		with("is", words.Key("is"), oneNumber), with("not", words.Key("is not"), oneNumber),
		with("above", words.Key("is above"), oneNumber), with("below", words.Key("is below"), oneNumber),
		with("from", words.Key("is at least"), oneNumber), with("to", words.Key("is at most"), oneNumber),
		with("in", words.Key("is one of"), manyNumbers), filled, isEmpty,
	}
}

func dayOperators() []operator {
	return []operator{
		fixed("is-today", "is", words.Key("is today"), "$today"), with("is", words.Key("is"), oneDay),
		fixed("below-today", "below", words.Key("is before today"), "$today"), with("below", words.Key("is before"), oneDay),
		fixed("above-today", "above", words.Key("is after today"), "$today"), with("above", words.Key("is after"), oneDay),
		fixed("to-today", "to", words.Key("is not after today"), "$today"), with("to", words.Key("is not after"), oneDay),
		fixed("from-today", "from", words.Key("is not before today"), "$today"), with("from", words.Key("is not before"), oneDay),
		fixed("not-today", "not", words.Key("is not today"), "$today"), with("not", words.Key("is not"), oneDay), filled, isEmpty,
	}
}

func momentOperators() []operator {
	return []operator{
		fixed("below-now", "below", words.Key("is past"), "$now"), fixed("above-now", "above", words.Key("is still to come"), "$now"),
		fixed("below-today", "below", words.Key("is before today"), "$today"), fixed("from-today", "from", words.Key("is not before today"), "$today"),
		with("below", words.Key("is before"), oneMoment), with("above", words.Key("is after"), oneMoment),
		with("to", words.Key("is not after"), oneMoment), with("from", words.Key("is not before"), oneMoment), filled, isEmpty,
	}
}

// find gives the operator with an id.
func find(list []operator, id string) (operator, bool) {
	i := slices.IndexFunc(list, func(o operator) bool { return o.id == id })
	if i < 0 {
		return operator{}, false
	}
	return list[i], true
}
