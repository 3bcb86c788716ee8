package types

import (
	"context"

	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// iconControl offers the icons that the type can be known by.
func (b *builder) iconControl() view.Control {
	now := b.work.draft.Icon()
	c := view.Control{ID: controlID("icon"), Do: "set", Setting: "icon", Title: words.Say(b.ctx, "Icon"), Input: view.InputIcon, As: "text", Value: now, From: textFrom(now)}
	c.Unit, _ = letter(b.work.draft.Title(), b.work.name)
	c.Choices = []templates.Choice{{Label: words.Say(b.ctx, "Its first letter"), Chosen: templates.TypeIcon(now) == ""}}
	for _, name := range templates.TypeIcons() {
		c.Choices = append(c.Choices, templates.Choice{Value: name, Label: iconName(b.ctx, name), Chosen: name == now})
	}
	return c
}

// iconName is what an icon shows.
func iconName(ctx context.Context, name string) string {
	said := map[string]string{
		"wrench": words.Key("Wrench"), "clipboard": words.Key("Clipboard"), "box": words.Key("Box"), "alert": words.Key("Warning sign"), "heart": words.Key("Heart"),
		"briefcase": words.Key("Briefcase"), "person": words.Key("Person"), "group": words.Key("Group"), "place": words.Key("Place"), "address": words.Key("House"),
		"date": words.Key("Calendar"), "phone": words.Key("Telephone"), "email": words.Key("Envelope"), "meter": words.Key("Meter"), "device": words.Key("Device"),
		"sheet": words.Key("Table"), "checklist": words.Key("Checklist"), "tags": words.Key("Tags"),
	}
	return words.Say(ctx, said[name])
}
