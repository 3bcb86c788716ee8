package studio

import (
	"strings"
	"unicode"

	"github.com/fieldstack/fieldstack/schema"
)

// compile writes a condition as JSON Schema, for "if": it holds of a record exactly
// when the condition matches it. The error is a *Refusal: what JSON Schema has no words
// for is who looks and when, and which of two texts is the later.
func compile(c *schema.Condition) (any, error) {
	switch c.Op {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "all", "any", "none":
		return compileGroup(c)
	case "not":
		return not(test("is", c.Field, c.Value))
	}
	return test(c.Op, c.Field, c.Value)
}

func compileGroup(c *schema.Condition) (any, error) {
	if len(c.Subs) == 0 {
		return c.Op != "any", nil
	}
	if len(c.Subs) == 1 && c.Op != "none" {
		return compile(c.Subs[0])
	}
	var list []any
	for _, sub := range c.Subs {
		one, err := compile(sub)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	switch c.Op {
	case "all":
		return newObject("allOf", list), nil
	case "any":
		return newObject("anyOf", list), nil
	}
	return newObject("not", newObject("anyOf", list)), nil
}

func not(v any, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return newObject("not", v), nil
}

// test writes one comparison.
func test(op string, field []string, v any) (any, error) {
	if text, ok := v.(string); ok && (text == "$me" || text == "$now" || text == "$today") {
		return nil, refuse("value", "A rule that every validator understands cannot ask who is looking or what day it is: compare with a fixed value.")
	}
	nothing := newObject("not", newObject("enum", []any{nil, "", []any{}}))
	switch op {
	case "is":
		if v == nil {
			return newObject("not", holds(field, newObject("not", newObject("const", nil)))), nil
		}
		return holds(field, newObject("const", treeOf(v))), nil
	case "in":
		return testIn(field, v)
	case "above", "below", "from", "to":
		return testOrder(op, field, v)
	case "has":
		return holds(field, newObject("type", "array", "contains", newObject("const", treeOf(v)))), nil
	case "contains":
		return holds(field, textWith("", v)), nil
	case "starts":
		return holds(field, textWith("^", v)), nil
	case "empty":
		if v == true {
			return newObject("not", holds(field, nothing)), nil
		}
		return holds(field, nothing), nil
	}
	return nil, refuse("value", "This condition cannot be written as JSON Schema.")
}

func testIn(field []string, v any) (any, error) {
	list, _ := v.([]any)
	var values []any
	null := false
	for _, one := range list {
		if text, ok := one.(string); ok && strings.HasPrefix(text, "$") {
			if _, err := test("is", field, one); err != nil {
				return nil, err
			}
		}
		if one == nil {
			null = true
		} else {
			values = append(values, treeOf(one))
		}
	}
	var either []any
	if len(values) > 0 {
		either = append(either, holds(field, newObject("enum", values)))
	}
	if null {
		absent, _ := test("is", field, nil)
		either = append(either, absent)
	}
	switch len(either) {
	case 0:
		return false, nil
	case 1:
		return either[0], nil
	}
	return newObject("anyOf", either), nil
}

func testOrder(op string, field []string, v any) (any, error) {
	if _, ok := v.(float64); !ok {
		return nil, refuse("value", "JSON Schema can compare numbers, but not say which of two dates or texts is the later: ask for a number, or for a choice.")
	}
	word := map[string]string{"above": "exclusiveMinimum", "below": "exclusiveMaximum", "from": "minimum", "to": "maximum"}[op]
	return holds(field, newObject("type", "number", word, treeOf(v))), nil
}

// holds is the schema of an object in which what stands at the keys is there and fits
// inner.
func holds(keys []string, inner any) any {
	for i := len(keys) - 1; i >= 0; i-- {
		o := newObject("required", []any{keys[i]}, "properties", newObject(keys[i], inner))
		if i > 0 {
			o = newObject("type", "object", "required", o.get("required"), "properties", o.get("properties"))
		}
		inner = o
	}
	return inner
}

// textWith is the schema of a text that has another in it, letter case aside.
func textWith(before string, v any) *object {
	text, _ := v.(string)
	if text == "" {
		return newObject("type", "string")
	}
	var b strings.Builder
	b.WriteString(before)
	for _, r := range text {
		b.WriteString(anyCase(unicode.ToLower(r)))
	}
	return newObject("type", "string", "pattern", b.String())
}

// anyCase is the pattern of all characters that are r in lower case.
func anyCase(r rune) string {
	list := escaped(r)
	n := 1
	for _, in := range unicode.CaseRanges {
		for c := rune(in.Lo); c <= rune(in.Hi); c++ {
			if c != r && unicode.ToLower(c) == r {
				list += escaped(c)
				n++
			}
		}
	}
	if n == 1 {
		return list
	}
	return "[" + list + "]"
}

func escaped(r rune) string {
	if strings.ContainsRune(`^$\.*+?()[]{}|/`, r) {
		return `\` + string(r)
	}
	return string(r)
}
