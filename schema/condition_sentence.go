package schema

import (
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// sentenceValues is how many values of an in the sentence spells out.
const sentenceValues = 5

// Sentence says the condition in words, with the labels of s, for a person who reads
// a view or a rule: `Assignee is me and Status is not "done"`. It has no full stop, so
// that it can stand inside a sentence. A field that s does not know, or a nil s, gives
// the field's own path. Check first: the sentence shows labels without asking who reads.
func (c *Condition) Sentence(s *Schema) Sentence {
	said, _ := c.words(s)
	return said
}

// joint is how the parts of a sentence are joined.
type joint int

const (
	noJoint joint = iota
	byAnd
	byOr
)

// words gives the sentence, and what joins its parts.
func (c *Condition) words(s *Schema) (Sentence, joint) {
	switch {
	case c == nil || c.Op == opTrue:
		return Says("always"), noJoint
	case c.Op == opFalse:
		return Says("never"), noJoint
	case c.Op == opAll:
		return c.join(s, byAnd, Says("always"))
	case c.Op == opAny:
		return c.join(s, byOr, Says("never"))
	case c.Op == opNone && len(c.Subs) == 0:
		return Says("always"), noJoint
	case c.Op == opNone:
		inner, _ := c.join(s, byOr, Sentence{})
		return Says("not (%s)", inner), noJoint
	}
	return c.comparison(s), noJoint
}

// join says the parts of a group with a joint between them, and brackets around the
// parts that have another joint of their own.
func (c *Condition) join(s *Schema, by joint, none Sentence) (Sentence, joint) {
	if len(c.Subs) == 0 {
		return none, noJoint
	}
	if len(c.Subs) == 1 {
		return c.Subs[0].words(s)
	}
	var whole Sentence
	for i, sub := range c.Subs {
		part, inner := sub.words(s)
		if inner != noJoint && inner != by {
			part = Says("(%s)", part)
		}
		switch {
		case i == 0:
			whole = part
		case by == byAnd:
			whole = Says("%s and %s", whole, part)
		default:
			whole = Says("%s or %s", whole, part)
		}
	}
	return whole, by
}

// label names the field by the labels on the way to it.
func (c *Condition) label(s *Schema) string {
	labels := make([]string, len(c.Field))
	for i := range c.Field {
		var field Field
		known := false
		if s != nil {
			field, known = s.Field(c.Field[:i+1])
		}
		if !known {
			return joinField(c.Field)
		}
		labels[i] = field.Title
		if n := len(field.Path); n > 0 && field.Path[n-1] == "*" {
			labels[i] = c.Field[i]
		}
	}
	return strings.Join(labels, " › ")
}

// comparison says one field and what it is compared with.
func (c *Condition) comparison(s *Schema) Sentence {
	label := c.label(s)
	switch c.Op {
	case opIs, opNot:
		return c.equality(s, c.Op == opIs, c.Value)
	case opIn:
		return c.membership(s)
	case opHas:
		if c.Value == "$me" {
			return Says("%s has me", label)
		}
		return Says("%s has %s", label, c.shown(s, c.Value))
	case opContains:
		return Says("%s contains %s", label, valueWords(c.Value))
	case opStarts:
		return Says("%s begins with %s", label, valueWords(c.Value))
	case opEmpty:
		if c.Value == true {
			return Says("%s is empty", label)
		}
		return Says("%s is filled in", label)
	}
	if isVariable(c.Value) || c.isTime(s) {
		return c.timeOrder(label)
	}
	return c.order(label)
}

// order says an order among amounts.
func (c *Condition) order(label string) Sentence {
	value := valueWords(c.Value)
	switch c.Op {
	case opAbove:
		return Says("%s is above %s", label, value)
	case opBelow:
		return Says("%s is below %s", label, value)
	case opFrom:
		return Says("%s is at least %s", label, value)
	}
	return Says("%s is at most %s", label, value)
}

// timeOrder says an order among dates.
func (c *Condition) timeOrder(label string) Sentence {
	value := valueWords(c.Value)
	switch c.Op {
	case opAbove:
		return Says("%s is after %s", label, value)
	case opBelow:
		return Says("%s is before %s", label, value)
	case opFrom:
		return Says("%s is not before %s", label, value)
	}
	return Says("%s is not after %s", label, value)
}

func (c *Condition) isTime(s *Schema) bool {
	if s == nil {
		return false
	}
	field, _ := s.Field(c.Field)
	return field.Format == "date" || field.Format == "date-time" || field.Format == "time"
}

func (c *Condition) equality(s *Schema, is bool, v any) Sentence {
	label := c.label(s)
	switch {
	case v == nil && is:
		return Says("%s has no value", label)
	case v == nil:
		return Says("%s has a value", label)
	case is && v == "$me":
		return Says("%s is me", label)
	case v == "$me":
		return Says("%s is not me", label)
	case is:
		return Says("%s is %s", label, c.shown(s, v))
	}
	return Says("%s is not %s", label, c.shown(s, v))
}

func (c *Condition) membership(s *Schema) Sentence {
	list, _ := c.Value.([]any)
	switch len(list) {
	case 0:
		return Says("%s is one of nothing", c.label(s))
	case 1:
		return c.equality(s, true, list[0])
	}
	spelt := list
	if len(list) > sentenceValues+1 {
		spelt = list[:sentenceValues]
	}
	words := make(List, len(spelt))
	for i, item := range spelt {
		words[i] = c.shown(s, item)
	}
	if rest := len(list) - len(spelt); rest > 0 {
		return Says("%s is %s or %s more", c.label(s), words, strconv.Itoa(rest))
	}
	return Says("%s is %s or %s", c.label(s), words[:len(words)-1], words[len(words)-1])
}

// shown says a value as a person would: a choice by its label.
func (c *Condition) shown(s *Schema, v any) Sentence {
	if s != nil {
		field, _ := s.Field(c.Field)
		for _, o := range field.Options {
			if o.Title != "" && crdt.EqualValues(o.Value, v) {
				return Verbatim(crdt.Canonical(o.Title))
			}
		}
	}
	return valueWords(v)
}

// valueWords says a value as a person would.
func valueWords(v any) Sentence {
	switch v {
	case "$me":
		return Says("me")
	case "$now":
		return Says("now")
	case "$today":
		return Says("today")
	case true:
		return Says("yes")
	case false:
		return Says("no")
	case nil:
		return Says("no value")
	}
	return Verbatim(crdt.Canonical(v))
}
