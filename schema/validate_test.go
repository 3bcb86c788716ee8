package schema

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func value(t testing.TB, text string) any {
	t.Helper()
	v, err := crdt.ParseValue([]byte(text), crdt.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// One problem of one field: %FIELD is its schema, then a value, then where, the rule
// and what the person reads.
func TestMessages(t *testing.T) {
	for _, c := range []struct{ field, value, path, rule, message string }{
		{`{"type":"string"}`, `3`, "/f", "type", `Fee must be text, not 3.`},
		{`{"type":["integer","null"]}`, `"x"`, "/f", "type", `Fee must be a whole number or nothing, not text.`},
		{`{"enum":["low","normal","high"]}`, `"urgentt"`, "/f", "enum", `Fee must be one of low, normal, high; "urgentt" is not.`},
		{`{"const":3}`, `4`, "/f", "const", `Fee must be 3; 4 is not.`},
		{`{"oneOf":[{"const":"a","title":"A"},{"const":"b"}]}`, `"c"`, "/f", "enum", `Fee must be one of A, b; "c" is not.`},
		{`{"type":"number","minimum":2}`, `1.5`, "/f", "minimum", `Fee must be at least 2; it is 1.5.`},
		{`{"type":"number","exclusiveMaximum":2}`, `2`, "/f", "exclusiveMaximum", `Fee must be less than 2; it is 2.`},
		{`{"multipleOf":0.01}`, `0.005`, "/f", "multipleOf", `Fee must be a multiple of 0.01; 0.005 is not.`},
		{`{"type":"string","minLength":1}`, `""`, "/f", "minLength", `Fee must not be empty.`},
		{`{"type":"string","maxLength":1}`, `"👍👍"`, "/f", "maxLength", `Fee takes at most 1 character; it has 2.`},
		{`{"pattern":"^\\d+$","description":"Digits only."}`, `"x"`, "/f", "pattern", `Fee does not have the form asked for (Digits only); "x" does not fit.`},
		{`{"format":"date"}`, `"2026-02-30"`, "/f", "format", `Fee must be a date such as 2026-03-09; "2026-02-30" is not.`},
		{`{"minItems":2}`, `[1]`, "/f", "minItems", `Fee needs at least 2 entries; it has 1.`},
		{`{"uniqueItems":true}`, `[1,1]`, "/f", "uniqueItems", `Fee has an entry twice.`},
		{`{"contains":{"const":1}}`, `[2]`, "/f", "contains", `Fee lacks an entry of the kind it must hold.`},
		{`{"not":{"const":1}}`, `1`, "/f", "not", `Fee has a value that is not allowed here.`},
		{`false`, `1`, "/f", "false", `Fee may not be filled in.`},
		{`{"required":["a"]}`, `{}`, "/f/a", "required", `A is required.`},
		{`{"properties":{"a":{"title":"Height"}},"dependentRequired":{"a":["b"]}}`, `{"a":1}`, "/f/b", "dependentRequired", `B is required when Height is filled in.`},
		{`{"additionalProperties":false}`, `{"50%s":1}`, "/f/50%s", "additionalProperties", `There is no field "50%s".`},
		{`{"type":"object","unevaluatedProperties":false}`, `{"x":1}`, "/f/x", "unevaluatedProperties", `There is no field "x".`},
		{`{"propertyNames":{"maxLength":1}}`, `{"xy":1}`, "/f/xy", "maxLength", `Xy takes at most 1 character; it has 2.`},
		{`{"maxProperties":1}`, `{"x":1,"y":2}`, "/f", "maxProperties", `Fee takes at most 1 field; it has 2.`},
		{`{"items":{"type":"number"}}`, `[1,"x"]`, "/f/1", "type", `Row 2 of Fee must be a number, not text.`},
		{`{"items":{"properties":{"q":{"title":"Quantity","type":"number"}}}}`, `[{},{"q":"x"}]`, "/f/1/q", "type", `Quantity in row 2 of Fee must be a number, not text.`},
		{`{"prefixItems":[true],"items":false}`, `[1,2]`, "/f/1", "items", `Entry 2 of Fee is one too many.`},
		{`{"anyOf":[{"type":"string","minLength":3},{"type":"number"}]}`, `"x"`, "/f", "minLength", `Fee needs at least 3 characters; it has 1.`},
		{`{"anyOf":[{"type":"string"},{"type":"number"}]}`, `true`, "/f", "anyOf", `Fee must be a number or text, in one of the forms that the type allows.`},
		{`{"oneOf":[{"properties":{"kind":{"const":"a"},"x":{"type":"number"}},"required":["x"]},{"properties":{"kind":{"const":"b"}},"required":["y"]}]}`, `{"kind":"a"}`, "/f/x", "required", `X is required.`},
		{`{"if":{"minimum":5},"then":{"maximum":7}}`, `9`, "/f", "maximum", `Fee must be at most 7; it is 9.`},
		{`{"oneOf":[{"type":"number"},{"minimum":3}]}`, `4`, "/f", "oneOf", `Fee fits more than one of the forms it may have; it must fit exactly one.`},
	} {
		s := mustParse(t, `{"type":"object","properties":{"f":{"allOf":[`+c.field+`],"title":"Fee"}}}`)
		got := s.Validate(map[string]any{"f": value(t, c.value)})
		if len(got) != 1 || got[0].Path != c.path || got[0].Rule != c.rule || got[0].Message.String() != c.message {
			t.Errorf("%s given %s:\n got %+v\nwant %s %s %s", c.field, c.value, got, c.path, c.rule, c.message)
		}
	}
}

// Problems come in the same order each time, though maps do not.
func TestProblemsAreStable(t *testing.T) {
	s := workOrder(t)
	broken := map[string]any{"title": 1.0, "due": "x", "tags": []any{"a", "a", 1.0}, "size": nil, "visits": -1.0, "parts": []any{1.0, "x"}}
	first := s.Validate(broken)
	if len(first) < 7 {
		t.Fatalf("%+v", first)
	}
	for range 20 {
		if again := s.Validate(broken); !reflect.DeepEqual(first, again) {
			t.Fatalf("once\n%+v\nthen\n%+v", first, again)
		}
	}
}

// The server gives the number, so a device's record is valid without it.
func TestSerialMayBeAbsent(t *testing.T) {
	s := workOrder(t)
	record := map[string]any{"title": "Fix the pump", "priority": "low"}
	if problems := s.Validate(record); problems != nil {
		t.Errorf("%+v", problems)
	}
	delete(record, "priority")
	if problems := s.Validate(record); len(problems) != 1 || problems[0].Path != "/priority" {
		t.Errorf("%+v", problems)
	}
}

// The rule of the checklist: a signature once it is done.
func TestConditionalRule(t *testing.T) {
	s := workOrder(t)
	problems := s.Validate(map[string]any{"title": "Fix the pump", "priority": "low", "status": "done"})
	want := []Problem{{Path: "/signedName", Field: "Signature name", Rule: "required", Message: Verbatim("Signature name is required.")}}
	if !slices.EqualFunc(problems, want, Problem.Equal) {
		t.Errorf("%+v", problems)
	}
}

// Odd keys find their way through pointers and URLs.
func TestOddKeys(t *testing.T) {
	for _, key := range []string{"a/b", "a~1b", "a%b", "a%2fb", "é", "a b", "#", "?x=1&y", `"`, `\`, "$ref", "$", "a.b", "properties", "%s", "not", "additionalProperties"} {
		quoted := crdt.Canonical(key)
		s := mustParse(t, `{"type":"object","properties":{`+quoted+`:{"type":"number","minimum":3}}}`)
		for _, v := range []any{"x", 2.0} {
			problems := s.Validate(map[string]any{key: v})
			if len(problems) != 1 || problems[0].Path != "/"+escape(key) || !strings.Contains(problems[0].Message.String(), "must be") {
				t.Errorf("%s: %+v", key, problems)
			}
			if problems := s.ValidateField([]string{key}, v, false); len(problems) != 1 {
				t.Errorf("ValidateField(%s): %+v", key, problems)
			}
		}
		if problems := s.Validate(map[string]any{key: 3.0}); problems != nil {
			t.Errorf("%s: %+v", key, problems)
		}
	}
}

func TestValidateField(t *testing.T) {
	s := workOrder(t)
	for _, c := range []struct {
		path    string
		value   string
		element bool
		message string // "" for valid
	}{
		{"title", `"Fix it"`, false, ""},
		{"title", `"x"`, false, "What is to be done needs at least 3 characters; it has 1."},
		{"parts/1.7/qty", `2`, false, ""},
		{"parts/1.7/qty", `0`, false, "Quantity in row of Parts must be at least 1; it is 0."},
		{"parts/1.7/colour", `0`, false, `Row of Parts has no field "colour".`},
		{"parts/1.7", `{"name":"x","qty":1}`, false, ""},
		{"parts/1.7", `{"qty":1}`, false, "Part in row of Parts is required."},
		{"tags", `"pump"`, true, ""},
		{"tags", `["pump"]`, false, ""},
		{"tags", `3`, true, "Tags must be text, not 3."},
		{"hours/ann", `1.5`, false, ""},
		{"hours/ann", `-1`, false, "Ann must be at least 0; it is -1."},
		{"site/zip", `"x"`, false, `Zip does not have the form asked for (Five digits); "x" does not fit.`},
		{"site/place/lat", `1`, false, "Place changes as a whole, not in parts."},
		{"signedName", `""`, false, ""}, // its rules hold only once the order is done
		{"answers/free", `[1,{}]`, false, ""},
		{"unheardOf", `1`, false, ""},
		{"answers/__proto__", `1`, false, `The key "__proto__" means something else to JavaScript.`},
	} {
		problems := s.ValidateField(strings.Split(c.path, "/"), value(t, c.value), c.element)
		got := ""
		if len(problems) > 0 {
			got = problems[0].Message.String()
		}
		if got != c.message || len(problems) > 1 {
			t.Errorf("%s = %s: %+v, want %q", c.path, c.value, problems, c.message)
		}
	}
}

// A field that only branches speak of must fit one of them.
func TestValidateFieldOfBranches(t *testing.T) {
	s := mustParse(t, `{"type":"object","oneOf":[{"properties":{"x":{"type":"number"}}},{"properties":{"x":{"type":"string","minLength":2}}}]}`)
	for text, valid := range map[string]bool{`1`: true, `"ab"`: true, `"a"`: false, `true`: false} {
		if problems := s.ValidateField([]string{"x"}, value(t, text), false); (problems == nil) != valid {
			t.Errorf("%s: %+v", text, problems)
		}
	}
}

// A value that Validate accepts, ValidateField accepts field by field.
func TestWholeAndFieldAgree(t *testing.T) {
	s := workOrder(t)
	record := value(t, `{"number":"WO-0001","title":"Fix the pump","priority":"low","status":"done","due":"2026-03-09","urgent":true,
		"visits":2,"meterReading":1.5,"notes":"a","log":"b","tags":["a"],"parts":[{"name":"Seal","qty":2}],"readings":[1,2],
		"range":[1,2],"site":{"zip":"12345","place":{"lat":1,"lon":2}},"hours":{"ann":2},"checklist":{"label":"x","steps":[{"label":"y"}]},
		"size":"L","signedBy":null,"anything":[],"settings":{"x":1},"signedName":"Ann","new":1}`).(map[string]any)
	if problems := s.Validate(record); problems != nil {
		t.Fatalf("%+v", problems)
	}
	for key, v := range record {
		if problems := s.ValidateField([]string{key}, v, false); problems != nil {
			t.Errorf("%s: %+v", key, problems)
		}
	}
}

// unevaluatedProperties leaves alone what some branch speaks of.
func TestValidateFieldBesideUnevaluated(t *testing.T) {
	for _, branch := range []string{`{"patternProperties":{"^x":{}}}`, `{"additionalProperties":true}`, `{"properties":{"x":true}}`, `{"unevaluatedProperties":true}`} {
		s := mustParse(t, `{"type":"object","unevaluatedProperties":false,"anyOf":[`+branch+`]}`)
		if problems := s.Validate(map[string]any{"x": 1.0}); problems != nil {
			t.Fatalf("%s: %+v", branch, problems)
		}
		if problems := s.ValidateField([]string{"x"}, 1.0, false); problems != nil {
			t.Errorf("%s: %+v", branch, problems)
		}
	}
}

// A field that a record may hold whenever another branch is the one it meets is not
// judged by itself.
func TestValidateFieldOfOneBranch(t *testing.T) {
	s := mustParse(t, `{"type":"object","oneOf":[{"properties":{"x":{"type":"number"}}},{"required":["y"]}]}`)
	if problems := s.Validate(map[string]any{"x": "a", "y": true}); problems != nil {
		t.Fatalf("%+v", problems)
	}
	if problems := s.ValidateField([]string{"x"}, "a", false); problems != nil {
		t.Errorf("%+v", problems)
	}
}
