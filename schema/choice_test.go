package schema

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestField_Choices(t *testing.T) {
	s, err := Parse([]byte(`{"type": "object", "properties": {
		"status": {"enum": ["in_progress", "Done & dusted", "x", 3, true, null]},
		"kind": {"oneOf": [{"const": "a", "title": "Pump"}, {"const": "b"}]},
		"tags": {"type": "array", "uniqueItems": true, "items": {"enum": ["north-east", "NE"]}},
		"free": {"type": "string"}
	}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, f := range s.Fields() {
		for _, c := range f.Choices() {
			got[f.Path[0]] = append(got[f.Path[0]], c.Title)
			if title, is := f.Choice(c.Value); !is || title != c.Title {
				t.Errorf("%v of %s is called %q, want %q", c.Value, f.Title, title, c.Title)
			}
		}
		if _, is := f.Choice("something else"); is {
			t.Errorf("%s can be something else", f.Title)
		}
	}
	want := map[string][]string{
		"status": {"In progress", "Done & dusted", "X", "3", "true", "null"}, "kind": {"Pump", "B"}, "tags": {"North east", "NE"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The field app reads the same file (client/app/test/choices.test.js).
func TestChoiceWords(t *testing.T) {
	text, err := os.ReadFile("testdata/choices.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][2]string
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if got := ChoiceWords(c[0]); got != c[1] {
			t.Errorf("%q is %q, want %q", c[0], got, c[1])
		}
	}
}
