package starters_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/studio/starters"
)

// Each starter is a type that the builder shows and edits in full.
func TestStarters(t *testing.T) {
	var names []string
	for _, s := range starters.List() {
		names = append(names, s.Name)
	}
	for _, s := range starters.List() {
		text, ok := starters.Schema(s.Name)
		if !ok {
			t.Fatalf("%s has no file", s.Name)
		}
		if _, err := schema.Parse(text); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		d, err := studio.Read(text)
		if err != nil {
			t.Fatal(err)
		}
		if string(d.JSON()) != string(text) {
			t.Errorf("%s is not written as the builder writes it", s.Name)
		}
		if d.Title() != s.Title || len(d.Fields()) != s.Fields || s.Fields < 12 || s.Fields > 25 {
			t.Errorf("%s is %q with %d fields", s.Name, d.Title(), len(d.Fields()))
		}
		rules := 0
		var each func(list []*studio.Field)
		each = func(list []*studio.Field) {
			for _, f := range list {
				if f.Kind == studio.Other || f.Label == "" || len(f.Notes) > 0 || f.Why.String() == "" {
					t.Errorf("%s: %v is a %s, labelled %q; %v", s.Name, f.Path, f.Kind, f.Label, f.Notes)
				}
				if f.RequiredWhen != nil || f.Required && f.When != nil {
					rules++
				}
				if to, _ := f.Setting("type").(string); to != "" && !slices.Contains(names, to) {
					t.Errorf("%s: %v refers to %s, which is no starter", s.Name, f.Path, to)
				}
				each(f.Fields)
			}
		}
		each(d.Fields())
		if want := strings.Count(string(text), `"x-required-when"`); rules != want || want == 0 {
			t.Errorf("%s: %d rules are read of %d", s.Name, rules, want)
		}
		if len(d.Sections()) < 2 {
			t.Errorf("%s has no sections", s.Name)
		}
	}
}
