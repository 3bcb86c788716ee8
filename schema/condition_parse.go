package schema

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// ParseCondition reads a condition from JSON, strictly: no unknown members, at most
// 64 KiB, 16 levels and 200 parts, and what [crdt.ParseValue] asks of JSON. The error
// is a *ConditionError that names the first thing wrong.
func ParseCondition(text []byte) (*Condition, error) {
	// Sixteen levels are an object and a list each, and an in has one list more.
	v, err := crdt.ParseValue(text, crdt.Limits{Bytes: conditionBytes, Depth: 2*conditionDepth + 2})
	if err != nil {
		var at *crdt.ValueError
		if errors.As(err, &at) {
			return nil, &ConditionError{at.Path, SaysOfText(at)}
		}
		return nil, &ConditionError{"", Verbatim(err.Error())}
	}
	return ConditionFromValue(v)
}

// ConditionFromValue is ParseCondition for JSON that [crdt.ParseValue] has read. The
// condition keeps v's scalars and lists, which must not change from then on.
func ConditionFromValue(v any) (*Condition, error) {
	p := &conditionParser{}
	return p.condition(v, "", 1)
}

// conditionParser counts the parts of one condition while it is read.
type conditionParser struct {
	nodes int
}

// condition reads the condition v, which stands at the pointer path, depth levels deep.
func (p *conditionParser) condition(v any, path string, depth int) (*Condition, error) {
	p.nodes++
	if p.nodes > conditionNodes {
		return nil, &ConditionError{path, Says("A condition has at most %d parts; make it smaller.", conditionNodes)}
	}
	if depth > conditionDepth {
		return nil, &ConditionError{path, Says("A condition goes at most %d levels deep; flatten it.", conditionDepth)}
	}
	switch v := v.(type) {
	case bool:
		if v {
			return always(), nil
		}
		return never(), nil
	case map[string]any:
		return p.object(v, path, depth)
	}
	return nil, &ConditionError{path, Says(`A condition is true, false or an object such as {"field":"status","is":"done"}.`)}
}

// object reads a group or a comparison, whichever its one operator says.
func (p *conditionParser) object(v map[string]any, path string, depth int) (*Condition, error) {
	op, err := operator(v, path)
	if err != nil {
		return nil, err
	}
	if isGroup(op) {
		return p.group(op, v[op], path, depth)
	}
	return comparison(op, v, path)
}

// operator finds the one operator among the members, and refuses all that does not go
// with it. Members are looked at in order of their keys, so the same text always gets
// the same answer.
func operator(v map[string]any, path string) (string, error) {
	var ops []string
	_, hasField := v["field"]
	for _, key := range slices.Sorted(maps.Keys(v)) {
		switch {
		case isGroup(key) || isComparison(key):
			ops = append(ops, key)
		case key != "field":
			return "", &ConditionError{under(path, key), Says("%s is no part of a condition; use %s.", crdt.Canonical(key), operatorWords)}
		}
	}
	switch {
	case len(ops) == 0:
		return "", &ConditionError{path, Says("This condition says nothing; use %s.", operatorWords)}
	case len(ops) > 1:
		return "", &ConditionError{path, Says(`%q and %q are two conditions; join them with "all" or "any".`, ops[0], ops[1])}
	case isGroup(ops[0]) && hasField:
		return "", &ConditionError{under(path, "field"), Says(`%q goes without "field"; give each condition in it a field of its own.`, ops[0])}
	case !isGroup(ops[0]) && !hasField:
		return "", &ConditionError{path, Says(`%q needs "field" beside it: the key of the field to compare.`, ops[0])}
	}
	return ops[0], nil
}

var operatorWords = Says(`"field" with one of is, not, in, above, below, from, to, has, contains, starts, empty; or one of all, any, none`)

func isGroup(op string) bool { return op == opAll || op == opAny || op == opNone }

func isComparison(op string) bool {
	switch op {
	case opIs, opNot, opIn, opAbove, opBelow, opFrom, opTo, opHas, opContains, opStarts, opEmpty:
		return true
	}
	return false
}

func (p *conditionParser) group(op string, v any, path string, depth int) (*Condition, error) {
	path = under(path, op)
	list, ok := v.([]any)
	if !ok {
		return nil, &ConditionError{path, Says("%q needs a list of conditions.", op)}
	}
	c := &Condition{Op: op, Subs: make([]*Condition, 0, min(len(list), conditionNodes))}
	for i, item := range list {
		sub, err := p.condition(item, under(path, strconv.Itoa(i)), depth+1)
		if err != nil {
			return nil, err
		}
		c.Subs = append(c.Subs, sub)
	}
	return c, nil
}

