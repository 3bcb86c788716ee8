package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// Every kind of field, how it merges, and the sentence that says so.
func TestPlanGolden(t *testing.T) {
	s := workOrder(t)
	var b strings.Builder
	for _, f := range s.Fields() {
		fmt.Fprintf(&b, "%s: %s, %s\n", strings.Join(f.Path, "."), f.Strategy, f.Type)
		fmt.Fprintf(&b, "    %q%s\n    %s\n", f.Title, marks(f), f.Why.String())
	}
	golden(t, "work-order.golden", b.String())
}

func marks(f Field) string {
	text := ""
	if f.Required {
		text += ", required"
	}
	if f.Unique {
		text += ", unique"
	}
	if f.Deprecated {
		text += ", deprecated"
	}
	for _, pair := range [][2]string{{"format", f.Format}, {"serial", f.Serial}, {"refers to", f.Reference}} {
		if pair[1] != "" {
			text += ", " + pair[0] + " " + pair[1]
		}
	}
	if f.Enum != nil {
		text += ", one of " + crdt.Canonical(f.Enum)
	}
	if f.Default != nil {
		text += ", default " + crdt.Canonical(f.Default)
	}
	return text
}

// The plan and the list of fields are the same thing told twice.
func TestPlanMatchesFields(t *testing.T) {
	s := workOrder(t)
	for _, f := range s.Fields() {
		p := s.Plan()
		for _, key := range f.Path {
			if p.Strategy == crdt.List {
				p = p.Row
			} else if key == "*" {
				p = p.Rest
			} else {
				p = p.Fields[key]
			}
		}
		if p == nil || p.Strategy != f.Strategy {
			t.Errorf("%v: the plan has %+v, the field says %s", f.Path, p, f.Strategy)
		}
	}
}

// What JSON gives back is the same type, in the same order, and settles at once.
func TestJSONKeepsTheType(t *testing.T) {
	for _, s := range []*Schema{
		workOrder(t),
		mustParse(t, `{"properties":{"b":{"type":"string"},"a":{"properties":{"z":{},"y":{}}}},"x-order":["a"]}`),
		mustParse(t, `{"allOf":[{"properties":{"b":{}}},{"properties":{"c":{},"a":{}}}],"x-order":["c","b"],"type":"object"}`),
	} {
		again := mustParse(t, string(s.JSON()))
		if !reflect.DeepEqual(s.Fields(), again.Fields()) {
			t.Errorf("the fields differ:\n%v\n%v", s.Fields(), again.Fields())
		}
		if string(s.JSON()) != string(again.JSON()) {
			t.Errorf("the text does not settle:\n%s\n%s", s.JSON(), again.JSON())
		}
	}
}

