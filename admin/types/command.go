package types

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/studio"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// held is a command that was not made: what was typed, and why it was not taken.
type held struct {
	order   order
	setting string // that the reason is about, "" for none in particular
	message string
	clash   *studio.Clash
	tried   *view.Tester // a pattern was only tried
	status  int
}

// command makes what a form asks for, and shows the builder with it done, or with why
// it was not.
func (p *pages) command(v *ui.Visit) error {
	o, err := readOrder(v)
	if err != nil {
		return err
	}
	name := v.Params("type")
	if p.trails.made(author{v.Actor().User, name}, o.once) {
		return p.goOn(v, name, place{field: o.at, edit: o.edit})
	}
	switch o.do {
	case "leave":
		return p.goOn(v, name, place{field: encoded(o.path)})
	case "try":
		return p.tried(v, name, o)
	case "condition":
		return p.sentence(v, name, o)
	case "undo", "redo":
		return p.takeBack(v, name, o)
	}
	w, err := p.change(v, name, o.page, o.command)
	if err != nil {
		return p.refused(v, w, o, err)
	}
	p.remember(v, w, o)
	return p.goOn(v, name, after(o, w.draft))
}

// remember notes how the person can take back what they did.
func (p *pages) remember(v *ui.Visit, w *work, o order) {
	p.trails.note(author{v.Actor().User, w.name}, o.once)
	if back, changed := w.draft.Undo(); changed {
		p.trails.did(author{v.Actor().User, w.name}, w.rev(), step{back, told(v.UserContext(), o, w.draft)})
	}
}

// takeBack undoes the last thing that the person did, or does again what they undid.
func (p *pages) takeBack(v *ui.Visit, name string, o order) error {
	w, err := p.open(v, name)
	if err != nil {
		return err
	}
	who := author{v.Actor().User, name}
	undo, redo, canUndo, canRedo := p.trails.last(who, w.rev())
	taken, can, noted := undo, canUndo, p.trails.undid
	if o.do == "redo" {
		taken, can, noted = redo, canRedo, p.trails.redid
	}
	if !can {
		return p.goOn(v, name, place{field: o.at})
	}
	w, err = p.change(v, name, o.page, func(*studio.Draft) (studio.Command, error) { return taken.command, nil })
	if err != nil {
		p.drop(who, w, o.do)
		return p.refused(v, w, o, err)
	}
	p.trails.note(who, o.once)
	if back, changed := w.draft.Undo(); changed {
		noted(who, w.rev(), step{back, taken.told})
	} else {
		p.drop(who, w, o.do)
	}
	return p.goOn(v, name, shownAfter(o, taken.command.Path, w.draft))
}

// drop forgets a step that cannot be made any more.
func (p *pages) drop(who author, w *work, do string) {
	if w != nil {
		p.trails.drop(who, do == "redo")
	}
}

// place is what the builder shows next.
type place struct {
	field                      string // whose settings
	add                        string // the kind that is about to be added
	into, after, section, step string
	edit                       string // the setting that is edited where it stands: a condition
	drop                       string // the choice that is about to go, as JSON
	focus                      string // the element that is to have the focus
}

func (at place) path(name string) string {
	return withQuery(formPath(name), "field", at.field, "add", at.add, "into", at.into, "after", at.after, "section", at.section, "step", at.step, "edit", at.edit, "drop", at.drop)
}

// after is where a command leads to: a field that was added to its settings, or on to
// the next one.
func after(o order, d *studio.Draft) place {
	switch o.do {
	case "add", "add-more":
		return afterAdd(o, d)
	case "duplicate", "bring-back", "copy-to":
		return place{field: encoded(d.Last())}
	case "move-into", "move-to", "in", "out":
		return afterMove(o, d)
	case "remove":
		if o.at == encoded(o.path) {
			return place{}
		}
	case "no-condition":
		return place{field: encoded(o.path), focus: controlID(o.setting) + "-change"}
	case "add-choice":
		return place{field: encoded(o.path), focus: controlID("choices") + "-add"}
	}
	return shownAfter(o, o.path, d)
}

// shownAfter keeps the field that is shown, else shows the one that a command was about.
func shownAfter(o order, path []string, d *studio.Draft) place {
	if o.at != "" && d.Field(decoded(o.at)) != nil {
		return place{field: o.at, edit: o.edit}
	}
	if o.page == "" && d.Field(path) != nil {
		return place{field: encoded(path)}
	}
	return place{}
}

