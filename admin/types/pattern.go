package types

import (
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	view "github.com/fieldstack/fieldstack/templates/types"
)

// tried says whether an example fits a pattern as it is typed, by the rules that a type
// is held to. Nothing is changed.
func (p *pages) tried(v *ui.Visit, name string, o order) error {
	w, err := p.open(v, name)
	if err != nil {
		return err
	}
	h := &held{order: o, setting: "pattern", tried: fits(o.value, o.example)}
	return p.show(v, w, place{field: encoded(o.path)}, h)
}

// fits tries a text with a pattern.
func fits(pattern, example string) *view.Tester {
	t := &view.Tester{Example: example}
	if pattern == "" {
		return t
	}
	d, err := studio.Empty("x").Do(studio.Command{Do: "add", Kind: studio.ShortText, Label: "x"})
	if err == nil {
		d, err = d.Do(studio.Command{Do: "set", Path: d.Last(), Setting: "pattern", Value: pattern})
	}
	if err != nil {
		t.Wrong = err.Error()
		return t
	}
	t.Tried = true
	t.Fits = fitsType(d.Schema(), example)
	return t
}

func fitsType(s *schema.Schema, example string) bool {
	return s != nil && len(s.Validate(map[string]any{"x": example})) == 0
}