// comparison reads the one field and what it is compared with.
func comparison(op string, v map[string]any, path string) (*Condition, error) {
	name, ok := v["field"].(string)
	if !ok {
		return nil, &ConditionError{under(path, "field"), Says(`"field" needs the key of a field, as text.`)}
	}
	keys, fault := splitField(name)
	if !fault.IsEmpty() {
		return nil, &ConditionError{under(path, "field"), fault}
	}
	if fault := checkOperand(op, v[op]); !fault.IsEmpty() {
		return nil, &ConditionError{under(path, op), fault}
	}
	return &Condition{Op: op, Field: keys, Value: v[op]}, nil
}

// checkOperand says what is wrong with a value that op compares with, or nothing.
func checkOperand(op string, v any) Sentence {
	fits, fault := false, Sentence{}
	switch op {
	case opIs, opNot:
		fits, fault = isScalar(v), Says("%q compares with a text, a number, true, false or null.", op)
	case opIn:
		return checkOperands(v)
	case opAbove, opBelow, opFrom, opTo:
		fits, fault = isText(v) || isNumber(v), Says("%q compares with a number or a text.", op)
	case opHas:
		fits, fault = isScalar(v) && v != nil, Says(`"has" looks for a text, a number, true or false.`)
	case opContains, opStarts:
		fits, fault = isText(v), Says("%q looks for a text.", op)
	case opEmpty:
		_, fits = v.(bool)
		fault = Says(`"empty" is true or false.`)
	}
	if fits {
		return Sentence{}
	}
	return fault
}

// checkOperands is checkOperand for the values of an in.
func checkOperands(v any) Sentence {
	list, ok := v.([]any)
	for _, item := range list {
		ok = ok && isScalar(item)
	}
	switch {
	case !ok:
		return Says(`"in" needs a list of texts, numbers, true, false or null.`)
	case len(list) > conditionValues:
		return Says(`"in" takes at most %d values.`, conditionValues)
	}
	return Sentence{}
}

func isText(v any) bool { _, ok := v.(string); return ok }

func isNumber(v any) bool { _, ok := v.(float64); return ok }

func isScalar(v any) bool {
	switch v.(type) {
	case nil, bool, float64, string:
		return true
	}
	return false
}

// splitField splits the path of a field at its dots, or says what is wrong with it.
func splitField(name string) (keys []string, fault Sentence) {
	var key strings.Builder
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '\\':
			i++
			if i == len(name) || name[i] != '.' && name[i] != '\\' {
				return nil, Says(`The field %s has a backslash that stands before neither a dot nor a backslash; write two for one.`, crdt.Canonical(name))
			}
			key.WriteByte(name[i])
		case c == '.':
			keys = append(keys, key.String())
			key.Reset()
		default:
			key.WriteByte(c)
		}
	}
	keys = append(keys, key.String())
	switch {
	case slices.Contains(keys, ""):
		return nil, Says("The field %s has an empty key; write keys joined by single dots.", crdt.Canonical(name))
	case len(keys) > conditionKeys:
		return nil, Says("The field of a condition goes at most %d keys deep.", conditionKeys)
	}
	return keys, Sentence{}
}

// joinField is the path that splitField splits into keys.
func joinField(keys []string) string {
	escaped := make([]string, len(keys))
	for i, key := range keys {
		escaped[i] = fieldEscaper.Replace(key)
	}
	return strings.Join(escaped, ".")
}

var fieldEscaper = strings.NewReplacer(`\`, `\\`, `.`, `\.`)

// MarshalJSON gives the condition in the form ParseCondition reads, the field first
// and all values canonical, so that equal conditions give equal bytes. A nil
// condition is true.
func (c *Condition) MarshalJSON() ([]byte, error) { return c.appendJSON(nil), nil }

func (c *Condition) appendJSON(dst []byte) []byte {
	switch {
	case c == nil:
		return append(dst, opTrue...)
	case c.Op == opTrue || c.Op == opFalse:
		return append(dst, c.Op...)
	case isGroup(c.Op):
		dst = append(dst, `{"`+c.Op+`":[`...)
		for i, sub := range c.Subs {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = sub.appendJSON(dst)
		}
		return append(dst, "]}"...)
	}
	dst = crdt.AppendValue(append(dst, `{"field":`...), joinField(c.Field))
	dst = crdt.AppendValue(append(dst, `,"`+c.Op+`":`...), c.Value)
	return append(dst, '}')
}

// UnmarshalJSON reads what ParseCondition reads, so that a condition can stand inside
// a larger JSON document. It is the one method that changes its receiver.
func (c *Condition) UnmarshalJSON(text []byte) error {
	read, err := ParseCondition(text)
	if err != nil {
		return err
	}
	*c = *read
	return nil
}

// under is the JSON Pointer to key inside what path points to.
func under(path, key string) string { return path + "/" + escape(key) }
