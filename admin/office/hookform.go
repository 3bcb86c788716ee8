package office

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/hooks"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

type hookDeed = func(ctx context.Context, a collections.Actor, id string) error

// hookFields are what a form of a webhook holds, as it was typed.
type hookFields struct {
	hook  hooks.Hook
	where string
	saw   hooks.Hook
}

// readHook reads a form. An error is about one field.
func readHook(form url.Values) (hookFields, error) {
	f := hookFields{where: strings.TrimSpace(form.Get("where"))}
	f.hook = hooks.Hook{
		Name: strings.TrimSpace(form.Get("name")), URL: strings.TrimSpace(form.Get("url")),
		Enabled: form.Get("enabled") != "", Types: form["types"],
	}
	slices.Sort(f.hook.Types)
	for _, e := range hooks.Events() {
		if slices.Contains(form["events"], string(e)) {
			f.hook.Events = append(f.hook.Events, e)
		}
	}
	if saw := form.Get("saw"); saw != "" && json.Unmarshal([]byte(saw), &f.saw) != nil {
		return f, ui.BadForm()
	}
	if f.where == "" {
		return f, nil
	}
	where, err := schema.ParseCondition([]byte(f.where))
	if err != nil {
		return f, collections.Errorf(collections.Invalid, "where", "This is no condition: %s", err)
	}
	f.hook.Where = where
	return f, nil
}

// newHookForm asks for a new webhook.
func (p *pages) newHookForm(v *ui.Visit) error {
	return p.askHook(v, hookFields{hook: hooks.Hook{Enabled: true, Events: []hooks.Event{hooks.Created, hooks.Changed}}}, nil)
}

// newHook makes one, and shows its secret this once.
func (p *pages) newHook(v *ui.Visit) error {
	ctx := v.UserContext()
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	f, err := readHook(form)
	if err != nil {
		return p.askHook(v, f, err)
	}
	h, secret, err := p.Hooks.Create(ctx, v.Actor(), f.hook)
	if err != nil {
		return p.askHook(v, f, err)
	}
	p.note(v, auth.AreaWebhooks, "made a webhook", h.Name, shortAddress(h.URL))
	page := views.HookPage{
		Frame: p.frame(v, templates.SectionSettings, h.Name, toHooks(ctx)), Name: h.Name, Path: hookPath(h.ID), Address: shortAddress(h.URL),
		By: h.By, State: stateOf(ctx, &hooks.Listed{Hook: *h}), Secret: secretOf(ctx, secret),
	}
	titles, _, err := p.titles(v)
	if err != nil {
		return err
	}
	page.Chooses = chooses(ctx, *h, titles)
	return ui.Render(v.Ctx, fiber.StatusCreated, views.Hook(page))
}

// hookForm asks for changes to a webhook.
func (p *pages) hookForm(v *ui.Visit) error {
	h, err := p.Hooks.Get(v.UserContext(), v.Actor(), v.Params("id"))
	if err != nil {
		return err
	}
	f := hookFields{hook: h.Hook, saw: h.Hook}
	if h.Where != nil {
		text, err := h.Where.MarshalJSON()
		if err != nil {
			return err
		}
		f.where = string(text)
	}
	return p.askHook(v, f, nil)
}

// saveHook changes a webhook in what its author changed.
func (p *pages) saveHook(v *ui.Visit) error {
	ctx, id := v.UserContext(), v.Params("id")
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	f, err := readHook(form)
	if err != nil {
		return p.askHook(v, f, err)
	}
	h, err := p.Hooks.Update(ctx, v.Actor(), id, f.saw, f.hook)
	if isCode(err, collections.Exists) {
		// What is there now is what the next try is made on: the author has been told.
		if now, again := p.Hooks.Get(ctx, v.Actor(), id); again == nil {
			f.saw = now.Hook
		}
	}
	if err != nil {
		return p.askHook(v, f, err)
	}
	p.note(v, auth.AreaWebhooks, "changed a webhook", h.Name, shortAddress(h.URL))
	return ui.SeeOther(v.Ctx, hookPath(id), "hook-saved")
}

