package sqlite

import (
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// compiler turns a query into SQL over the row of a record. Whatever a person gave
// becomes an argument, never text.
type compiler struct {
	fields *fields
	args   []any
	exact  bool // the SQL is true of exactly what the condition is true of
	walk   bool // no index is to be used for what is compiled now
}

// arg adds an argument and gives its place.
func (c *compiler) arg(v any) string {
	c.args = append(c.args, v)
	return "?" + strconv.Itoa(len(c.args))
}

// maxArgs keeps statements below SQLite's limit of 32,766 arguments; a condition that
// would need more is decided by Go.
const maxArgs = 30000

// field gives the sort keys of a field, and its JSON path.
func (c *compiler) field(field []string) (keys sortKeys, path string, err error) {
	path, err = jsonPath(field)
	if err != nil {
		return keys, "", err
	}
	keys, ok := c.fields.columns(path)
	if !ok {
		keys = keysOf(c.arg(path))
	} else if c.walk {
		keys = sortKeys{rank: "+" + keys.rank, value: "+" + keys.value} // to SQLite the same, but nothing it has an index of
	}
	return keys, path, nil
}

// condition compiles c. Where SQL cannot decide, it errs to the side that wanted
// names: true lets too much through, false too little; and exact becomes false.
func (c *compiler) condition(cond *schema.Condition, wanted bool) (string, error) {
	switch cond.Op {
	case "true":
		return "TRUE", nil
	case "false":
		return "FALSE", nil
	case "all":
		return c.group(cond.Subs, " AND ", "TRUE", wanted)
	case "any":
		return c.group(cond.Subs, " OR ", "FALSE", wanted)
	case "none":
		text, err := c.group(cond.Subs, " OR ", "FALSE", !wanted)
		return "NOT " + text, err
	}
	return c.comparison(cond, wanted)
}

func (c *compiler) group(subs []*schema.Condition, join, empty string, wanted bool) (string, error) {
	if len(subs) == 0 {
		return empty, nil
	}
	parts := make([]string, len(subs))
	for i, sub := range subs {
		text, err := c.condition(sub, wanted)
		if err != nil {
			return "", err
		}
		parts[i] = text
	}
	return "(" + strings.Join(parts, join) + ")", nil
}

func (c *compiler) comparison(cond *schema.Condition, wanted bool) (string, error) {
	f, path, err := c.field(cond.Field)
	if err != nil {
		return "", err
	}
	switch cond.Op {
	case "is":
		return c.is(f, []any{cond.Value}), nil
	case "not":
		return "NOT " + c.is(f, []any{cond.Value}), nil
	case "in":
		if list, _ := cond.Value.([]any); len(c.args)+len(list) < maxArgs {
			return c.is(f, list), nil
		}
	case "above", "below", "from", "to":
		return c.ordered(f, cond.Op, cond.Value), nil
	case "has":
		return c.has(c.arg(path), cond.Value), nil
	case "empty":
		return c.empty(f, c.arg(path), cond.Value), nil
	}
	return c.undecided(wanted), nil
}

// undecided stands for what Go has to decide.
func (c *compiler) undecided(wanted bool) string {
	c.exact = false
	if wanted {
		return "TRUE"
	}
	return "FALSE"
}

// is compares a field with scalars; lists and objects equal nothing.
func (c *compiler) is(f sortKeys, values []any) string {
	var texts, numbers []string
	var parts []string
	for _, value := range values {
		switch v := value.(type) {
		case string:
			texts = append(texts, c.arg(v))
		case float64:
			numbers = append(numbers, c.arg(v))
		default:
			if rank, ok := rankOf(v); ok {
				parts = append(parts, f.rank+" = "+rank)
			}
		}
	}
	parts = append(parts, f.among(rankText, texts)...)
	parts = append(parts, f.among(rankNumber, numbers)...)
	if len(parts) == 0 {
		return "FALSE"
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// among is a term that the value has the rank and is one of these; none for none.
func (f sortKeys) among(rank int, values []string) []string {
	switch len(values) {
	case 0:
		return nil
	case 1:
		return []string{"(" + f.rank + " = " + strconv.Itoa(rank) + " AND " + f.value + " = " + values[0] + ")"}
	}
	return []string{"(" + f.rank + " = " + strconv.Itoa(rank) + " AND " + f.value + " IN (" + strings.Join(values, ", ") + "))"}
}

// rankOf gives the rank that says all about a value: of null and the booleans.
func rankOf(v any) (rank string, ok bool) {
	switch v {
	case nil:
		return strconv.Itoa(rankNull), true
	case false:
		return strconv.Itoa(rankFalse), true
	case true:
		return strconv.Itoa(rankTrue), true
	}
	return "", false
}

var orderSigns = map[string]string{"above": " > ", "below": " < ", "from": " >= ", "to": " <= "}

// ordered compares numbers with a number, texts with a text.
func (c *compiler) ordered(f sortKeys, op string, value any) string {
	rank := rankNumber
	switch value.(type) {
	case string:
		rank = rankText
	case float64:
	default:
		return "FALSE"
	}
	return "(" + f.rank + " = " + strconv.Itoa(rank) + " AND " + f.value + orderSigns[op] + c.arg(value) + ")"
}

// has looks for a scalar in a list.
func (c *compiler) has(path string, value any) string {
	var element string
	switch v := value.(type) {
	case string:
		element = "e.type = 'text' AND e.atom = " + c.arg(v)
	case float64:
		element = "e.type IN ('integer', 'real') AND CAST(e.atom AS REAL) = " + c.arg(v)
	case bool:
		element = "e.type = '" + strconv.FormatBool(v) + "'"
	case nil:
		element = "e.type = 'null'"
	default:
		return "FALSE"
	}
	return "(json_type(value, " + path + ") = 'array' IS TRUE" +
		" AND EXISTS (SELECT 1 FROM json_each(records.value, " + path + ") AS e WHERE " + element + "))"
}

// empty compares with whether the field is absent, null, "" or [].
func (c *compiler) empty(f sortKeys, path string, value any) string {
	is := "(" + f.rank + " = 0 OR (" + f.rank + " = 4 AND " + f.value + " = '')" +
		" OR json_array_length(value, " + path + ") = 0 AND json_type(value, " + path + ") = 'array')"
	switch value {
	case true:
		return "(" + is + " IS TRUE)"
	case false:
		return "(" + is + " IS NOT TRUE)"
	}
	return "FALSE"
}
