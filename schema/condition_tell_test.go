package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/schema"
)

// Tell names the parts that decided, with what they met.
func TestCondition_Tell(t *testing.T) {
	s := mustParseType(t, checkedType)
	value := map[string]any{"title": "Pump", "status": "done", "hours": 3.0}
	for text, want := range map[string]string{
		`true`:                           "holds: always",
		`{"field":"status","is":"open"}`: `fails: Status is "open" [done]`,
		`{"all":[{"field":"status","not":"open"},{"field":"hours","above":5},{"field":"title","is":"$me"}]}`: `fails: Hours is above 5 [3]; Title is me [Pump]`,
		`{"any":[{"field":"status","is":"open"},{"field":"hours","above":1}]}`:                               `holds: Hours is above 1 [3]`,
		`{"any":[{"field":"status","is":"open"},{"field":"count","empty":false}]}`:                           `fails: Status is "open" [done]; Count is filled in [<nil>]`,
		`{"none":[{"field":"status","is":"done"},{"field":"hours","above":5}]}`:                              `fails: Status is "done" [done]`,
		`{"none":[{"field":"status","is":"open"}]}`:                                                          `holds: Status is "open" [done]`,
		`{"all":[{"any":[]},true]}`: "fails: never",
	} {
		told := mustParse(t, []byte(text)).Tell(s, schema.Vars{Me: "kim"}, value)
		if got := tale(told); got != want {
			t.Errorf("%s: told %s\nwant %s", text, got, want)
		}
	}
}

// tale says a condition's answer in one line.
func tale(told *schema.Told) string {
	var parts []string
	for _, reason := range told.Because() {
		words := reason.Sentence.String()
		if reason.Field != nil {
			words += " [" + strings.TrimSpace(fmt.Sprint(reason.Met)) + "]"
		}
		parts = append(parts, words)
	}
	if told.Holds {
		return "holds: " + strings.Join(parts, "; ")
	}
	return "fails: " + strings.Join(parts, "; ")
}

// Whatever the condition and the record, the whole and each part hold exactly when Match
// says so, and reasons are there and of one mind with the whole, as far as no none turns them.
func TestCondition_TellIsMatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCondition(t)
		value := drawValue(t)
		vars := schema.Vars{Me: "kim", Now: 1_700_000_000_000}
		told := c.Tell(nil, vars, value)
		checkTold(t, c, told, vars, value)
		if len(told.Because()) == 0 {
			t.Fatalf("%s: no reason why it is %v", marshalAny(c), told.Holds)
		}
	})
}

func checkTold(t *rapid.T, c *schema.Condition, told *schema.Told, vars schema.Vars, value map[string]any) {
	if want := c.Resolve(vars).Match(value); told.Holds != want {
		t.Fatalf("%s of %v: told %v, Match says %v", marshalAny(c), value, told.Holds, want)
	}
	if len(told.Parts) != len(c.Subs) {
		t.Fatalf("%s: told of %d parts", marshalAny(c), len(told.Parts))
	}
	for i, sub := range c.Subs {
		checkTold(t, sub, told.Parts[i], vars, value)
	}
}
