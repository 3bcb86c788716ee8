package schema

import (
	"strconv"

	"github.com/fieldstack/fieldstack/crdt"
)

// Check says whether the condition fits a type: each field exists and the comparison
// makes sense for it. allowed, if not nil, says which top-level fields the asker may
// see; one that is not allowed is reported exactly as one that does not exist. The
// error is a *ConditionError that names the first thing wrong. A value that an enum
// or a bound forbids is no error: records older than the rule may hold it.
func (c *Condition) Check(s *Schema, allowed func(key string) bool) error {
	return c.check(s.Field, allowed, "")
}

// finder finds a field, as [Schema.Field] does.
type finder func(path []string) (Field, bool)

func (c *Condition) check(find finder, allowed func(string) bool, path string) error {
	switch {
	case c == nil || c.Op == opTrue || c.Op == opFalse:
		return nil
	case !isGroup(c.Op):
		return c.checkComparison(find, allowed, path)
	}
	for i, sub := range c.Subs {
		if err := sub.check(find, allowed, under(under(path, c.Op), strconv.Itoa(i))); err != nil {
			return err
		}
	}
	return nil
}

func (c *Condition) checkComparison(find finder, allowed func(string) bool, path string) error {
	// Nothing about the field is looked at before this, so that no answer differs by it.
	if len(c.Field) == 0 || allowed != nil && !allowed(c.Field[0]) {
		return c.noSuchField(path)
	}
	for depth := 1; depth < len(c.Field); depth++ {
		if outer, ok := find(c.Field[:depth]); ok && outer.Type == "array" {
			return &ConditionError{under(path, "field"), Says(`%s is a list, and a condition cannot look into one; use "has" or "empty" with the list itself.`, outer.Title)}
		}
	}
	field, ok := find(c.Field)
	if !ok {
		return c.noSuchField(path)
	}
	if fault := c.fault(field); !fault.IsEmpty() {
		return &ConditionError{under(path, c.Op), fault}
	}
	return nil
}

func (c *Condition) noSuchField(path string) error {
	return &ConditionError{under(path, "field"), Says("There is no field %s here; use the key of one of the type's fields.", crdt.Canonical(joinField(c.Field)))}
}

// fault says why the comparison makes no sense for the field, or nothing.
func (c *Condition) fault(field Field) Sentence {
	switch c.Op {
	case opIs, opNot:
		return faultOfValue(field, c.Value)
	case opIn:
		list, _ := c.Value.([]any)
		for _, v := range list {
			if fault := faultOfValue(field, v); !fault.IsEmpty() {
				return fault
			}
		}
	case opAbove, opBelow, opFrom, opTo:
		if field.Type == "boolean" || field.Type == "null" {
			return Says(`%s has no order; compare it with "is" or "not".`, field.Title)
		}
		return faultOfValue(field, c.Value)
	case opHas:
		if field.Type != "array" && field.Type != "any" {
			return Says(`%s is no list; compare it with "is" or "in".`, field.Title)
		}
	case opContains, opStarts:
		if field.Type != "string" && field.Type != "any" {
			return Says(`%s is no text, so "%s" cannot look into it.`, field.Title, c.Op)
		}
	}
	return Sentence{}
}

// faultOfValue says why the field can never equal v or be in order with it, or nothing.
func faultOfValue(field Field, v any) Sentence {
	switch field.Type {
	case "array":
		if v != nil {
			return Says(`%s is a list; use "has" or "empty" with it.`, field.Title)
		}
	case "object":
		if v != nil {
			return Says("%s is a group of fields; compare one of them, with a dot between the keys.", field.Title)
		}
	case "any":
		return Sentence{}
	}
	if v == nil || typeOf(v) == field.Type || field.Type == "integer" && isNumber(v) {
		return Sentence{}
	}
	return Says("%s is %s; %s is not.", field.Title, typeWords[field.Type], crdt.Canonical(v))
}

// typeOf names the JSON type of a scalar.
func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	}
	return "string"
}

// typeWords says what a field of each type holds.
var typeWords = map[string]Sentence{
	"string":  Says("a text"),
	"number":  Says("a number"),
	"integer": Says("a whole number"),
	"boolean": Says("true or false"),
	"null":    Says("always empty"),
}
