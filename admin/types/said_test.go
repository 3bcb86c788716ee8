package types

import (
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/studio/starters"
)

// Ensure all that studio has a name for is in the catalogues.
func TestSaid(t *testing.T) {
	known := said()
	want := func(text string) {
		if text != "" && !slices.Contains(known, text) {
			t.Errorf("%q is not in said", text)
		}
	}
	for _, k := range append(studio.Kinds(), studio.InfoOf(studio.Other)) {
		want(k.Group)
		want(k.Title)
		want(k.About)
		for _, s := range k.Settings {
			want(s.Title)
			want(s.Hint)
			for _, o := range s.Options {
				want(o.Title)
			}
		}
		d, err := studio.Empty("x").Do(studio.Command{Do: "add", Kind: k.Kind, Label: "x"})
		if err != nil || d.Last() == nil {
			continue
		}
		f := d.Field(d.Last())
		for _, m := range f.Merges {
			want(m.Title)
		}
		if f.Strategy != "" && mergeSaid(t.Context(), string(f.Strategy), f.Kind) == "" {
			t.Errorf("nothing is said of how a %s merges", k.Kind)
		}
	}
	for _, s := range starters.List() {
		want(s.Title)
		want(s.About)
	}
}