func isCode(err error, code collections.Code) bool {
	var e *collections.Error
	return errors.As(err, &e) && e.Code == code
}

// askHook shows the form, with what is wrong beside the field that it is about.
func (p *pages) askHook(v *ui.Visit, f hookFields, err error) error {
	ctx := v.UserContext()
	status, wrong := fiber.StatusOK, &collections.Error{}
	if err != nil {
		var other error
		if status, wrong, other = p.Mistake(err); other != nil {
			return other
		}
	}
	_, types, err := p.titles(v)
	if err != nil {
		return err
	}
	page, err := p.hookFormPage(v, f)
	if err != nil {
		return err
	}
	page.Event, page.Type = eventChoices(ctx, f.hook), typeChoices(types, f.hook)
	page.On = []templates.Choice{{Value: "yes", Label: words.Say(ctx, "Send messages"), Chosen: f.hook.Enabled, Hint: words.Say(ctx, "Switched off, what happens waits and is sent when it is switched on again.")}}
	beside := map[string]*templates.Input{"name": &page.Name, "url": &page.URL, "events": &page.Events, "types": &page.Types, "where": &page.Where, "enabled": &page.Enabled}
	if input := beside[wrong.Field]; input != nil {
		input.Error = wrong.Message
		input.Focus = true
	} else {
		page.Wrong = wrong.Message
	}
	return ui.Render(v.Ctx, status, views.HookForm(page))
}

// hookFormPage is the form with what was typed.
func (p *pages) hookFormPage(v *ui.Visit, f hookFields) (views.HookFormPage, error) {
	ctx, id := v.UserContext(), v.Params("id")
	saw, err := json.Marshal(f.saw)
	page := views.HookFormPage{
		Heading: words.Say(ctx, "New webhook"), Action: "/admin/webhooks/_new", Back: "/admin/webhooks", Do: words.Say(ctx, "Make the webhook"),
		Name:    templates.Input{Name: "name", Label: words.Say(ctx, "Name"), Hint: words.Say(ctx, "The program that it tells."), Value: f.hook.Name, Required: true},
		URL:     templates.Input{Name: "url", Label: words.Say(ctx, "Address"), Hint: words.Say(ctx, "Messages are sent there by POST, as JSON."), Value: f.hook.URL, Required: true},
		Events:  templates.Input{Name: "events", Label: words.Say(ctx, "Tell it when a record was or does")},
		Types:   templates.Input{Name: "types", Label: words.Say(ctx, "Of these types"), Hint: words.Say(ctx, "None chosen means all, also those that are made later.")},
		Where:   templates.Input{Name: "where", Label: words.Say(ctx, "Only where"), Value: f.where, Hint: words.Say(ctx, "A condition on the record after the change, as JSON. Empty for every record. Example: %s", `{"field":"status","is":"done"}`)},
		Enabled: templates.Input{Name: "enabled", Label: words.Say(ctx, "Sending")},
	}
	trail := []templates.Link{toHooks(ctx)}
	if id != "" {
		page.Saw, page.Heading, page.Action, page.Back, page.Do = string(saw), words.Say(ctx, "Edit the webhook"), hookPath(id)+"/edit", hookPath(id), words.Say(ctx, "Save the webhook")
		trail = append(trail, templates.Link{Text: f.saw.Name, Href: hookPath(id)})
	}
	page.Frame = p.frame(v, templates.SectionSettings, page.Heading, trail...)
	return page, err
}

func eventChoices(ctx context.Context, h hooks.Hook) []templates.Choice {
	var list []templates.Choice
	for _, e := range hooks.Events() {
		list = append(list, templates.Choice{Value: string(e), Label: eventName(ctx, e), Chosen: slices.Contains(h.Events, e)})
	}
	return list
}

func typeChoices(types []*collections.Type, h hooks.Hook) []templates.Choice {
	var list []templates.Choice
	for _, t := range types {
		list = append(list, templates.Choice{Value: t.Name, Label: ui.TypeTitle(t), Chosen: slices.Contains(h.Types, t.Name)})
	}
	return list
}
