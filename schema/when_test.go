package schema

import "testing"

// What x-when is looked at with: the record, or the nearest row or entry.
func TestWhenFits(t *testing.T) {
	for _, properties := range []string{
		`"a":{"x-when":{"field":"b","is":1},"x-section":"Costs"},"b":{"type":"number"}`,
		`"a":{"x-when":{"field":"c.d","empty":false}},"c":{"properties":{"d":{"x-when":{"field":"a","is":"$me"}}}}`,
		`"l":{"type":"array","items":{"type":"object","properties":{"x":{"type":"number"},"y":{"x-when":{"field":"x","above":2}},"z":{"type":"object","properties":{"u":{"x-when":{"field":"z.v","is":1}},"v":{}}}}}}`,
		`"m":{"type":"object","additionalProperties":{"type":"object","properties":{"x":{},"y":{"x-when":{"field":"x","is":2}}}}}`,
		`"a":{"$ref":"#/$defs/d"},"b":{"type":"number"}`,
	} {
		mustParse(t, `{"type":"object","properties":{`+properties+`},"$defs":{"d":{"x-when":{"field":"b","is":1}}}}`)
	}
}

// One that fits nothing is a mistake, told with its place.
func TestWhenMisfits(t *testing.T) {
	for text, want := range map[string]string{
		`{"type":"object","x-when":true}`:                                                                           `/x-when: The record as a whole can not have "x-when".`,
		`{"type":"object","x-section":"A"}`:                                                                         `/x-section: The record as a whole can not have "x-section".`,
		`{"properties":{"a":{"x-section":3}}}`:                                                                      `/properties/a/x-section: The field "a": "x-section" must be text.`,
		`{"properties":{"a":{"x-when":{"field":"b"}}}}`:                                                             `/properties/a/x-when: The field "a": "x-when" must be a condition: This condition says nothing; use "field" with one of is, not, in, above, below, from, to, has, contains, starts, empty; or one of all, any, none.`,
		`{"properties":{"a":{"x-when":{"all":[{"field":"b","is":1}]}}}}`:                                            `/properties/a/x-when/all/0/field: The "x-when" of the field "a" does not fit: There is no field "b" here; use the key of one of the type's fields.`,
		`{"properties":{"a":{"x-when":{"field":"b","is":"x"}},"b":{"type":"number"}}}`:                              `/properties/a/x-when/is: The "x-when" of the field "a" does not fit: B is a number; "x" is not.`,
		`{"properties":{"a":{"$ref":"#/$defs/d"}},"$defs":{"d":{"x-when":{"field":"b","is":1}}}}`:                   `/$defs/d/x-when/field: The "x-when" of the field "a" does not fit: There is no field "b" here; use the key of one of the type's fields.`,
		`{"properties":{"b":{},"l":{"type":"array","items":{"properties":{"y":{"x-when":{"field":"b","is":1}}}}}}}`: `/properties/l/items/properties/y/x-when/field: The "x-when" of the field "l.*.y" does not fit: There is no field "b" here; use the key of one of the type's fields.`,
	} {
		errs := mustRefuse(t, text)
		if got := errs[0].Path + ": " + errs[0].Message.String(); got != want || len(errs) != 1 {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// Being shown or not is no rule about the value.
func TestWhenAssertsNothing(t *testing.T) {
	s := mustParse(t, `{"type":"object","properties":{"a":{"type":"string","x-when":{"field":"b","is":1}},"b":{"type":"number"}},"required":["a"]}`)
	for text, count := range map[string]int{`{"a":"x","b":2}`: 0, `{"b":2}`: 1} {
		if problems := s.Validate(value(t, text).(map[string]any)); len(problems) != count {
			t.Errorf("%s: %+v", text, problems)
		}
	}
}
