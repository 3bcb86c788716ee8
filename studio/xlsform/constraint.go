package xlsform

import (
	"math"

	"github.com/fieldstack/fieldstack/schema"
)

// constrain turns each part of a constraint that has a counterpart into rules of the
// field, and gives for every other part why it has none.
func (q *question) constrain(e *expression) (left []error) {
	if e.op == "and" {
		for _, arg := range e.args {
			left = append(left, q.constrain(arg)...)
		}
		return left
	}
	if err := q.rule(e); err != nil {
		left = append(left, err)
	}
	return left
}

// rule is constrain for one part.
func (q *question) rule(e *expression) error {
	if e.op == "call" && e.text == "regex" && len(e.args) == 2 && e.args[0].op == "self" && e.args[1].op == "text" {
		return q.setPattern(e.args[1].text)
	}
	op := e.op
	if mirrored[op] == "" {
		return cannot("only comparisons with a number, regex and string-length have a counterpart")
	}
	left, right := e.args[0], e.args[1]
	if right.op == "self" || right.op == "call" && left.op != "self" {
		left, right, op = right, left, mirrored[op]
	}
	if right.op != "number" {
		if left.op == "self" && op == "!=" && right.op == "text" && right.text == "" {
			return nil // what is empty is checked by required
		}
		return cannot("it does not compare with a number")
	}
	switch {
	case left.op == "self" && (q.typ == "number" || q.typ == "integer"):
		return q.bound(op, right.n, "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
	case left.op == "call" && left.text == "string-length" && q.typ == "string":
		return q.size(op, right.n, "minLength", "maxLength")
	case left.op == "call" && left.text == "count-selected" && q.typ == "array":
		return q.size(op, right.n, "minItems", "maxItems")
	}
	return cannot("this kind of question has no such rule")
}

// bound sets a bound of a number. Where there is one already, the narrower stays.
func (q *question) bound(op string, n float64, least, most, over, under string) error {
	switch op {
	case ">=":
		q.narrow(least, n, 1)
	case "<=":
		q.narrow(most, n, -1)
	case ">":
		q.narrow(over, n, 1)
	case "<":
		q.narrow(under, n, -1)
	case "=":
		q.narrow(least, n, 1)
		q.narrow(most, n, -1)
	default:
		return cannot("a value that is not allowed has no counterpart")
	}
	return nil
}

func (q *question) narrow(word string, n, sign float64) {
	if before, ok := q.field.get(word).(float64); ok && before*sign >= n*sign {
		return
	}
	q.field.set(word, n)
}

// size sets a bound of a count.
func (q *question) size(op string, n float64, least, most string) error {
	if n != math.Trunc(n) || n < 0 || n > 1e9 {
		return cannot("a count is a whole number")
	}
	switch op {
	case ">":
		op, n = ">=", n+1
	case "<":
		op, n = "<=", max(0, n-1)
	}
	return q.bound(op, n, least, most, least, most)
}

// setPattern sets a pattern, if every device can run it. An XLSForm's holds for the
// whole text.
func (q *question) setPattern(pattern string) error {
	if q.typ != "string" || q.field.get("oneOf") != nil {
		return cannot("only a text has a pattern")
	}
	if q.field.get("pattern") != nil {
		return cannot("a field has one pattern")
	}
	whole := pattern
	if len(pattern) < 2 || pattern[0] != '^' || pattern[len(pattern)-1] != '$' {
		whole = "^(" + pattern + ")$"
	}
	try := &object{}
	try.set("type", "object")
	try.set("properties", map[string]any{"x": map[string]any{"type": "string", "pattern": whole}})
	text, err := try.MarshalJSON()
	if err != nil {
		return err
	}
	if _, err := schema.Parse(text); err != nil {
		return cannot("the pattern does not run on every device")
	}
	q.field.set("pattern", whole)
	return nil
}
