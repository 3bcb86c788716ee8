package types

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// builder shows the form of a type as it is built.
func (p *pages) builder(v *ui.Visit) error {
	w, err := p.open(v, v.Params("type"))
	if err != nil {
		return err
	}
	return p.show(v, w, place{
		field: v.Query("field"), add: v.Query("add"), into: v.Query("into"), after: v.Query("after"), section: v.Query("section"), step: v.Query("step"),
		edit: v.Query("edit"), drop: v.Query("drop"),
	}, nil)
}

// show makes the page. h is what was not done, nil where all was.
func (p *pages) show(v *ui.Visit, w *work, at place, h *held) error {
	b := &builder{pages: p, Visit: v, ctx: v.UserContext(), work: w, at: at, held: h}
	b.chosen = w.draft.Field(decoded(at.field))
	page, err := b.page()
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if h != nil && h.status != 0 {
		status = h.status
	}
	return ui.Render(v.Ctx, status, view.Builder(page))
}

// builder makes one page.
type builder struct {
	*pages
	*ui.Visit
	ctx    context.Context
	work   *work
	at     place
	held   *held
	chosen *studio.Field // nil for the type itself
	shown  bool          // what was held stands beside what it is about
}

func (b *builder) page() (view.BuilderPage, error) {
	d := b.work.draft
	title := d.Title()
	if title == "" {
		title = b.work.name
	}
	frame := b.Frame(b.Ctx, templates.SectionTypes, title, ui.ToTypes(b.ctx))
	frame.Wide, frame.Styles, frame.Scripts = true, []string{"types.css", "condition.css"}, []string{"builder.js"}
	page := view.BuilderPage{Frame: frame, Bar: b.bar(title), Ways: b.ways(), Gallery: b.gallery(), Focus: b.focus()}
	if t := b.work.latest(); t != nil {
		page.Head = &templates.TypeHead{Name: t.Name, Tab: templates.TabForm, Designs: true, Draft: b.work.kept != nil}
	}
	page.Adding = b.adding()
	page.Form = b.form(page.Adding)
	page.Tray = b.tray()
	var err error
	if page.Type, page.Chosen, err = b.panel(); err != nil {
		return page, err
	}
	page.Faults = b.faults()
	page.Step = b.step()
	if b.held != nil && !b.shown {
		page.Wrong = b.held.message
	}
	return page, nil
}

// focus is the element that is to have the focus: that of a place, or where somebody has
// just begun to edit.
func (b *builder) focus() string {
	switch {
	case b.held != nil || b.at.focus != "":
	case b.at.edit != "":
		return controlID(b.at.edit)
	case b.at.drop != "":
		return controlID("choices") + "-drop"
	}
	return b.at.focus
}

// step is what a narrow screen shows.
func (b *builder) step() view.Step {
	switch {
	case b.at.step == "add":
		return view.StepAdd
	case b.at.add != "":
		return view.StepForm
	case b.chosen != nil || b.at.step == "type":
		return view.StepField
	}
	return view.StepForm
}

func (b *builder) bar(title string) view.Bar {
	w := b.work
	bar := view.Bar{Title: title, Name: w.name, Faults: len(w.draft.Faults())}
	if t := w.latest(); t != nil {
		bar.Version = strconv.Itoa(t.Version)
	}
	if w.kept != nil {
		bar.Draft, bar.By, bar.Saved = true, w.kept.By, b.Moment(b.ctx, w.kept.Updated)
		bar.Publish = formPath(w.name) + "/publish"
		bar.Discard = ui.TypePath(w.name) + "/draft/discard"
	}
	undo, redo, canUndo, canRedo := b.trails.last(author{b.Actor().User, w.name}, w.rev())
	if canUndo {
		bar.Undo = undo.told
	}
	if canRedo {
		bar.Redo = redo.told
	}
	return bar
}