// afterMove follows a field to its new place.
func afterMove(o order, d *studio.Draft) place {
	at := shownAfter(o, d.Last(), d)
	if o.at == encoded(o.path) || at.field == "" {
		at = place{field: encoded(d.Last())}
	}
	if o.do == "in" || o.do == "out" {
		at.focus = view.ElementID("f-", encoded(d.Last())) + "-open"
	}
	return at
}

func afterAdd(o order, d *studio.Draft) place {
	last := d.Last()
	f := d.Field(last)
	if f == nil { // a heading
		return place{add: string(studio.ShortText), section: o.value}
	}
	at := place{field: encoded(last)}
	switch f.Kind {
	case studio.ChoiceOfOne, studio.Choices:
		at.focus = controlID("choices") + "-add"
	case studio.Reference:
		at.focus = controlID("type")
	case studio.Rows, studio.Group:
		at.add, at.into = string(studio.ShortText), encoded(f.Into())
	case studio.Checklist:
		at.add, at.into = string(studio.YesNo), encoded(f.Into())
	default:
		if o.do == "add-more" {
			at.add, at.into, at.after, at.section = string(f.Kind), encoded(o.into), f.Key(), f.Section
		}
	}
	return at
}

// goOn shows the builder after a command: by a redirect, or at once to the page's own
// script, which puts it in the place of what it shows.
func (p *pages) goOn(v *ui.Visit, name string, at place) error {
	if v.Get("HX-Request") == "" {
		return ui.SeeOther(v.Ctx, at.path(name), "")
	}
	v.Set("HX-Replace-Url", at.path(name))
	w, err := p.open(v, name)
	if err != nil {
		return err
	}
	return p.show(v, w, at, nil)
}

// refused shows the builder with what was not done, and why. w may be nil.
func (p *pages) refused(v *ui.Visit, w *work, o order, failed error) error {
	h := held{order: o, status: fiber.StatusUnprocessableEntity}
	var refusal *studio.Refusal
	switch {
	case errors.As(failed, &h.clash):
		h.status, h.setting, h.message = fiber.StatusConflict, h.clash.Setting, show.Sentence(v.UserContext(), h.clash.Says())
	case errors.As(failed, &refusal):
		h.setting, h.message = refusal.Field, show.Sentence(v.UserContext(), refusal.Message)
	default:
		status, shown, err := p.Mistake(failed)
		if err != nil || w == nil {
			return failed
		}
		h.status, h.message = status, show.Sentence(v.UserContext(), shown.Message)
	}
	at := place{field: o.at, edit: o.edit}
	switch {
	case o.do == "add" || o.do == "add-more":
		at.add, at.into = string(o.kind), encoded(o.into)
		if o.after != nil {
			at.after = *o.after
		}
		if o.section != nil {
			at.section = *o.section
		}
		at.focus = "adding-label"
	case w.draft.Field(o.path) != nil:
		at.field, at.edit = encoded(o.path), ""
		if o.model != nil {
			at.edit = o.setting
		}
	}
	v.Status(h.status)
	return p.show(v, w, at, &h)
}

// told says what a command did, for who may want to take it back.
func told(ctx context.Context, o order, d *studio.Draft) string {
	name := func(path []string) string {
		if f := d.Field(path); f != nil {
			return f.Name()
		}
		return encoded(path)
	}
	switch o.do {
	case "add", "add-more":
		return words.Say(ctx, "add %s", o.value)
	case "remove":
		return words.Say(ctx, "remove %s", name(o.path))
	case "bring-back":
		return words.Say(ctx, "bring %s back", name(o.path))
	case "duplicate":
		return words.Say(ctx, "duplicate %s", name(o.path))
	case "up", "down", "move":
		return words.Say(ctx, "move %s", name(o.path))
	case "move-into", "move-to", "in", "out":
		return words.Say(ctx, "move %s", name(d.Last()))
	case "copy-to":
		return words.Say(ctx, "duplicate %s", name(d.Last()))
	case "rename-section", "drop-section":
		return words.Say(ctx, "change a heading")
	case "replace":
		return words.Say(ctx, "edit the JSON Schema")
	}
	if len(o.path) == 0 {
		return words.Say(ctx, "change the type")
	}
	return words.Say(ctx, "change %s", name(o.path))
}
