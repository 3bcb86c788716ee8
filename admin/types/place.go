package types

import (
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// placeControl says what a field stands in, and moves it while it was never published;
// after that, it copies it. It is nil where there is no other place.
func (b *builder) placeControl(f *studio.Field) *view.Control {
	c := view.Control{ID: controlID("place"), At: encoded(f.Path), Do: "move-to", Setting: "into", Title: words.Say(b.ctx, "Stands in"), Input: view.InputSelect, From: "null"}
	c.Choices = b.places(f)
	if len(c.Choices) < 2 {
		return nil
	}
	if f.Published {
		c.Input, c.Do = view.InputPlace, "copy-to"
		c.Hint = words.Say(b.ctx, "It was published, and records hold it under its place: it stays there. A copy can stand elsewhere; it begins empty.")
	}
	h := b.held
	if h == nil || !sameField(h.order.path, f) || !slices.Contains([]string{"move-to", "copy-to", "move-into", "in", "out"}, h.order.do) {
		return &c
	}
	b.shown = true
	c.Error = h.message
	if c.Input == view.InputPlace {
		c.Error = words.Say(b.ctx, "It cannot move there: it was published.")
	}
	if wanted := h.order.wanted(); f.Published && slices.ContainsFunc(c.Choices, func(o templates.Choice) bool { return o.Value == wanted }) {
		for i := range c.Choices {
			c.Choices[i].Chosen = c.Choices[i].Value == wanted
		}
	}
	return &c
}

// wanted is where an order would have a field stand.
func (o order) wanted() string {
	if o.do == "move-into" {
		return encoded(o.into)
	}
	return o.value
}

// places are what a field may stand in, the record itself first.
func (b *builder) places(f *studio.Field) []templates.Choice {
	now := encoded(f.Path[:len(f.Path)-1])
	list := []templates.Choice{{Label: words.Say(b.ctx, "The record itself"), Chosen: now == ""}}
	if f.Kind == studio.Series {
		return list
	}
	var walk func(fields []*studio.Field, around []string)
	walk = func(fields []*studio.Field, around []string) {
		for _, one := range fields {
			into := one.Into()
			if into == nil || one.Elsewhere || slices.Equal(one.Path, f.Path) {
				continue
			}
			name := append(slices.Clone(around), one.Name())
			if one.Kind != studio.Checklist || f.Kind == studio.YesNo {
				list = append(list, templates.Choice{Value: encoded(into), Label: strings.Join(name, " › "), Chosen: now == encoded(into)})
			}
			walk(one.Fields, name)
		}
	}
	walk(b.work.draft.Fields(), nil)
	return list
}

// steppedInto moves a field into the group or the rows right above it, or out of those
// that it stands in, behind them.
func steppedInto(d *studio.Draft, path []string, in bool) (studio.Command, error) {
	c := studio.Command{Do: "move-into", Path: path}
	if in {
		list, at := siblings(d, path)
		if at < 1 || list[at-1].Into() == nil {
			return c, &studio.Refusal{Path: path, Field: "into", Message: schema.Says("No group and no rows stand right above it: move it below one first.")}
		}
		c.Into = list[at-1].Into()
		return c, nil
	}
	owner := ownerOf(path)
	if owner == nil {
		return c, &studio.Refusal{Path: path, Field: "into", Message: schema.Says("It stands in the record itself: there is nothing to move it out of.")}
	}
	c.Into, c.After = owner[:len(owner)-1], owner[len(owner)-1]
	return c, nil
}

// ownerOf is the path of the group or the rows that a field stands in, nil for none.
func ownerOf(path []string) []string {
	if len(path) < 2 {
		return nil
	}
	owner := path[:len(path)-1]
	if owner[len(owner)-1] == "*" {
		owner = owner[:len(owner)-1]
	}
	return owner
}