func TestOrder(t *testing.T) {
	for text, want := range map[string][]string{
		`{"properties":{"b":{},"a":{},"c":{}}}`:                                                {"b", "a", "c"},
		`{"properties":{"b":{},"a":{},"c":{}},"x-order":["c","a","b"]}`:                        {"c", "a", "b"},
		`{"properties":{"b":{},"a":{},"c":{}},"x-order":["c"]}`:                                {"c", "b", "a"},
		`{"type":"object","allOf":[{"properties":{"b":{},"a":{}}}],"properties":{"c":{}}}`:     {"c", "b", "a"},
		`{"type":"object","$ref":"#/$defs/d","$defs":{"d":{"properties":{"z":{},"y":{}}}}}`:    {"z", "y"},
		`{"properties":{"kind":{}},"oneOf":[{"properties":{"b":{}}},{"properties":{"a":{}}}]}`: {"kind", "b", "a"},
	} {
		var got []string
		for _, f := range mustParse(t, text).Fields() {
			got = append(got, f.Path[0])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	errs := mustRefuse(t, `{"properties":{"a":{}},"x-order":["a","b"]}`)
	if errs[0].Path != "/x-order" || !strings.Contains(errs[0].Message.String(), `"b"`) {
		t.Errorf("an x-order with an unknown key: %+v", errs[0])
	}
}

// Which strategy one field gets; %s is the field's schema.
func TestStrategies(t *testing.T) {
	for text, want := range map[string]crdt.Strategy{
		`{"type":"string"}`: crdt.Register,
		`{"const":3}`:       crdt.Register,
		`{"type":["string","null"],"contentMediaType":"text/plain"}`:                                  crdt.Register,
		`{"type":"string","contentMediaType":"text/plain"}`:                                           crdt.Text,
		`{"type":"string","contentMediaType":"image/png"}`:                                            crdt.Register,
		`{"allOf":[{"type":"string"},{"contentMediaType":"text/plain"}]}`:                             crdt.Text,
		`{"type":"string","x-merge":"register","contentMediaType":"text/plain"}`:                      crdt.Register,
		`{"type":"array","items":{"type":"string"},"uniqueItems":true}`:                               crdt.Set,
		`{"type":"array","items":{"enum":[1,2]},"uniqueItems":true}`:                                  crdt.Set,
		`{"type":"array","items":{"type":"object"},"uniqueItems":true}`:                               crdt.List,
		`{"type":"array","items":{},"uniqueItems":true}`:                                              crdt.List,
		`{"type":"array","uniqueItems":true}`:                                                         crdt.List,
		`{"type":"array","items":{"type":"string"}}`:                                                  crdt.List,
		`{"type":"array","items":{"type":"string"},"uniqueItems":true,"x-merge":"list"}`:              crdt.List,
		`{"type":"array","items":{"type":"number"},"minItems":2,"maxItems":2}`:                        crdt.Register,
		`{"type":"array","items":{"type":"number"},"minItems":1,"maxItems":2}`:                        crdt.List,
		`{"items":{"type":"string"}}`:                                                                 crdt.List,
		`{"type":["array","null"],"items":{}}`:                                                        crdt.Register,
		`{"type":"object"}`:                                                                           crdt.Map,
		`{"properties":{"a":{}}}`:                                                                     crdt.Map,
		`{"type":"object","x-atomic":true}`:                                                           crdt.Register,
		`{"oneOf":[{"type":"object","properties":{"a":{}}},{"type":"object","properties":{"b":{}}}]}`: crdt.Map,
		`{"anyOf":[{"type":"object"},{"type":"string"}]}`:                                             crdt.Register,
		`{"anyOf":[{"type":"string"},{"type":"null"}],"x-merge":"conflict"}`:                          crdt.Conflict,
		`{"type":"object","x-merge":"conflict"}`:                                                      crdt.Conflict,
		`{"type":"number","x-merge":"counter"}`:                                                       crdt.Counter,
		`{"type":"integer","x-merge":"min"}`:                                                          crdt.Min,
		`true`:                                                                                        crdt.Register,
		`{"$ref":"#"}`:                                                                                crdt.Register,
	} {
		s := mustParse(t, `{"type":"object","properties":{"f":`+text+`}}`)
		f, ok := s.Field([]string{"f"})
		if !ok || f.Strategy != want {
			t.Errorf("%s: %s, want %s", text, f.Strategy, want)
		}
		if !strings.HasSuffix(f.Why.String(), ".") || len(f.Why.String()) < 20 {
			t.Errorf("%s: %q is no sentence", text, f.Why.String())
		}
	}
}

// A strategy that does not fit is an error that names the field.
func TestStrategyMisfits(t *testing.T) {
	for text, path := range map[string]string{
		`{"type":"string","x-merge":"counter"}`:                                  "/x-merge",
		`{"type":["number","null"],"x-merge":"counter"}`:                         "/x-merge",
		`{"type":"string","x-merge":"max"}`:                                      "/x-merge",
		`{"type":"string","format":"date-time","x-merge":"min"}`:                 "/x-merge",
		`{"type":"string","format":"date","x-merge":"text"}`:                     "/x-merge",
		`{"type":"string","x-merge":"set"}`:                                      "/x-merge",
		`{"type":"array","items":{"type":"string"},"x-merge":"set"}`:             "/x-merge",
		`{"type":"array","items":{},"uniqueItems":true,"x-merge":"set"}`:         "/x-merge",
		`{"type":"array","prefixItems":[{}],"x-merge":"list"}`:                   "/x-merge",
		`{"type":"string","x-merge":"map"}`:                                      "/x-merge",
		`{"type":"string","x-merge":"newest"}`:                                   "/x-merge",
		`{"type":"string","x-merge":"serial"}`:                                   "/x-merge",
		`{"type":"string","x-atomic":true}`:                                      "/x-atomic",
		`{"type":"number","x-serial":"{0}"}`:                                     "/x-serial",
		`{"type":"string","x-serial":"WO"}`:                                      "/x-serial",
		`{"type":"object","properties":{"g":{"type":"string","x-serial":"{}"}}}`: "/properties/g/x-serial",
		`{"type":"array","items":{"type":"string"},"x-index":true}`:              "/x-index",
		`{"type":"array","items":{"type":"string","x-index":true}}`:              "/items/x-index",
		`{"type":"boolean","x-unique":true}`:                                     "/x-unique",
		`{"type":"array","items":{"type":"string","x-unique":true}}`:             "/items/x-unique",
		`{"type":"number","x-ref":"person"}`:                                     "/x-ref",
		`{"type":"string","x-ref":"Person"}`:                                     "/x-ref",
		`{"type":"object","x-order":["a"]}`:                                      "/x-order",
	} {
		errs := mustRefuse(t, `{"type":"object","properties":{"f":`+text+`}}`)
		if errs[0].Path != "/properties/f"+path || !strings.Contains(errs[0].Message.String(), `"f`) {
			t.Errorf("%s: %q at %s", text, errs[0].Message.String(), errs[0].Path)
		}
	}
}

// A type that holds itself ends in a register, and says so.
func TestRecursiveTypes(t *testing.T) {
	s := mustParse(t, `{"type":"object","properties":{"name":{"type":"string"},"parent":{"$ref":"#"},"children":{"type":"array","items":{"$ref":"#"}}}}`)
	for path, want := range map[string]crdt.Strategy{"parent": crdt.Register, "children": crdt.List, "children.*": crdt.Register} {
		f, ok := s.Field(strings.Split(path, "."))
		if !ok || f.Strategy != want {
			t.Errorf("%s: %v %s, want %s", path, ok, f.Strategy, want)
		}
		if want == crdt.Register && !strings.Contains(f.Why.String(), "its own kind") {
			t.Errorf("%s: %s", path, f.Why.String())
		}
	}
	// A value is still checked all the way down.
	problems := s.Validate(map[string]any{"parent": map[string]any{"parent": map[string]any{"name": 3.0}}})
	if len(problems) != 1 || problems[0].Path != "/parent/parent/name" {
		t.Errorf("%+v", problems)
	}
}

func TestFieldByPath(t *testing.T) {
	s := workOrder(t)
	for path, want := range map[string]string{
		"parts/x1.3/qty": "parts.*.qty", "hours/ann": "hours.*", "site/place": "site.place",
		"site/place/lat": "", "nothing": "", "title/x": "", "answers/free": "", "": "",
	} {
		var keys []string
		if path != "" {
			keys = strings.Split(path, "/")
		}
		f, ok := s.Field(keys)
		if got := strings.Join(f.Path, "."); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", path, got, ok, want)
		}
	}
}

func TestLabelsOfKeys(t *testing.T) {
	for key, want := range map[string]string{
		"siteAddress": "Site address", "site_address": "Site address", "site-address": "Site address",
		"URL": "URL", "serialNo2": "Serial no2", "é": "É", "_": "_", "ID": "ID", "x": "X", "Überhang": "Überhang",
	} {
		if got := inWords(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestTopMustBeAnObject(t *testing.T) {
	for text, says := range map[string]string{
		`{"type":"array"}`:                                "a list",
		`{"type":["object","null"]}`:                      "nothing or an object",
		`{"anyOf":[{"type":"object"},{"type":"string"}]}`: "an object or text",
		`{}`:                                "anything at all",
		`[]`:                                "a list",
		`true`:                              "true or false",
		`{"type":"object","x-atomic":true}`: "as a whole",
	} {
		errs := mustRefuse(t, text)
		if !strings.Contains(errs[0].Message.String(), says) || errs[0].Fix.String() == "" {
			t.Errorf("%s: %q %q", text, errs[0].Message.String(), errs[0].Fix.String())
		}
	}
}
