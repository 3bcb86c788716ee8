package types

import (
	"cmp"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// askDiscard asks before a draft is thrown away: with it goes what nobody published.
func (p *pages) askDiscard(v *ui.Visit) error {
	ctx, name := v.UserContext(), v.Params("type")
	w, err := p.open(v, name)
	if err != nil {
		return err
	}
	if w.kept == nil {
		return collections.Errorf(collections.NotFound, "", "There is no draft of %q.", name)
	}
	form, title := formPath(name), cmp.Or(w.draft.Title(), name)
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Discard the draft"), ui.ToTypes(ctx), templates.Link{Text: words.Say(ctx, "Draft of %s", title), Href: form}),
		Heading: words.Say(ctx, "Discard the draft of %s?", title), Message: words.Say(ctx, "What it changed is gone then. What is published stays as it is."),
		Action: ui.TypePath(name) + "/draft/discard", Do: words.Say(ctx, "Discard"), Danger: true, Back: templates.Link{Text: words.Say(ctx, "Keep it"), Href: form},
	}))
}

// discard throws the draft away.
func (p *pages) discard(v *ui.Visit) error {
	name := v.Params("type")
	if err := p.asks.DiscardDraft(v.UserContext(), v.Actor(), name); err != nil {
		return err
	}
	p.hub.Moved("draft/"+name, presence.Move{What: "draft", By: v.Actor().Name})
	_, err := p.asks.Type(v.UserContext(), v.Actor(), name, 0)
	if ui.IsNotFound(err) {
		return ui.SeeOther(v.Ctx, "/admin", "discarded")
	}
	if err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, formPath(name), "discarded")
}
