package schema

import (
	"fmt"
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
	text, _ := c.words(s)
	return Verbatim(text)
}

// words gives the sentence, and the word that joins its parts, "" where it has none.
func (c *Condition) words(s *Schema) (text, joint string) {
	switch {
	case c == nil || c.Op == opTrue:
		return "always", ""
	case c.Op == opFalse:
		return "never", ""
	case c.Op == opAll:
		return c.join(s, " and ", "always")
	case c.Op == opAny:
		return c.join(s, " or ", "never")
	case c.Op == opNone && len(c.Subs) == 0:
		return "always", ""
	case c.Op == opNone:
		inner, _ := c.join(s, " or ", "")
		return "not (" + inner + ")", ""
	}
	return c.label(s) + " " + c.predicate(s), ""
}

// join says the parts of a group with joint between them, and brackets around the
// parts that have another joint of their own.
func (c *Condition) join(s *Schema, joint, none string) (text, own string) {
	if len(c.Subs) == 0 {
		return none, ""
	}
	if len(c.Subs) == 1 {
		return c.Subs[0].words(s)
	}
	parts := make([]string, len(c.Subs))
	for i, sub := range c.Subs {
		part, inner := sub.words(s)
		if inner != "" && inner != joint {
			part = "(" + part + ")"
		}
		parts[i] = part
	}
	return strings.Join(parts, joint), joint
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

// predicate says the comparison without its field.
func (c *Condition) predicate(s *Schema) string {
	switch c.Op {
	case opIs, opNot:
		return c.equality(s, c.Op == opIs, c.Value)
	case opIn:
		return c.membership(s)
	case opHas:
		return "has " + c.shown(s, c.Value)
	case opContains:
		return "contains " + valueWords(c.Value)
	case opStarts:
		return "begins with " + valueWords(c.Value)
	case opEmpty:
		if c.Value == true {
			return "is empty"
		}
		return "is filled in"
	}
	words := orderWords
	if isVariable(c.Value) || c.isTime(s) {
		words = timeWords
	}
	return words[c.Op] + " " + valueWords(c.Value)
}

// orderWords and timeWords say an order among amounts and among dates.
var (
	orderWords = map[string]string{opAbove: "is above", opBelow: "is below", opFrom: "is at least", opTo: "is at most"}
	timeWords  = map[string]string{opAbove: "is after", opBelow: "is before", opFrom: "is not before", opTo: "is not after"}
)

func (c *Condition) isTime(s *Schema) bool {
	if s == nil {
		return false
	}
	field, _ := s.Field(c.Field)
	return field.Format == "date" || field.Format == "date-time" || field.Format == "time"
}

func (c *Condition) equality(s *Schema, is bool, v any) string {
	switch {
	case v == nil && is:
		return "has no value"
	case v == nil:
		return "has a value"
	case is:
		return "is " + c.shown(s, v)
	}
	return "is not " + c.shown(s, v)
}

func (c *Condition) membership(s *Schema) string {
	list, _ := c.Value.([]any)
	switch len(list) {
	case 0:
		return "is one of nothing"
	case 1:
		return c.equality(s, true, list[0])
	}
	shown := list
	if len(list) > sentenceValues+1 {
		shown = list[:sentenceValues]
	}
	words := make([]string, len(shown))
	for i, item := range shown {
		words[i] = c.shown(s, item)
	}
	last := words[len(words)-1]
	if rest := len(list) - len(shown); rest > 0 {
		words, last = append(words, ""), fmt.Sprintf("%d more", rest)
	}
	return "is " + strings.Join(words[:len(words)-1], ", ") + " or " + last
}

// shown says a value as a person would: a choice by its label.
func (c *Condition) shown(s *Schema, v any) string {
	if s != nil {
		field, _ := s.Field(c.Field)
		for _, o := range field.Options {
			if o.Title != "" && crdt.EqualValues(o.Value, v) {
				return crdt.Canonical(o.Title)
			}
		}
	}
	return valueWords(v)
}

// valueWords says a value as a person would.
func valueWords(v any) string {
	switch v {
	case "$me":
		return "me"
	case "$now":
		return "now"
	case "$today":
		return "today"
	case true:
		return "yes"
	case false:
		return "no"
	case nil:
		return "no value"
	}
	return crdt.Canonical(v)
}
