package types

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

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
