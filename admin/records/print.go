package records

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// print shows a record as it comes out of a printer: all fields, those that are empty
// too, since people fill them in by hand.
func (p *pages) print(v *ui.Visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	ctx := v.UserContext()
	name := ui.RecordName(ctx, t.Schema, d)
	back := templates.Link{Text: name, Href: ui.RecordPath(d)}
	page := view.PrintPage{
		Frame:   styled(p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "%s on paper", name), ui.ToTypes(ctx), ui.ToRecords(t), back), "print.js"),
		Heading: name, Type: ui.TypeTitle(t), ID: d.ID,
		Created: view.Signed{At: p.Moment(ctx, d.Created), By: d.CreatedBy}, Updated: view.Signed{At: p.Moment(ctx, d.Updated), By: d.UpdatedBy},
		Printed: view.Signed{At: p.Moment(ctx, p.Now().UnixMilli()), By: v.Actor().Name},
		Back:    templates.Link{Text: words.Say(ctx, "Back to the record"), Href: ui.RecordPath(d)},
	}
	fields, _ := p.fields(ctx, t.Schema, d, nil, false)
	for _, f := range fields {
		kind := f.Value.Kind
		large := kind == templates.ValueText || kind == templates.ValueRows || kind == templates.ValueFields
		page.Fields = append(page.Fields, view.PrintedField{Label: f.Label, Value: f.Value, Large: large, Problems: f.Problems})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Print(page))
}
