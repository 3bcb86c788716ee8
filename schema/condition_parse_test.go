package schema_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/schema"
)

// The error says where in the condition the mistake is.
func TestParseCondition_ErrorPath(t *testing.T) {
	for text, want := range map[string]string{
		`{"all":[true,{"any":[{"field":"a","above":null}]}]}`: "/all/1/any/0/above",
		`{"all":[true,{"field":"a..b","is":1}]}`:              "/all/1/field",
		`{"none":[{"field":"a","i/s":1}]}`:                    "/none/0/i~1s",
		`{"none":7}`:                                          "/none",
		`[]`:                                                  "",
	} {
		_, err := schema.ParseCondition([]byte(text))
		var at *schema.ConditionError
		if !errors.As(err, &at) || at.Path != want {
			t.Errorf("%s: got %#v, want path %q", text, err, want)
		}
	}
}

// What is no strict JSON is no condition.
func TestParseCondition_StrictJSON(t *testing.T) {
	for _, text := range []string{
		"", "tru", "true true", "TRUE", `{"all":[],"all":[true]}`,
		`{"field":"a","field":"b","is":1}`, `{"field":"a","is":1e999}`,
		`{"field":"a","is":9007199254740993}`, "{\"field\":\"\xff\",\"is\":1}", `{"field":"\ud800","is":1}`,
		`{"all":` + strings.Repeat("[", 100_000),
		`{"field":"a","is":"` + strings.Repeat("x", 64<<10) + `"}`,
	} {
		_, err := schema.ParseCondition([]byte(text))
		var at *schema.ConditionError
		if !errors.As(err, &at) || at.Message.IsEmpty() {
			t.Errorf("%.60q: got %v, want a *ConditionError", text, err)
		}
	}
}

// Equal conditions are written alike: the field first, no spaces, whatever the
// spelling was.
func TestCondition_MarshalJSON(t *testing.T) {
	for text, want := range map[string]string{
		` { "is" : 1.50e1, "field" : "a\u002eb" } `:     `{"field":"a.b","is":15}`,
		`{"field":"a\\.b","in":["\u00e9",null,true]}`:   `{"field":"a\\.b","in":["é",null,true]}`,
		`{"any":[ {"all":[ ]}, false ]}`:                `{"any":[{"all":[]},false]}`,
		`{"none":[{"field":"a.b\\\\.c","empty":true}]}`: `{"none":[{"field":"a.b\\\\.c","empty":true}]}`,
	} {
		if got := string(marshal(t, mustParse(t, []byte(text)))); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	var none *schema.Condition
	if got := string(marshal(t, none)); got != "true" {
		t.Errorf("a nil condition is written %s, want true", got)
	}
}

// A condition inside a larger document is read as strictly as one alone.
func TestCondition_UnmarshalJSON(t *testing.T) {
	type view struct{ Where *schema.Condition }
	var v view
	if err := json.Unmarshal([]byte(`{"Where":{"field":"a","is":"$me"}}`), &v); err != nil {
		t.Fatal(err)
	}
	want := &schema.Condition{Op: "is", Field: []string{"a"}, Value: "$me"}
	if diff := cmp.Diff(want, v.Where); diff != "" {
		t.Error(diff)
	}
	if err := json.Unmarshal([]byte(`{"Where":{"Op":"true"}}`), &v); err == nil {
		t.Error("a condition spelt as its Go struct was read")
	}
}

// Whatever comes in, ParseCondition does not panic, refuses with a sentence, and what
// it takes stays the same condition when it is written and read again.
func FuzzParseCondition(f *testing.F) {
	files, _ := filepath.Glob("testdata/conditions/*.json")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var vectors []conditionVector
		if err := json.Unmarshal(text, &vectors); err != nil {
			f.Fatal(err)
		}
		for _, v := range vectors {
			f.Add([]byte(v.Condition))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := schema.ParseCondition(text)
		if err != nil {
			var at *schema.ConditionError
			if !errors.As(err, &at) || at.Message.IsEmpty() {
				t.Fatalf("%q: error %#v is no *ConditionError with a sentence", text, err)
			}
			return
		}
		written := marshal(t, c)
		again := mustParse(t, written)
		if diff := cmp.Diff(c, again); diff != "" {
			t.Fatalf("%q: %s", text, diff)
		}
		value := map[string]any{"a": "x", "b": map[string]any{"c": 1.0}}
		if c.Match(value) != again.Match(value) {
			t.Fatalf("%q matches differently when read again", text)
		}
		_ = c.Resolve(schema.Vars{Me: "kim"}).Sentence(nil).String()
	})
}
