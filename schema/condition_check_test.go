package schema_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

const checkedType = `{
	"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
	"properties": {
		"title": {"type": "string", "title": "Title"},
		"status": {"type": "string", "title": "Status", "enum": ["open", "done"]},
		"hours": {"type": "number", "title": "Hours"},
		"count": {"type": "integer", "title": "Count"},
		"urgent": {"type": "boolean", "title": "Urgent"},
		"due": {"type": "string", "format": "date", "title": "Due date"},
		"tags": {"type": "array", "title": "Tags", "uniqueItems": true, "items": {"type": "string"}},
		"parts": {"type": "array", "title": "Parts", "items": {"type": "object", "properties": {"qty": {"type": "integer"}}}},
		"address": {"type": "object", "title": "Address", "properties": {"city": {"type": "string", "title": "City"}, "zip.code": {"type": "string"}}},
		"readings": {"type": "object", "title": "Readings", "additionalProperties": {"type": "number"}},
		"either": {"type": ["string", "number"], "title": "Either"},
		"salary": {"type": "number", "title": "Salary"}
	}
}`

func mustParseType(tb testing.TB, text string) *schema.Schema {
	tb.Helper()
	s, err := schema.Parse([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// Check takes what makes sense for the type and refuses the rest, saying where and why.
func TestCondition_Check(t *testing.T) {
	s := mustParseType(t, checkedType)
	for text, want := range map[string]string{ // "": fits; else the path and the sentence
		`true`: "",
		`{"all":[{"field":"title","contains":"x"},{"field":"status","not":"done"}]}`: "",
		`{"field":"status","is":"gone from the enum"}`:                               "",
		`{"field":"hours","above":1.5}`:                                              "",
		`{"field":"count","is":2}`:                                                   "",
		`{"field":"count","in":[1,null]}`:                                            "",
		`{"field":"urgent","is":true}`:                                               "",
		`{"field":"due","below":"$today"}`:                                           "",
		`{"field":"tags","has":"x"}`:                                                 "",
		`{"field":"tags","is":null}`:                                                 "",
		`{"field":"parts","empty":false}`:                                            "",
		`{"field":"address","empty":true}`:                                           "",
		`{"field":"address.city","starts":"B"}`:                                      "",
		`{"field":"address.zip\\.code","is":"2500"}`:                                 "",
		`{"field":"readings.2024-05","above":3}`:                                     "",
		`{"field":"either","above":"x"}`:                                             "",
		`{"field":"either","contains":"x"}`:                                          "",

		`{"field":"titel","is":"x"}`:                                   `/field: There is no field "titel" here; use the key of one of the type's fields.`,
		`{"field":"Title","is":"x"}`:                                   `/field: There is no field "Title" here; use the key of one of the type's fields.`,
		`{"field":"address.zip.code","is":"x"}`:                        `/field: There is no field "address.zip.code" here; use the key of one of the type's fields.`,
		`{"field":"title.x","is":"x"}`:                                 `/field: There is no field "title.x" here; use the key of one of the type's fields.`,
		`{"field":"parts.qty","is":1}`:                                 `/field: Parts is a list, and a condition cannot look into one; use "has" or "empty" with the list itself.`,
		`{"any":[true,{"none":[{"field":"hours","is":"3"}]}]}`:         `/any/1/none/0/is: Hours is a number; "3" is not.`,
		`{"field":"hours","above":"$now"}`:                             `/above: Hours is a number; "$now" is not.`,
		`{"field":"count","in":[1,true]}`:                              `/in: Count is a whole number; true is not.`,
		`{"field":"title","is":3}`:                                     `/is: Title is a text; 3 is not.`,
		`{"field":"title","from":3}`:                                   `/from: Title is a text; 3 is not.`,
		`{"field":"urgent","not":"yes"}`:                               `/not: Urgent is true or false; "yes" is not.`,
		`{"field":"urgent","above":0}`:                                 `/above: Urgent has no order; compare it with "is" or "not".`,
		`{"field":"tags","is":"x"}`:                                    `/is: Tags is a list; use "has" or "empty" with it.`,
		`{"field":"tags","to":"x"}`:                                    `/to: Tags is a list; use "has" or "empty" with it.`,
		`{"field":"tags","contains":"x"}`:                              `/contains: Tags is no text, so "contains" cannot look into it.`,
		`{"field":"hours","starts":"1"}`:                               `/starts: Hours is no text, so "starts" cannot look into it.`,
		`{"field":"title","has":"x"}`:                                  `/has: Title is no list; compare it with "is" or "in".`,
		`{"field":"address","is":"Bern"}`:                              `/is: Address is a group of fields; compare one of them, with a dot between the keys.`,
		`{"all":[{"field":"gone","is":1},{"field":"hours","is":"3"}]}`: `/all/0/field: There is no field "gone" here; use the key of one of the type's fields.`,
	} {
		got := ""
		var fault *schema.ConditionError
		if err := mustParse(t, []byte(text)).Check(s, nil); errors.As(err, &fault) {
			got = fault.Path + ": " + fault.Message.String()
		} else if err != nil {
			t.Errorf("%s: %v is no *ConditionError", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
	if err := (*schema.Condition)(nil).Check(s, nil); err != nil {
		t.Errorf("a nil condition does not fit: %v", err)
	}
}

// A field that the asker may not see is reported as one that is not there: the error
// is the same to the byte, whatever the field is and whatever is asked of it.
func TestCondition_CheckHidesFields(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{
			`{"type":"string"}`, `{"type":"number"}`, `{"type":"boolean"}`, `{"type":["string","null"]}`, `{"type":"string","enum":["a"]}`,
			`{"type":"array","uniqueItems":true,"items":{"type":"string"}}`,
			`{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}}}`,
			`{"type":"object","properties":{"a":{"type":"string","title":"Secret"},"b":{"type":"array"}}}`,
			`{"type":"object","additionalProperties":{"type":"number"}}`, `{}`,
		}).Draw(t, "kind")
		const others = `"b":{"type":"string"},"c":{"type":"object","properties":{"a":{"type":"number"}}}`
		with, err := schema.Parse([]byte(`{"type":"object","properties":{"a":` + kind + `,` + others + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		without, err := schema.Parse([]byte(`{"type":"object","properties":{` + others + `}}`))
		if err != nil {
			t.Fatal(err)
		}
		c := drawCondition(t)
		if c.Field != nil {
			c.Field = append([]string{"a"}, rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "0"}), 0, 2).Draw(t, "inside")...)
		}
		hidden := c.Check(with, func(key string) bool { return key != "a" })
		missing := c.Check(without, nil)
		if diff := cmp.Diff(told(missing), told(hidden)); diff != "" {
			t.Fatalf("%s tells that %s is there:\n%s", marshalAny(c), kind, diff)
		}
	})
}

// told is all that an error says.
func told(err error) []string {
	var fault *schema.ConditionError
	if errors.As(err, &fault) {
		return []string{fault.Path, fault.Message.String(), err.Error()}
	}
	if err != nil {
		return []string{err.Error()}
	}
	return nil
}

// The sentence says the condition in the type's labels.
func TestCondition_Sentence(t *testing.T) {
	s := mustParseType(t, checkedType)
	for text, want := range map[string]string{
		`true`:        `always`,
		`false`:       `never`,
		`{"all":[]}`:  `always`,
		`{"any":[]}`:  `never`,
		`{"none":[]}`: `always`,
		`{"all":[{"field":"title","is":"$me"},{"field":"status","not":"done"}]}`:                                             `Title is me and Status is not "done"`,
		`{"any":[{"field":"urgent","is":true},{"all":[{"field":"hours","above":2},{"field":"hours","to":8}]}]}`:              `Urgent is yes or (Hours is above 2 and Hours is at most 8)`,
		`{"all":[{"all":[{"field":"urgent","is":false}]},{"all":[{"field":"hours","from":2},{"field":"hours","below":8}]}]}`: `Urgent is no and Hours is at least 2 and Hours is below 8`,
		`{"all":[{"any":[{"field":"urgent","is":true}]},{"field":"tags","has":"x"}]}`:                                        `Urgent is yes and Tags has "x"`,
		`{"none":[{"field":"status","is":"done"},{"field":"site","empty":true}]}`:                                            `not (Status is "done" or site is empty)`,
		`{"none":[{"all":[{"field":"urgent","is":true},{"field":"title","empty":false}]}]}`:                                  `not (Urgent is yes and Title is filled in)`,
		`{"any":[{"none":[true]},true]}`:          `not (always) or always`,
		`{"field":"status","in":["open","done"]}`: `Status is "open" or "done"`,
		`{"field":"status","in":["open"]}`:        `Status is "open"`,
		`{"field":"status","in":[]}`:              `Status is one of nothing`,
		`{"field":"count","in":[1,2,3,4,5,6]}`:    `Count is 1, 2, 3, 4, 5 or 6`,
		`{"field":"count","in":[1,2,3,4,5,6,7]}`:  `Count is 1, 2, 3, 4, 5 or 2 more`,
		`{"field":"status","in":["open",null]}`:   `Status is "open" or no value`,
		`{"field":"status","is":null}`:            `Status has no value`,
		`{"field":"status","not":null}`:           `Status has a value`,
		`{"field":"due","below":"$today"}`:        `Due date is before today`,
		`{"field":"due","from":"2024-05-27"}`:     `Due date is not before "2024-05-27"`,
		`{"field":"title","to":"$now"}`:           `Title is not after now`,
		`{"field":"due","above":"2024-05-27"}`:    `Due date is after "2024-05-27"`,
		`{"field":"title","contains":"a\"b"}`:     `Title contains "a\"b"`,
		`{"field":"title","starts":"x"}`:          `Title begins with "x"`,
		`{"field":"address.city","is":"Bern"}`:    `Address › City is "Bern"`,
		`{"field":"readings.2024-05","above":3}`:  `Readings › 2024-05 is above 3`,
		`{"field":"address.gone","is":"x"}`:       `address.gone is "x"`,
	} {
		if got := mustParse(t, []byte(text)).Sentence(s).String(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
	if got := (*schema.Condition)(nil).Sentence(s).String(); got != "always" {
		t.Errorf("a nil condition says %q", got)
	}
	if got := mustParse(t, []byte(`{"field":"a.b","is":1}`)).Sentence(nil).String(); got != "a.b is 1" {
		t.Errorf("without a type: %q", got)
	}
}

// Conditions that Check takes are about fields that are there: each can be met by
// some value, and one of a field's own values never makes Match panic.
func TestCondition_CheckedMatches(t *testing.T) {
	s := mustParseType(t, checkedType)
	value := map[string]any{"title": "x", "hours": 1.5, "tags": []any{"a"}, "address": map[string]any{"city": "Bern"}}
	for text, want := range map[string]bool{
		`{"field":"address.city","starts":"b"}`: true,
		`{"field":"tags","has":"a"}`:            true,
		`{"field":"hours","above":1.5}`:         false,
	} {
		c := mustParse(t, []byte(text))
		if err := c.Check(s, nil); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got := c.Match(value); got != want {
			t.Errorf("%s: got %v on %s", text, got, crdt.Canonical(value))
		}
	}
}
