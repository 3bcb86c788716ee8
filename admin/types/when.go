package types

import (
	"encoding/json"
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// editorName begins the names of the form fields of the condition.
const editorName = "when"

// when is one condition of a field that is being made: when it is shown, or required.
type when struct {
	*pages
	*ui.Visit
	work     *work
	field    *studio.Field
	required bool           // rather than shown
	around   *schema.Schema // what the condition may ask about
}

// openWhen finds the field whose condition an address names.
func (p *pages) openWhen(v *ui.Visit) (*when, error) {
	w, err := p.open(v, v.Params("type"))
	if err != nil {
		return nil, err
	}
	f := w.draft.Field(decoded(v.Query("field")))
	if f == nil || f.Elsewhere {
		return nil, collections.Errorf(collections.NotFound, "", "There is no such field any more: somebody may have removed it.")
	}
	c := &when{pages: p, Visit: v, work: w, field: f, required: v.Query("what") == "required", around: surroundings(w.draft, f)}
	if c.around == nil {
		return nil, collections.Errorf(collections.Invalid, "", "The draft is no type yet: mend it first, then say when this field is there.")
	}
	return c, nil
}

// surroundings is what a condition of a field looks at: the record, or the row that the
// field stands in. Nil while that is no type.
func surroundings(d *studio.Draft, f *studio.Field) *schema.Schema {
	for i := len(f.Path) - 1; i >= 0; i-- {
		if f.Path[i] != "*" {
			continue
		}
		rows := d.Field(f.Path[:i])
		if rows == nil {
			return nil
		}
		node, _ := rows.Setting("json").(map[string]any)
		text, err := json.Marshal(node["items"])
		if err != nil {
			return nil
		}
		s, err := schema.Parse(text)
		if err != nil {
			return nil
		}
		return s
	}
	return d.Schema()
}

// now is the condition as it stands.
func (c *when) now() *schema.Condition {
	if c.required {
		return c.field.RequiredWhen
	}
	return c.field.When
}

func (c *when) path() string {
	what := ""
	if c.required {
		what = "required"
	}
	return withQuery(formPath(c.work.name)+"/when", "field", encoded(c.field.Path), "what", what)
}

// page shows the editor with a condition in it.
func (c *when) page(m *condition.Model, from string) view.WhenPage {
	ctx, w := c.UserContext(), c.work
	name := c.field.Name()
	page := view.WhenPage{
		Frame:  c.Frame(c.Ctx, templates.SectionTypes, name, ui.ToTypes(ctx), templates.Link{Text: w.draft.Title(), Href: formPath(w.name)}),
		Action: c.path(), From: from, Back: templates.Link{Text: words.Say(ctx, "Back to the form"), Href: withQuery(formPath(w.name), "field", encoded(c.field.Path))},
	}
	page.Styles = []string{"types.css", "condition.css"}
	if c.required {
		page.Heading, page.Clear = words.Say(ctx, "When is %s required?", name), words.Say(ctx, "Not by a condition")
		page.Lead = words.Say(ctx, "Nobody can save a record without it while this holds. A hidden field never blocks.")
	} else {
		page.Heading, page.Clear = words.Say(ctx, "When is %s shown?", name), words.Say(ctx, "Always show it")
		page.Lead = words.Say(ctx, "The form shows the field while this holds. What was entered before stays.")
	}
	if t := w.latest(); t != nil {
		page.Head = &templates.TypeHead{Name: t.Name, Tab: templates.TabForm, Designs: true, Draft: w.kept != nil}
	}
	page.Editor = m.View(ctx, page.Heading, c.path())
	return page
}

func conditionJSON(c *schema.Condition) string {
	if c == nil {
		return "null"
	}
	return asJSON(c)
}

func (p *pages) whenForm(v *ui.Visit) error {
	c, err := p.openWhen(v)
	if err != nil {
		return err
	}
	m := condition.New(c.now(), c.around, editorName)
	if m.Empty() {
		m.AddRow()
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.When(c.page(m, conditionJSON(c.now()))))
}

// saveWhen keeps the condition, or shows what is wrong with it where it was made.
func (p *pages) saveWhen(v *ui.Visit) error {
	c, err := p.openWhen(v)
	if err != nil {
		return err
	}
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	m := condition.Read(form, c.around, editorName)
	if m.Acted {
		return ui.Render(v.Ctx, fiber.StatusOK, view.When(c.page(m, form.Get("from"))))
	}
	var wanted *schema.Condition
	if form.Get("do") != "clear" {
		made, ok := m.Condition()
		if !ok {
			return ui.Render(v.Ctx, fiber.StatusUnprocessableEntity, view.When(c.page(m, form.Get("from"))))
		}
		wanted = made
	}
	return p.keepWhen(v, c, m, form, wanted)
}

func (p *pages) keepWhen(v *ui.Visit, c *when, m *condition.Model, form url.Values, wanted *schema.Condition) error {
	do := "set-condition"
	if c.required {
		do = "set-required-when"
	}
	command := studio.Command{Do: do, Path: c.field.Path, From: readJSON(form.Get("from"))}
	if wanted != nil {
		command.Value = wanted
	}
	w, failed := p.change(v, c.work.name, "", func(*studio.Draft) (studio.Command, error) { return command, nil })
	if failed == nil {
		p.remember(v, w, order{do: do, path: c.field.Path})
		return ui.SeeOther(v.Ctx, withQuery(formPath(w.name), "field", encoded(c.field.Path)), "")
	}
	page := c.page(m, form.Get("from"))
	status := fiber.StatusUnprocessableEntity
	var clash *studio.Clash
	var refusal *studio.Refusal
	switch {
	case errors.As(failed, &clash):
		status = fiber.StatusConflict
		page.From = asJSON(clash.Theirs)
		page.Theirs = words.Say(v.UserContext(), "no condition.")
		if theirs, err := schema.ConditionFromValue(clash.Theirs); err == nil && clash.Theirs != nil {
			page.Theirs = theirs.Sentence(c.around).String() + "."
		}
	case errors.As(failed, &refusal):
		page.Wrong = refusal.Message
	default:
		return failed
	}
	return ui.Render(v.Ctx, status, view.When(page))
}

// rehearse shows two phones with the draft on them.
func (p *pages) rehearse(v *ui.Visit) error {
	w, err := p.open(v, v.Params("type"))
	if err != nil {
		return err
	}
	ctx := v.UserContext()
	page := view.RehearsePage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Rehearsal"), ui.ToTypes(ctx), templates.Link{Text: w.draft.Title(), Href: formPath(w.name)}),
		Title: words.Say(ctx, "Rehearsal of %s", w.draft.Title()), Draft: ui.TypePath(w.name) + "/draft/type.json", Faulty: w.draft.Schema() == nil,
		Back: templates.Link{Text: words.Say(ctx, "Back to the form"), Href: formPath(w.name)},
	}
	page.Styles, page.Scripts, page.Wide = []string{"types.css"}, []string{"rehearse.js"}, true
	if f := w.draft.Field(decoded(v.Query("field"))); f != nil {
		page.Field, page.Back.Href = f.Path[0], withQuery(formPath(w.name), "field", encoded(f.Path))
	}
	if t := w.latest(); t != nil {
		page.Head = &templates.TypeHead{Name: t.Name, Tab: templates.TabForm, Designs: true, Draft: w.kept != nil}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Rehearse(page))
}