func (b *builder) ways() view.Ways {
	form := formPath(b.work.name)
	return view.Ways{
		Form: form, Schema: form + "/schema", Draft: ui.TypePath(b.work.name) + "/draft/type.json", Place: "draft/" + b.work.name, Who: b.Actor().User,
		Gather: withQuery(form, "step", "add", "field", b.at.field, "into", b.at.into, "after", b.at.after, "section", b.at.section),
	}
}

// spot is where a new field comes: the place that was asked for, else behind the field
// that is chosen, else at the end.
func (b *builder) spot() (into, after, section string) {
	if b.at.after != "" || b.at.into != "" || b.at.section != "" {
		return b.at.into, b.at.after, b.at.section
	}
	f := b.chosen
	if f == nil || f.Elsewhere {
		if fields := b.work.draft.Sections(); len(fields) > 0 {
			last := fields[len(fields)-1]
			section = last.Title
			after = keyAt(last.Fields, len(last.Fields)-1)
		}
		return "", after, section
	}
	return encoded(f.Path[:len(f.Path)-1]), f.Key(), f.Section
}

func (b *builder) gallery() []view.KindGroup {
	into, after, section := b.spot()
	var groups []view.KindGroup
	for _, k := range studio.Kinds() {
		if len(groups) == 0 || groups[len(groups)-1].Title != words.Say(b.ctx, k.Group) {
			groups = append(groups, view.KindGroup{Title: words.Say(b.ctx, k.Group)})
		}
		g := &groups[len(groups)-1]
		g.Kinds = append(g.Kinds, view.KindCard{
			Kind: string(k.Kind), Title: words.Say(b.ctx, k.Title), About: words.Say(b.ctx, k.About), Icon: k.Icon, Current: string(k.Kind) == b.at.add,
			Href: withQuery(formPath(b.work.name), "add", string(k.Kind), "into", into, "after", after, "section", section, "field", b.at.field),
		})
	}
	return groups
}

// adding is the field that is about to be added, nil for none.
func (b *builder) adding() *view.Adding {
	if b.at.add == "" {
		return nil
	}
	info := studio.InfoOf(studio.Kind(b.at.add))
	if info.Kind == studio.Other {
		return nil
	}
	into, after, section := b.spot()
	a := &view.Adding{
		Kind: string(info.Kind), Title: words.Say(b.ctx, info.Title), Icon: info.Icon, Into: into, After: after, Section: section,
		Cancel: withQuery(formPath(b.work.name), "field", b.at.field),
	}
	if h := b.held; h != nil && (h.order.do == "add" || h.order.do == "add-more") {
		a.Typed = view.Typed{Text: h.order.value, Error: h.message}
		b.shown = true
	}
	return a
}

func (b *builder) tray() []view.TrayRow {
	var rows []view.TrayRow
	for _, r := range b.work.draft.Tray() {
		info := studio.InfoOf(r.Kind)
		row := view.TrayRow{At: encoded(r.Path), Name: r.Name(), Kind: words.Say(b.ctx, info.Title), Icon: info.Icon}
		if r.Version > 0 {
			row.Told = words.Say(b.ctx, "Last in version %d.", r.Version)
		} else {
			row.Told = words.Say(b.ctx, "Never published.")
		}
		rows = append(rows, row)
	}
	return rows
}

// faults are why the draft is no type, with the way to the field of each.
func (b *builder) faults() []view.Fault {
	var list []view.Fault
	for _, e := range b.work.draft.Faults() {
		fault := view.Fault{Message: show.Sentence(b.ctx, e.Message), Fix: show.Sentence(b.ctx, e.Fix)}
		if f := b.work.draft.Field(b.work.draft.FieldAt(e.Path)); f != nil {
			fault.Name, fault.Href = f.Name(), b.href(f)
		}
		list = append(list, fault)
	}
	return list
}

// href shows a field's settings.
func (b *builder) href(f *studio.Field) string {
	return withQuery(formPath(b.work.name), "field", encoded(f.Path))
}
