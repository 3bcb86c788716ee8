package schema

import (
	"fmt"
	"strings"
	"testing"
)

// What a change of one field f is called: "<" narrowed, and so on, as kinds in order.
func TestCompareField(t *testing.T) {
	for _, c := range []struct{ old, next, kinds string }{
		{`{"type":"string"}`, `{"type":"string"}`, ""},
		{`{"type":"string"}`, `{"type":"string","title":"Fee"}`, "renamed"},
		{`{"type":"string"}`, `{"type":"string","description":"How much."}`, "described"},
		{`{"type":"string"}`, `{"type":"string","default":"x"}`, "described"},
		{`{"type":"string","x-section":"Costs"}`, `{"type":"string","x-section":"Site","x-when":{"field":"f","empty":true}}`, "described"},
		{`{"type":"string"}`, `{"type":"string","examples":["x"],"$comment":"x","readOnly":true}`, ""},
		{`{"type":"integer"}`, `{"type":"number"}`, "widened"},
		{`{"type":"number"}`, `{"type":"integer"}`, "narrowed"},
		{`{"type":"string"}`, `{"type":["string","null"]}`, "widened"},
		{`{"type":["string","number"]}`, `{"type":"string"}`, "narrowed"},
		{`{"type":"string"}`, `{"type":"number"}`, "type!"},
		{`{"type":"string"}`, `{"type":"object"}`, "strategy!"},
		{`{"type":"string"}`, `{"type":"string","contentMediaType":"text/plain"}`, "strategy!"},
		{`{"type":"number"}`, `{"type":"number","x-merge":"counter"}`, "strategy!"},
		{`{"type":"string","x-ref":"person"}`, `{"type":"string","x-ref":"site"}`, "type!"},
		{`{"enum":["a","b"]}`, `{"enum":["a","b","c"]}`, "widened"},
		{`{"enum":["a","b"]}`, `{"enum":["a"]}`, "narrowed"},
		{`{"enum":["a","b"]}`, `{"enum":["b","a"]}`, ""},
		{`{"enum":["a","b"]}`, `{"enum":["a","c"]}`, "narrowed widened"},
		{`{"type":"string","enum":["a"]}`, `{"type":"string"}`, "widened"},
		{`{"type":"string"}`, `{"type":"string","enum":["a"]}`, "narrowed"},
		{`{"minimum":1}`, `{"minimum":0}`, "widened"},
		{`{"minimum":1}`, `{"minimum":2}`, "narrowed"},
		{`{"maxLength":1}`, `{"maxLength":2}`, "widened"},
		{`{"maxLength":2}`, `{}`, "widened"},
		{`{}`, `{"maxLength":2}`, "narrowed"},
		{`{"pattern":"a"}`, `{"pattern":"b"}`, "narrowed"},
		{`{"type":"string","format":"date"}`, `{"type":"string"}`, "widened"},
		{`{"multipleOf":2}`, `{"multipleOf":3}`, "narrowed"},
		{`{"not":{"const":1}}`, `{"not":{"const":2}}`, "narrowed"},
		{`{"type":"string"}`, `{"type":"string","x-unique":true}`, "narrowed"},
		{`{"type":"string","x-unique":true}`, `{"type":"string"}`, ""},
		{`{"type":"object","properties":{"a":{}}}`, `{"type":"object","properties":{"a":{},"b":{}}}`, "added"},
		{`{"type":"object","properties":{"a":{},"b":{}}}`, `{"type":"object","properties":{"a":{}}}`, "removed"},
		{`{"type":"object","properties":{"a":{},"b":{}}}`, `{"type":"object","properties":{"b":{},"a":{}}}`, "reordered"},
		{`{"type":"object","properties":{"a":{},"b":{}}}`, `{"type":"object","properties":{"b":{},"c":{}}}`, "added removed"},
		{`{"type":"object","additionalProperties":false}`, `{"type":"object"}`, "widened"},
		{`{"type":"object"}`, `{"type":"object","additionalProperties":false}`, "narrowed"},
		{`{"type":"object","x-atomic":true,"properties":{"a":{"type":"number"}}}`, `{"type":"object","x-atomic":true,"properties":{"a":{"type":"string"}}}`, "narrowed"},
		{`{"type":"array","items":{"type":"string"}}`, `{"type":"array","items":{"type":"number"}}`, "type!"},
		{`{"type":"array","items":{"type":"object"}}`, `{"type":"array","items":{"type":"string"}}`, "strategy!"},
		{`{"type":"array","uniqueItems":true,"items":{"type":"string"}}`, `{"type":"array","uniqueItems":true,"items":{"type":"string","maxLength":3}}`, "narrowed"},
		{`{"type":"object","additionalProperties":{"type":"string"}}`, `{"type":"object","additionalProperties":{"type":"number"}}`, "type!"},
	} {
		form := `{"type":"object","properties":{"f":%s}}`
		cmp := Compare(mustParse(t, fmt.Sprintf(form, c.old)), mustParse(t, fmt.Sprintf(form, c.next)))
		if got := kinds(cmp.Changes); got != c.kinds {
			t.Errorf("%s\n%s\n got %q, want %q: %+v", c.old, c.next, got, c.kinds, cmp.Changes)
		}
		for _, d := range cmp.Changes {
			if !strings.HasSuffix(d.Message.String(), ".") || d.Refused && d.Devices.String() == "" {
				t.Errorf("%s: %+v", c.next, d)
			}
		}
		if len(cmp.Refused()) != strings.Count(c.kinds, "!") {
			t.Errorf("%s: refused %+v", c.next, cmp.Refused())
		}
	}
}

