package collections_test

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Each schema has the fields a, b and the hidden secret, tied together in another way.
// Where the field's rule was tied to others, want says what is left of it.
var schemasWithSecret = map[string]string{
	"plain":       `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"},"secret":{"type":"string"}},"required":["a","secret"],"x-order":["secret","b","a"]}`,
	"closed":      `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"additionalProperties":false}`,
	"definitions": `{"type":"object","properties":{"a":{"$ref":"#/$defs/short"},"b":{},"secret":{"$ref":"#/$defs/secretly"}},"$defs":{"short":{"type":"string"},"secretly":{"$ref":"#/$defs/inner"},"inner":{"type":"string","title":"secret"}}}`,
	"all":         `{"type":"object","properties":{"a":{},"b":{}},"allOf":[{"properties":{"secret":{"type":"string"}},"required":["secret","a"]}]}`,
	"referenced":  `{"type":"object","properties":{"a":{},"b":{}},"allOf":[{"$ref":"#/$defs/base"}],"$defs":{"base":{"properties":{"secret":{"type":"string"}}}}}`,
	"anchored":    `{"type":"object","properties":{"a":{},"b":{}},"allOf":[{"$ref":"#base"}],"$defs":{"x":{"$anchor":"base","properties":{"secret":{"type":"string"}}}}}`,
	"one of":      `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"oneOf":[{"required":["secret"]},{"required":["b"]}]}`,
	"any of":      `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"anyOf":[{"required":["secret"]},{"required":["b"]}]}`,
	"if":          `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"if":{"properties":{"secret":{"const":1}}},"then":{"required":["a"]},"else":{"required":["b"]}}`,
	"then":        `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"if":{"properties":{"a":{"const":1}}},"then":{"required":["secret"]}}`,
	"not":         `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"not":{"required":["secret","a"]}}`,
	"dependent":   `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"dependentRequired":{"a":["secret","b"],"secret":["a"]},"dependentSchemas":{"secret":{"required":["b"]}}}`,
	"counts":      `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"minProperties":2,"maxProperties":3}`,
	"names":       `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"propertyNames":{"enum":["a","b","secret"]}}`,
	"unevaluated": `{"type":"object","properties":{"a":{}},"anyOf":[{"properties":{"secret":{}},"required":["secret"]},{"properties":{"b":{}}}],"unevaluatedProperties":false}`,
	"examples":    `{"type":"object","properties":{"a":{},"b":{},"secret":{}},"default":{"a":1,"secret":2},"examples":[{"secret":3}]}`,
	"when":        `{"type":"object","properties":{"a":{"x-when":{"any":[{"field":"secret.inner","is":1},{"field":"b","is":2}]}},"b":{"x-when":{"field":"a","is":"x"},"x-section":"secret"},"secret":{"properties":{"inner":{}}}}}`,
	"annotations": `{"type":"object","properties":{"a":{"x-show":{"all":[{"field":"secret","is":1},{"field":"b","is":2}]}},"b":{"x-show":{"field":"secret.inner","is":1}},"secret":{}},"x-layout":[["a","secret"],{"secret":1,"title":"x"}]}`,
}

// A field that is hidden has left no trace in the schema, and nothing that was valid
// has become a problem.
func TestWithoutFields_NoTrace(t *testing.T) {
	hidden := map[string]bool{"secret": true}
	for name, text := range schemasWithSecret {
		t.Run(name, func(t *testing.T) {
			whole, err := schema.Parse([]byte(text))
			if err != nil {
				t.Fatalf("the test's own schema: %v", err)
			}
			seen, err := collections.WithoutFields(whole, hidden)
			if err != nil {
				t.Fatalf("without secret: %v", err)
			}
			if strings.Contains(string(seen.JSON()), "secret") {
				t.Errorf("secret is still in %s", seen.JSON())
			}
			if _, known := seen.Field([]string{"secret"}); known {
				t.Error("the field is still known")
			}
			for _, value := range valuesWithSecret() {
				if whole.Validate(value) != nil {
					continue
				}
				delete(value, "secret")
				if problems := seen.Validate(value); problems != nil {
					t.Errorf("%v was valid and is not any more: %v", value, problems)
				}
			}
			sameFields(t, whole, seen)
		})
	}
}

// valuesWithSecret gives every value that has each of a, b and secret, or not, with
// one of few values.
func valuesWithSecret() []map[string]any {
	choices := []any{nil, "x", 1.0, 2.0}
	var values []map[string]any
	for _, a := range choices {
		for _, b := range choices {
			for _, secret := range choices {
				value := map[string]any{}
				for key, v := range map[string]any{"a": a, "b": b, "secret": secret} {
					if v != nil {
						value[key] = v
					}
				}
				values = append(values, value)
			}
		}
	}
	return values
}

// sameFields checks that the fields that are left merge as they did, in the order they had.
func sameFields(t *testing.T, whole, seen *schema.Schema) {
	t.Helper()
	var want, got []string
	for _, f := range whole.Fields() {
		if f.Path[0] != "secret" {
			want = append(want, strings.Join(f.Path, ".")+" "+string(f.Strategy))
		}
	}
	for _, f := range seen.Fields() {
		got = append(got, strings.Join(f.Path, ".")+" "+string(f.Strategy))
	}
	if strings.Join(got, ",") != strings.Join(want, ",") {
		t.Errorf("fields are %v, want %v", got, want)
	}
}

// A change loses its operations on hidden fields and nothing else; the one it was made
// from stays as it is.
func TestRedactChange(t *testing.T) {
	c := &crdt.Change{Replica: 1, N: 3, Prev: 2, Ops: []crdt.Op{
		{Kind: crdt.OpSet, Path: []string{"secret"}, Value: "x", Has: true},
		{Kind: crdt.OpSet, Path: []string{"a"}, Value: "y", Has: true},
		{Kind: crdt.OpSet, Path: []string{"secret", "in"}, Value: "z", Has: true},
	}}
	hidden := map[string]bool{"secret": true}
	seen := collections.RedactChange(c, hidden)
	if len(seen.Ops) != 1 || seen.Ops[0].Path[0] != "a" || seen.N != 3 || seen.Prev != 2 {
		t.Errorf("redacted change is %+v", seen)
	}
	if len(c.Ops) != 3 {
		t.Errorf("the change itself has %d operations now", len(c.Ops))
	}
	if all := collections.RedactChange(c, map[string]bool{"secret": true, "a": true}); all != nil {
		t.Errorf("nothing to see gives %+v, want nil", all)
	}
	if same := collections.RedactChange(c, map[string]bool{"other": true}); same != c {
		t.Error("a change that touches nothing hidden was copied")
	}
	whole := &crdt.Change{Ops: []crdt.Op{{Kind: crdt.OpDelete}}}
	if collections.RedactChange(whole, hidden) != whole {
		t.Error("a deletion is hidden with a field")
	}
}

// Pointers and paths are two spellings of the same.
func TestPointer(t *testing.T) {
	for pointer, path := range map[string][]string{
		"": nil, "/a": {"a"}, "/a~1b/c~0d": {"a/b", "c~d"}, "/": {""}, "/~01": {"~1"},
	} {
		if got := collections.Pointer(path); got != pointer {
			t.Errorf("Pointer(%q) = %q, want %q", path, got, pointer)
		}
		if got := collections.PointerPath(pointer); strings.Join(got, "|") != strings.Join(path, "|") || len(got) != len(path) {
			t.Errorf("PointerPath(%q) = %q, want %q", pointer, got, path)
		}
	}
}
