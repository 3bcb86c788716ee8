package xlsform

import (
	"strconv"
)

// What conditions compare with one another: the field's own kind decides how a text in
// quotes is meant, as in XPath '5' is 5 where a number is.

// condition turns an expression into one of our conditions, as plain JSON; or says what
// of it has no counterpart. find gives the question of a name, nil for one that cannot
// be asked about from where the condition stands.
func condition(e *expression, find func(name string) *question) (any, error) {
	switch e.op {
	case "and", "or":
		group := map[string]string{"and": "all", "or": "any"}[e.op]
		var list []any
		for _, arg := range e.args {
			c, err := condition(arg, find)
			if err != nil {
				return nil, err
			}
			list = append(list, c)
		}
		return map[string]any{group: list}, nil
	case "call":
		return callCondition(e, find)
	case "=", "!=", "<", "<=", ">", ">=":
		return compared(e, find)
	}
	return nil, cannot("it is no comparison")
}

func callCondition(e *expression, find func(string) *question) (any, error) {
	switch {
	case e.text == "not" && len(e.args) == 1:
		c, err := condition(e.args[0], find)
		if err != nil {
			return nil, err
		}
		return map[string]any{"none": []any{c}}, nil
	case (e.text == "true" || e.text == "false") && len(e.args) == 0:
		return e.text == "true", nil
	case e.text == "selected" && len(e.args) == 2 && e.args[0].op == "ref" && e.args[1].op == "text":
		q := find(e.args[0].text)
		if q == nil {
			return nil, unknown(e.args[0].text)
		}
		if q.kind == "select_multiple" || q.kind == "rank" {
			return map[string]any{"field": q.key, "has": e.args[1].text}, nil
		}
		return asked(q, "is", e.args[1])
	}
	return nil, cannot("%s() has no counterpart", e.text)
}

func unknown(name string) error {
	return cannot("%s is no question that can be asked about from here", "${"+name+"}")
}

// mirrored is a comparison read from the right.
var mirrored = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// operators are the words of our conditions for comparisons.
var operators = map[string]string{"=": "is", "!=": "not", "<": "below", "<=": "to", ">": "above", ">=": "from"}

func compared(e *expression, find func(string) *question) (any, error) {
	left, right, op := e.args[0], e.args[1], e.op
	if left.op != "ref" {
		left, right, op = right, left, mirrored[op]
	}
	if left.op != "ref" || right.op != "text" && right.op != "number" && !isTruth(right) {
		return nil, cannot("only a question can be compared, and only with a value")
	}
	q := find(left.text)
	if q == nil {
		return nil, unknown(left.text)
	}
	if right.op == "text" && right.text == "" {
		switch op {
		case "=":
			return map[string]any{"field": q.key, "empty": true}, nil
		case "!=":
			return map[string]any{"field": q.key, "empty": false}, nil
		}
	}
	return asked(q, operators[op], right)
}

func isTruth(e *expression) bool {
	return e.op == "call" && (e.text == "true" || e.text == "false") && len(e.args) == 0
}

// asked compares a question with a value of its kind.
func asked(q *question, op string, with *expression) (any, error) {
	value, err := q.valueOf(with)
	if err != nil {
		return nil, err
	}
	equal := op == "is" || op == "not"
	switch value.(type) {
	case bool:
		if !equal {
			return nil, cannot("yes and no have no order")
		}
	case string:
		if !equal && q.field.get("format") == nil {
			return nil, cannot("only numbers and dates have an order")
		}
	}
	return map[string]any{"field": q.key, op: value}, nil
}

// valueOf reads a value as the question's kind has it.
func (q *question) valueOf(e *expression) (any, error) {
	text := e.text
	if e.op == "number" {
		text = strconv.FormatFloat(e.n, 'f', -1, 64)
	}
	switch q.typ {
	case "number", "integer":
		if e.op == "number" {
			return e.n, nil
		}
		if n, err := strconv.ParseFloat(text, 64); err == nil && !isTruth(e) {
			return n, nil
		}
	case "boolean":
		switch {
		case isTruth(e):
			return e.text == "true", nil
		case text == "OK" || text == "ok" || text == "yes" || text == "1" || text == "true":
			return true, nil
		}
	case "string":
		if !isTruth(e) {
			return text, nil
		}
	}
	return nil, cannot("%s cannot be compared with %q", q.key, text)
}
