package office

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/hooks"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

type hookDeed = func(ctx context.Context, a collections.Actor, id string) error

// whereName begins the names of the condition's form fields.
const whereName = "where"

// hookFields are what a form of a webhook holds, as it was typed.
type hookFields struct {
	hook  hooks.Hook
	rows  *condition.Model // of the condition, nil: none
	saw   hooks.Hook       // how the webhook was when the form was made
	again bool             // a button of the form was pressed: show it again
}

// readHook reads a form. An error is about one field.
func (p *pages) readHook(v *ui.Visit) (f hookFields, err error) {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return f, err
	}
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
	return f, p.readWhere(v, form, &f)
}

// readWhere reads the condition, which is about the fields of one type.
func (p *pages) readWhere(v *ui.Visit, form url.Values, f *hookFields) error {
	narrows := form.Has("narrow")
	if !narrows && !condition.Sent(form, whereName) {
		return nil
	}
	f.again = narrows
	t, err := p.onlyType(v, f.hook)
	switch {
	case err != nil:
		return err
	case t == nil && (narrows || len(f.saw.Types) == 1):
		f.again = true
		return collections.Errorf(collections.Invalid, "types", "A condition is about the fields of one type: choose that one alone.")
	case t == nil:
		return nil
	case narrows:
		f.rows = condition.New(nil, t.Schema, whereName)
		f.rows.AddRow()
		return nil
	}
	f.rows = condition.Read(form, t.Schema, whereName)
	if f.again = f.rows.Acted; f.again {
		return nil
	}
	where, ok := f.rows.Condition()
	if !ok {
		return collections.Errorf(collections.Invalid, "where", "The condition is not finished.")
	}
	f.hook.Where = where
	return nil
}

// onlyType gives the type of a webhook that is for one alone, else nil.
func (p *pages) onlyType(v *ui.Visit, h hooks.Hook) (*collections.Type, error) {
	if len(h.Types) != 1 {
		return nil, nil
	}
	_, types, err := p.titles(v)
	for _, t := range types {
		if t.Name == h.Types[0] {
			return t, err
		}
	}
	return nil, err
}

// newHookForm asks for a new webhook.
func (p *pages) newHookForm(v *ui.Visit) error {
	return p.askHook(v, hookFields{hook: hooks.Hook{Enabled: true, Events: []hooks.Event{hooks.Created, hooks.Changed}}}, nil)
}

// newHook makes one, and shows its secret this once.
func (p *pages) newHook(v *ui.Visit) error {
	ctx := v.UserContext()
	f, err := p.readHook(v)
	if err != nil || f.again {
		return p.askHook(v, f, err)
	}
	h, secret, err := p.Hooks.Create(ctx, v.Actor(), f.hook)
	if err != nil {
		return p.askHook(v, f, err)
	}
	p.note(v, auth.AreaWebhooks, "made a webhook", h.Name, shortAddress(h.URL))
	return p.showHook(v, h.ID, fiber.StatusCreated, nil, secretOf(ctx, secret))
}

// hookForm asks for changes to a webhook.
func (p *pages) hookForm(v *ui.Visit) error {
	h, err := p.Hooks.Get(v.UserContext(), v.Actor(), v.Params("id"))
	if err != nil {
		return err
	}
	f := hookFields{hook: h.Hook, saw: h.Hook}
	if h.Where != nil {
		t, err := p.onlyType(v, h.Hook)
		if err != nil {
			return err
		}
		if t != nil {
			f.rows = condition.New(h.Where, t.Schema, whereName)
		}
	}
	return p.askHook(v, f, nil)
}

// saveHook changes a webhook in what its author changed.
func (p *pages) saveHook(v *ui.Visit) error {
	ctx, id := v.UserContext(), v.Params("id")
	f, err := p.readHook(v)
	if err != nil || f.again {
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
		input.Error = show.Sentence(ctx, wrong.Message)
		input.Focus = true
	} else {
		page.Wrong = show.Sentence(ctx, wrong.Message)
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
		Events:  templates.Input{Name: "events", Label: words.Say(ctx, "Tell it of a record that is")},
		Types:   templates.Input{Name: "types", Label: words.Say(ctx, "Of these types"), Hint: words.Say(ctx, "None chosen means all, also those that are made later.")},
		Where:   templates.Input{Name: whereName, Label: words.Say(ctx, "Only where"), Hint: words.Say(ctx, "What must be so of the record after the change. Without a condition, every record counts.")},
		Enabled: templates.Input{Name: "enabled", Label: words.Say(ctx, "Sending")},
	}
	trail := []templates.Link{toHooks(ctx)}
	if id != "" {
		page.Saw, page.Heading, page.Action, page.Back, page.Do = string(saw), words.Say(ctx, "Edit the webhook"), hookPath(id)+"/edit", hookPath(id), words.Say(ctx, "Save the webhook")
		trail = append(trail, templates.Link{Text: f.saw.Name, Href: hookPath(id)})
	}
	page.Frame = p.frame(v, templates.SectionSettings, page.Heading, trail...)
	if f.rows != nil {
		rows := f.rows.View(ctx, words.Say(ctx, "Only where"), page.Action)
		page.Rows = &rows
		page.Frame.Styles = append(page.Frame.Styles, "condition.css")
	}
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
