package schema

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// One thing that another draft says differently: what was written, and what Parse gets.
func TestImport(t *testing.T) {
	const d4, d7, d19 = `"$schema":"http://json-schema.org/draft-04/schema#",`, `"$schema":"http://json-schema.org/draft-07/schema#",`, `"$schema":"https://json-schema.org/draft/2019-09/schema",`
	for name, c := range map[string]struct{ in, out string }{
		"definitions":   {`{` + d7 + `"properties":{"f":{"$ref":"#/definitions/d"}},"definitions":{"d":{"type":"number"}}}`, `{"properties":{"f":{"$ref":"#/$defs/d"}},"$defs":{"d":{"type":"number"}}}`},
		"both defs":     {`{"properties":{"f":{"$ref":"#/definitions/d"}},"$defs":{"d":{"type":"string"}},"definitions":{"d":{"type":"number"}}}`, `{"properties":{"f":{"$ref":"#/$defs/d-2"}},"$defs":{"d":{"type":"string"},"d-2":{"type":"number"}}}`},
		"draft 4 id":    {`{` + d4 + `"id":"http://x.example/a.json#","properties":{"f":{"$ref":"http://x.example/a.json#/definitions/d"}},"definitions":{"d":{"type":"number"}}}`, `{"$id":"http://x.example/a.json","properties":{"f":{"$ref":"#/$defs/d"}},"$defs":{"d":{"type":"number"}}}`},
		"id as anchor":  {`{` + d7 + `"properties":{"f":{"$ref":"#d"}},"definitions":{"e":{"$id":"#d","type":"number"}}}`, `{"properties":{"f":{"$ref":"#/$defs/e"}},"$defs":{"e":{"type":"number"}}}`},
		"inner id":      {`{` + d7 + `"$id":"http://x.example/a","properties":{"f":{"$ref":"b"}},"definitions":{"e":{"$id":"b","type":"number"}}}`, `{"$id":"http://x.example/a","properties":{"f":{"$ref":"#/$defs/e"}},"$defs":{"e":{"type":"number"}}}`},
		"exclusive":     {`{` + d4 + `"properties":{"f":{"minimum":1,"exclusiveMinimum":true,"maximum":9,"exclusiveMaximum":false}}}`, `{"properties":{"f":{"exclusiveMinimum":1,"maximum":9}}}`},
		"item lists":    {`{` + d7 + `"properties":{"f":{"items":[{"type":"number"},true],"additionalItems":{"type":"string"}}}}`, `{"properties":{"f":{"prefixItems":[{"type":"number"},true],"items":{"type":"string"}}}}`},
		"idle items":    {`{` + d7 + `"properties":{"f":{"items":{"type":"number"},"additionalItems":false}}}`, `{"properties":{"f":{"items":{"type":"number"}}}}`},
		"dependencies":  {`{` + d7 + `"properties":{"a":{}},"dependencies":{"a":["b"],"c":{"required":["d"]},"e":"f"}}`, `{"properties":{"a":{}},"dependentRequired":{"a":["b"],"e":["f"]},"dependentSchemas":{"c":{"required":["d"]}}}`},
		"beside $ref":   {`{` + d7 + `"properties":{"f":{"$ref":"#/definitions/d","minLength":9,"title":"F"}},"definitions":{"d":{"type":"string"}}}`, `{"properties":{"f":{"$ref":"#/$defs/d","title":"F"}},"$defs":{"d":{"type":"string"}}}`},
		"beside, 2019":  {`{` + d19 + `"properties":{"f":{"$ref":"#/$defs/d","minLength":9}},"$defs":{"d":{"type":"string"}}}`, `{"properties":{"f":{"$ref":"#/$defs/d","minLength":9}},"$defs":{"d":{"type":"string"}}}`},
		"recursive":     {`{` + d19 + `"$recursiveAnchor":true,"properties":{"f":{"$recursiveRef":"#"}}}`, `{"properties":{"f":{"$ref":"#"}}}`},
		"dynamic":       {`{"properties":{"f":{"$dynamicRef":"#n"}},"$defs":{"d":{"$dynamicAnchor":"n","type":"string"}}}`, `{"properties":{"f":{"$ref":"#n"}},"$defs":{"d":{"$anchor":"n","type":"string"}}}`},
		"required here": {`{` + d4 + `"properties":{"a":{"type":"string","required":true},"b":{"required":false}}}`, `{"properties":{"a":{"type":"string"},"b":{}},"required":["a"]}`},
		"formats":       {`{"properties":{"f":{"format":"ip-address"},"g":{"format":"color"}}}`, `{"properties":{"f":{"format":"ipv4"},"g":{}}}`},
		"words":         {`{"properties":{"f":{"markdownDescription":"x","enumNames":[],"title":3,"example":1,"x-mine":{"a":1}}}}`, `{"properties":{"f":{"examples":[1],"x-mine":{"a":1}}}}`},
		"patterns":      {`{"properties":{"f":{"pattern":"^\\w+\\-\\d$"},"g":{"pattern":"(?=a)"}},"patternProperties":{"^x\\_":{}}}`, `{"properties":{"f":{"pattern":"^\\w+-\\d$"},"g":{}},"patternProperties":{"^x_":{}}}`},
		"type any":      {`{"properties":{"f":{"type":"any"},"g":{"type":["any","null"]}}}`, `{"properties":{"f":{},"g":{}}}`},
		"grouped defs":  {`{"properties":{"f":{"$ref":"#/definitions/group/d"}},"definitions":{"group":{"d":{"type":"number"}}}}`, `{"properties":{"f":{"$ref":"#/$defs/d"}},"$defs":{"group":{},"d":{"type":"number"}}}`},
		"top":           {`{"type":["object","null"],"properties":{"f":{}}}`, `{"type":"object","properties":{"f":{}}}`},
		"64 bits":       {`{"properties":{"f":{"maximum":18446744073709551615,"title":"9007199254740993"}}}`, `{"properties":{"f":{"maximum":9007199254740991,"title":"9007199254740993"}}}`},
		"a field $ref":  {`{"properties":{"$ref":{"type":"string"},"definitions":{"type":"number"}}}`, `{"properties":{"$ref":{"type":"string"},"definitions":{"type":"number"}}}`},
		"order":         {`{` + d7 + `"properties":{"b":{},"a":{}}}`, `{"properties":{"b":{},"a":{}}}`},
		"2020-12":       {`{"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"f":{"prefixItems":[{}]}}}`, `{"properties":{"f":{"prefixItems":[{}]}}}`},
	} {
		s, notes, err := Import([]byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := mustParse(t, c.out); string(s.JSON()) != string(want.JSON()) {
			t.Errorf("%s:\n got %s\nwant %s", name, s.JSON(), want.JSON())
		}
		for _, n := range notes {
			if !strings.HasSuffix(n.Message.String(), ".") || strings.Contains(n.Message.String(), "%!") {
				t.Errorf("%s: %q", name, n.Message.String())
			}
		}
		if again, notes, err := Import(s.JSON()); err != nil || len(notes) > 0 || string(again.JSON()) != string(s.JSON()) {
			t.Errorf("%s: importing the result again: %v %v", name, notes, err)
		}
	}
}

// Whatever is left out or rewritten is said, once for each kind of thing.
func TestImportNotes(t *testing.T) {
	_, notes, err := Import([]byte(`{"$schema":"http://json-schema.org/draft-07/schema#","properties":{
		"a":{"format":"color","tooltip":"x"},"b":{"format":"color","tooltip":"50%"},"c":{"pattern":"(?!x)"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, n := range notes {
		all = append(all, n.Path+" "+n.Message.String())
	}
	want := []string{
		`/$schema The schema was written in draft 7 and was brought up to 2020-12.`,
		`/properties/a/format Not every device checks the format "color", so it was left out (at 2 places).`,
		`/properties/a/tooltip JSON Schema does not know the word "tooltip", so it was left out (at 2 places).`,
		`/properties/c/pattern The field "c" had the pattern "(?!x)", which not every device can run (it looks ahead or behind); it was left out, so the field takes any text.`,
	}
	if got := strings.Join(all, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

func TestImportRefused(t *testing.T) {
	for text, says := range map[string]string{
		`[1]`:              "must be a JSON object",
		`{"a":`:            "no JSON",
		`{"a":1,"a":2}`:    "no JSON",
		`{"type":"array"}`: "a list",
		`{"$schema":"http://json-schema.org/draft-03/schema#"}`:     "before 4",
		`{"properties":{"f":{"$ref":"other.json#/definitions/a"}}}`: "outside this schema",
		`{"properties":{"f":{"$ref":"#/definitions/nope"}}}`:        "no schema here",
		`{"properties":{"f":{"requierd":["a"]}}}`:                   `misspelt "required"`,
		`{"type":"object","patternProperties":{"^(?!x)":{}}}`:       "looks ahead",
		`{"properties":{"f":{"type":"text"}}}`:                      `"type" must be`,
	} {
		s, _, err := Import([]byte(text))
		if err == nil {
			t.Errorf("%s: accepted as %s", text, s.JSON())
			continue
		}
		if list := Errors(err); len(list) == 0 || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// What draft 7 said about values is what the import says: a few values against both
// readings of things that moved.
func TestImportKeepsMeaning(t *testing.T) {
	s, _, err := Import([]byte(`{"$schema":"http://json-schema.org/draft-04/schema#","properties":{
		"n":{"type":"number","minimum":0,"exclusiveMinimum":true},
		"p":{"items":[{"type":"number"}],"additionalItems":false},
		"d":{}},"dependencies":{"d":["n"]}}`))
	if err != nil {
		t.Fatal(err)
	}
	for text, valid := range map[string]bool{
		`{"n":1}`: true, `{"n":0}`: false, `{"p":[1]}`: true, `{"p":["x"]}`: false, `{"p":[1,2]}`: false,
		`{"d":1}`: false, `{"d":1,"n":1}`: true,
	} {
		if problems := s.Validate(value(t, text).(map[string]any)); (problems == nil) != valid {
			t.Errorf("%s: %+v", text, problems)
		}
	}
	if f, _ := s.Field([]string{"p"}); f.Strategy != crdt.Register {
		t.Errorf("a tuple merges as %s", f.Strategy)
	}
}