func kinds(list []Difference) string {
	var words []string
	for _, d := range list {
		word := d.Kind
		if d.Refused {
			word += "!"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// What devices on the old version feel is said where they feel something.
func TestCompareDevices(t *testing.T) {
	old := mustParse(t, `{"type":"object","title":"Job","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{}},"required":["b"]}`)
	next := mustParse(t, `{"type":"object","title":"Work","properties":{"a":{"type":"string"},"b":{"type":"string"},"d":{},"e":{}},"required":["a","e"]}`)
	for _, d := range Compare(old, next).Changes {
		feels := map[string]bool{
			"described": false, "a required": true, "b optional": false, "c removed": true, "d added": false, "e added": true,
		}
		name := strings.TrimSpace(strings.Join(d.Path, ".") + " " + d.Kind)
		want, known := feels[name]
		if !known || (d.Devices.String() != "") != want {
			t.Errorf("%s: %+v", name, d)
		}
	}
	if got := kinds(Compare(old, next).Changes); got != "described required optional added added removed" {
		t.Error(got)
	}
	if got := Compare(old, old).Changes; got != nil {
		t.Errorf("a version and itself: %+v", got)
	}
}

// A key keeps its meaning for ever.
func TestReturned(t *testing.T) {
	version := func(f string) *Schema {
		if f == "" {
			return mustParse(t, `{"type":"object"}`)
		}
		return mustParse(t, `{"type":"object","properties":{"f":`+f+`}}`)
	}
	text, number, long, none := `{"type":"string"}`, `{"type":"number"}`, `{"type":"string","contentMediaType":"text/plain"}`, ""
	for _, c := range []struct {
		history []string
		next    string
		kinds   string
	}{
		{nil, text, ""},
		{[]string{text, none}, text, ""},
		{[]string{text, none}, `{"type":"string","title":"F","maxLength":3}`, ""},
		{[]string{text, none}, number, "type!"},
		{[]string{text, none}, long, "strategy!"},
		{[]string{text, none, none}, number, "type!"},
		{[]string{text}, number, ""}, // Compare says so
		{[]string{none}, number, ""},
		{[]string{text, none}, `{"type":["string","null"]}`, "type!"},
		{[]string{`{"type":"string","x-ref":"person"}`, none}, `{"type":"string","x-ref":"site"}`, "type!"},
		{[]string{`{"type":"object","properties":{"a":{"type":"string"}}}`, `{"type":"object"}`}, `{"type":"object","properties":{"a":{"type":"number"}}}`, "type!"},
	} {
		var history []*Schema
		for _, f := range c.history {
			history = append(history, version(f))
		}
		if got := kinds(Returned(history, version(c.next))); got != c.kinds {
			t.Errorf("%v then %s: %q, want %q", c.history, c.next, got, c.kinds)
		}
	}
}

// Every real change of the work order at once.
func TestCompareWorkOrder(t *testing.T) {
	old := workOrder(t)
	text := string(old.JSON())
	for from, to := range map[string]string{
		`"enum":["low","normal","high"]`:                                           `"enum":["low","normal","high","urgent"]`,
		`"title":"Quantity"`:                                                       `"title":"How many"`,
		`"street":{"type":"string"}`:                                               `"street":{"maxLength":80,"type":"string"}`,
		`"required":["number","title","priority"]`:                                 `"required":["due","number","title"]`,
		`"meterReading":{"type":"number","x-merge":"max"}`:                         `"meterReading":{"type":"number","x-merge":"min"}`,
		`"lat":{"type":"number"}`:                                                  `"lat":{"maximum":90,"type":"number"}`,
		`"steps":{"items":{"$ref":"#/$defs/step"},"title":"Steps","type":"array"}`: `"steps":{"items":{"$ref":"#/$defs/step"},"maxItems":9,"title":"Steps","type":"array"}`,
	} {
		if !strings.Contains(text, from) {
			t.Fatalf("the work order has no %s", from)
		}
		text = strings.Replace(text, from, to, 1)
	}
	var b strings.Builder
	for _, d := range Compare(old, mustParse(t, text)).Changes {
		fmt.Fprintf(&b, "%s: %s refused=%v\n    %s\n", strings.Join(d.Path, "."), d.Kind, d.Refused, strings.TrimSpace(d.Message.String()+"\n    "+d.Devices.String()))
	}
	golden(t, "work-order-compare.golden", b.String())
}
