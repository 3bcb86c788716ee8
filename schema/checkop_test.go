package schema

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

func op(kind crdt.Kind, path string, v any) crdt.Op {
	return crdt.Op{Kind: kind, Path: strings.Split(path, "/"), Value: v, Has: v != nil}
}

func TestCheckOp(t *testing.T) {
	s := workOrder(t)
	ensure := func(path string, as crdt.Strategy, show bool) crdt.Op {
		o := op(crdt.OpEnsure, path, show)
		o.As = as
		return o
	}
	for _, c := range []struct {
		op   crdt.Op
		rule string // "" for none
	}{
		{crdt.Op{Kind: crdt.OpCreate}, ""},
		{crdt.Op{Kind: crdt.OpDelete}, ""},
		{crdt.Op{Kind: crdt.OpSet, Value: 1.0}, "x-merge"},

		{op(crdt.OpSet, "title", "Fix the pump"), ""},
		{op(crdt.OpSet, "title", "x"), "minLength"},
		{op(crdt.OpSet, "title", nil), "type"},
		{op(crdt.OpUnset, "title", nil), "required"},
		{op(crdt.OpUnset, "due", nil), ""},
		{op(crdt.OpAssign, "title", "Fix the pump"), "x-merge"},
		{op(crdt.OpSet, "number", "WO-0001"), "x-merge"},
		{op(crdt.OpUnset, "number", nil), "x-merge"},

		{op(crdt.OpAssign, "status", "done"), ""},
		{op(crdt.OpAssign, "status", "ajar"), "enum"},
		{op(crdt.OpAssign, "status", nil), ""},
		{op(crdt.OpSet, "status", "done"), "x-merge"},

		{op(crdt.OpAdd, "visits", -3.0), ""},
		{op(crdt.OpAdd, "visits", 0.5), "type"},
		{op(crdt.OpAdd, "visits", "1"), "type"},
		{op(crdt.OpSet, "visits", 1.0), "x-merge"},
		{ensure("visits", crdt.Counter, true), ""},
		{ensure("visits", crdt.List, true), "x-merge"},

		{op(crdt.OpRaise, "meterReading", 4.5), ""},
		{op(crdt.OpRaise, "meterReading", "4"), "type"},
		{op(crdt.OpLower, "meterReading", 4.5), "x-merge"},
		{op(crdt.OpLower, "firstSeen", "2026-03-09"), ""},
		{op(crdt.OpLower, "firstSeen", "soon"), "format"},

		{op(crdt.OpInclude, "tags", "pump"), ""},
		{op(crdt.OpInclude, "tags", 3.0), "type"},
		{op(crdt.OpExclude, "tags", 3.0), ""},

		{crdt.Op{Kind: crdt.OpInsert, Path: []string{"notes"}, Text: "x"}, ""},
		{crdt.Op{Kind: crdt.OpCut, Path: []string{"parts", "1.1", "remarks"}}, ""},
		{crdt.Op{Kind: crdt.OpInsert, Path: []string{"title"}, Text: "x"}, "x-merge"},

		{op(crdt.OpPlace, "parts", nil), ""},
		{op(crdt.OpDrop, "parts", nil), ""},
		{op(crdt.OpPlace, "tags", nil), "x-merge"},
		{op(crdt.OpSet, "parts/1.1/qty", 2.0), ""},
		{op(crdt.OpSet, "parts/1.1/qty", 0.0), "minimum"},
		{op(crdt.OpUnset, "parts/1.1/name", nil), "required"},
		{op(crdt.OpSet, "parts/1.1/colour", "red"), "additionalProperties"},
		{op(crdt.OpSet, "parts", []any{}), "x-merge"},
		{op(crdt.OpSet, "readings/1.1", 2.0), ""},
		{op(crdt.OpSet, "readings/1.1", "x"), "type"},

		{ensure("site", crdt.Map, true), ""},
		{op(crdt.OpSet, "site", map[string]any{}), "x-merge"},
		{op(crdt.OpSet, "site/place", map[string]any{"lat": 1.0, "lon": 2.0}), ""},
		{op(crdt.OpSet, "site/place", map[string]any{"lat": 1.0}), "required"},
		{op(crdt.OpSet, "site/place/lat", 1.0), "x-merge"},
		{op(crdt.OpSet, "hours/ann", 2.0), ""},
		{op(crdt.OpSet, "hours/ann", -2.0), "minimum"},
		{op(crdt.OpSet, "answers/anything", []any{1.0}), ""},
		{op(crdt.OpSet, "brandNew", 1.0), ""},
		{op(crdt.OpSet, "", 1.0), "additionalProperties"},
		{op(crdt.OpSet, "signedBy", nil), ""},
		{op(crdt.OpSet, "signedName", ""), ""}, // its rules hold only once the order is done
		{crdt.Op{Kind: "explode", Path: []string{"title"}}, "x-merge"},
	} {
		problems := s.CheckOp(&c.op)
		got := ""
		if len(problems) > 0 {
			got = problems[0].Rule
		}
		if got != c.rule {
			t.Errorf("%s %v %v: %+v, want %q", c.op.Kind, c.op.Path, c.op.Value, problems, c.rule)
		}
		for _, p := range problems {
			if !strings.HasSuffix(p.Message.String(), ".") || strings.Contains(p.Message.String(), "%") {
				t.Errorf("%s %v: %q", c.op.Kind, c.op.Path, p.Message.String())
			}
		}
	}
}

// A required list, set or map cannot be made to vanish either.
func TestCheckOpKeepsRequired(t *testing.T) {
	s := mustParse(t, `{"type":"object","required":["tags","status"],"properties":{
		"tags":{"type":"array","uniqueItems":true,"items":{"type":"string"}},"status":{"type":"string","x-merge":"conflict"}}}`)
	for _, o := range []crdt.Op{
		{Kind: crdt.OpEnsure, Path: []string{"tags"}, Value: false, Has: true, As: crdt.Set},
		{Kind: crdt.OpAssign, Path: []string{"status"}},
	} {
		if problems := s.CheckOp(&o); len(problems) != 1 || problems[0].Rule != "required" {
			t.Errorf("%s: %+v", o.Kind, problems)
		}
	}
}

// A closed record takes no other key.
func TestCheckOpClosed(t *testing.T) {
	for _, text := range []string{
		`{"type":"object","properties":{"a":{}},"additionalProperties":false}`,
		`{"type":"object","properties":{"a":{}},"unevaluatedProperties":false}`,
		`{"type":"object","allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}`,
	} {
		s := mustParse(t, text)
		a, b := op(crdt.OpSet, "a", 1.0), op(crdt.OpSet, "b", 1.0)
		if problems := s.CheckOp(&a); problems != nil {
			t.Errorf("%s: a: %+v", text, problems)
		}
		if problems := s.CheckOp(&b); len(problems) != 1 {
			t.Errorf("%s: b: %+v", text, problems)
		}
	}
	s := mustParse(t, `{"type":"object","patternProperties":{"^n":{"type":"number"}},"additionalProperties":false,"propertyNames":{"maxLength":3}}`)
	for key, valid := range map[string]bool{"n1": true, "x": false, "n123": false} {
		o := op(crdt.OpSet, key, 1.0)
		if problems := s.CheckOp(&o); (problems == nil) != valid {
			t.Errorf("%s: %+v", key, problems)
		}
	}
}
