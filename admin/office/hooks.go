package office

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/hooks"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

func toHooks(ctx context.Context) templates.Link {
	return templates.Link{Text: words.Say(ctx, "Webhooks"), Href: "/admin/webhooks"}
}

// hooks lists the webhooks.
func (p *pages) hooks(v *ui.Visit) error {
	ctx := v.UserContext()
	list, err := p.Hooks.List(ctx, v.Actor())
	if err != nil {
		return err
	}
	titles, _, err := p.titles(v)
	if err != nil {
		return err
	}
	page := views.HooksPage{Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "Webhooks")), Tabs: p.settingsTabs(ctx, "webhooks")}
	for _, h := range list {
		page.Hooks = append(page.Hooks, views.HookLine{
			Name: h.Name, Href: hookPath(h.ID), Address: shortAddress(h.URL), Chooses: chooses(ctx, h.Hook, titles),
			State: stateOf(ctx, h), Taken: p.Moment(ctx, h.State.Taken),
		})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Hooks(page))
}

// hook shows one webhook.
func (p *pages) hook(v *ui.Visit) error {
	return p.showHook(v, v.Params("id"), fiber.StatusOK, nil, nil)
}

// showHook shows one webhook, with what came of what was just done.
func (p *pages) showHook(v *ui.Visit, id string, status int, result *hooks.Delivery, secret *templates.Secret) error {
	ctx := v.UserContext()
	h, err := p.Hooks.Get(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	deliveries, err := p.Hooks.Deliveries(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	titles, _, err := p.titles(v)
	if err != nil {
		return err
	}
	page := views.HookPage{
		Frame: p.frame(v, templates.SectionSettings, h.Name, toHooks(ctx)),
		Name:  h.Name, Path: hookPath(id), Address: shortAddress(h.URL), Chooses: chooses(ctx, h.Hook, titles), By: h.By,
		State: stateOf(ctx, h), Next: p.Moment(ctx, h.State.Next), Secret: secret,
		Paused: h.Enabled && h.State.Paused != "", Waiting: h.Enabled && h.State.Failures > 0,
	}
	if t, err := p.onlyType(v, h.Hook); err != nil {
		return err
	} else if h.Where != nil && t != nil {
		page.Where = show.Sentence(v.UserContext(), h.Where.Sentence(t.Schema))
	} else if h.Where != nil {
		text, _ := h.Where.MarshalJSON()
		page.Where = string(text)
	}
	if result != nil {
		shown := p.deliveryOf(ctx, id, result)
		page.Result = &shown
	}
	for _, d := range deliveries {
		page.Deliveries = append(page.Deliveries, p.deliveryOf(ctx, id, d))
	}
	return ui.Render(v.Ctx, status, views.Hook(page))
}

// testHook sends a test message and shows what came of it.
func (p *pages) testHook(v *ui.Visit) error {
	d, err := p.Hooks.Ping(v.UserContext(), v.Actor(), v.Params("id"))
	if err != nil {
		return err
	}
	return p.showHook(v, v.Params("id"), fiber.StatusOK, d, nil)
}

// delivery shows one attempt.
func (p *pages) delivery(v *ui.Visit) error {
	ctx, id := v.UserContext(), v.Params("id")
	h, err := p.Hooks.Get(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	d, err := p.Hooks.Delivery(ctx, v.Actor(), id, v.Params("place"))
	if err != nil {
		return err
	}
	page := views.DeliveryPage{
		Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "Delivery"), toHooks(ctx), templates.Link{Text: h.Name, Href: hookPath(id)}),
		Path:  hookPath(id), Line: p.deliveryOf(ctx, id, d), Message: d.Message, Body: d.Answer, Next: p.Moment(ctx, d.Next),
	}
	if d.Kind != "gap" {
		page.Again = page.Line.Href
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.DeliveryOf(page))
}

// redeliver sends a message again and shows what came of it.
func (p *pages) redeliver(v *ui.Visit) error {
	h, err := p.Hooks.Get(v.UserContext(), v.Actor(), v.Params("id"))
	if err != nil {
		return err
	}
	d, err := p.Hooks.Redeliver(v.UserContext(), v.Actor(), v.Params("id"), v.Params("place"))
	if err != nil {
		return err
	}
	p.note(v, auth.AreaWebhooks, "sent a message again", h.Name, d.Message)
	return p.showHook(v, v.Params("id"), fiber.StatusOK, d, nil)
}

// resumeHook lets a webhook try again at once.
func (p *pages) resumeHook(v *ui.Visit) error {
	return p.did(v, p.Hooks.Resume, "resumed a webhook")
}

// skipMessage passes over the message that a webhook's endpoint does not take.
func (p *pages) skipMessage(v *ui.Visit) error {
	return p.did(v, p.Hooks.Skip, "passed over a message")
}

// did does one thing to a webhook, notes it, and shows the webhook.
func (p *pages) did(v *ui.Visit, do hookDeed, what string) error {
	ctx, id := v.UserContext(), v.Params("id")
	h, err := p.Hooks.Get(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	if err := do(ctx, v.Actor(), id); err != nil {
		return err
	}
	p.note(v, auth.AreaWebhooks, what, h.Name, "")
	return ui.SeeOther(v.Ctx, hookPath(id), "")
}

// askSecret asks whether a webhook shall have a new secret.
func (p *pages) askSecret(v *ui.Visit) error {
	ctx := v.UserContext()
	return p.confirm(v, templates.ConfirmPage{
		Heading: words.Say(ctx, "Make a new secret?"), Do: words.Say(ctx, "Make a new secret"),
		Message: words.Say(ctx, "Messages are signed with both, the new one and the old one, for a day, so that the other program can be changed in between. Then the old one is void."),
	}, "/secret")
}

// newSecret gives a webhook a new secret, and shows it this once.
func (p *pages) newSecret(v *ui.Visit) error {
	ctx, id := v.UserContext(), v.Params("id")
	h, err := p.Hooks.Get(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	secret, err := p.Hooks.NewSecret(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	p.note(v, auth.AreaWebhooks, "made a new secret", h.Name, "")
	return p.showHook(v, id, fiber.StatusOK, nil, secretOf(ctx, secret))
}

// secretOf shows a secret.
func secretOf(ctx context.Context, text string) *templates.Secret {
	return &templates.Secret{
		Label: words.Say(ctx, "The secret that messages are signed with"), Text: text,
		Explained: words.Say(ctx, "Give it to the other program now: it is not shown again. How to check a signature is said by the Standard Webhooks specification, for which there are libraries."),
	}
}

// askRemove asks whether a webhook shall go.
func (p *pages) askRemove(v *ui.Visit) error {
	ctx := v.UserContext()
	return p.confirm(v, templates.ConfirmPage{
		Heading: words.Say(ctx, "Remove this webhook?"), Do: words.Say(ctx, "Remove the webhook"), Danger: true,
		Message: words.Say(ctx, "The other program is told of nothing any more, not even of what waits. The list of its deliveries goes too."),
	}, "/remove")
}

// removeHook removes a webhook.
func (p *pages) removeHook(v *ui.Visit) error {
	ctx, id := v.UserContext(), v.Params("id")
	h, err := p.Hooks.Get(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	if err := p.Hooks.Remove(ctx, v.Actor(), id); err != nil {
		return err
	}
	p.note(v, auth.AreaWebhooks, "removed a webhook", h.Name, shortAddress(h.URL))
	return ui.SeeOther(v.Ctx, "/admin/webhooks", "hook-removed")
}

// confirm asks before something is done to a webhook.
func (p *pages) confirm(v *ui.Visit, page templates.ConfirmPage, action string) error {
	ctx, id := v.UserContext(), v.Params("id")
	h, err := p.Hooks.Get(ctx, v.Actor(), id)
	if err != nil {
		return err
	}
	back := templates.Link{Text: h.Name, Href: hookPath(id)}
	page.Frame = p.frame(v, templates.SectionSettings, page.Heading, toHooks(ctx), back)
	page.Action, page.Back = hookPath(id)+action, templates.Link{Text: words.Say(ctx, "Cancel"), Href: hookPath(id)}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(page))
}
