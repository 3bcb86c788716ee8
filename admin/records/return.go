package records

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// askReturn shows what a return to an earlier moment would change.
func (p *pages) askReturn(v *ui.Visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	ctx, place := v.UserContext(), v.Params("place")
	back, err := p.asks.PreviewRestore(ctx, v.Actor(), t.Name, d.ID, place)
	if err != nil {
		return err
	}
	name, path := ui.RecordName(ctx, t.Schema, d), ui.RecordPath(d)
	heading := words.Say(ctx, "Restore %s to an earlier moment?", name)
	page := view.ReturnPage{
		Frame:   styled(p.Frame(v.Ctx, templates.SectionTypes, heading, ui.ToTypes(ctx), ui.ToRecords(t), templates.Link{Text: name, Href: path})),
		Heading: heading, Then: view.Signed{At: p.Moment(ctx, back.Moment.At), By: back.Moment.By}, Wakes: back.Wakes,
		Back: templates.Link{Text: words.Say(ctx, "Leave it as it is"), Href: path},
	}
	if back.Changes() {
		page.Action = path + "/moments/" + place
	}
	for _, f := range back.Fields {
		shown := differenceOf(ctx, t.Schema, f)
		if f.Stays.IsEmpty() {
			page.Changes = append(page.Changes, shown)
		} else {
			page.Stays = append(page.Stays, shown)
		}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Return(page))
}

func differenceOf(ctx context.Context, s *schema.Schema, f collections.Difference) view.Difference {
	path := []string{f.Field}
	return view.Difference{Label: f.Label, Now: show.Value(ctx, s, path, f.Now), Then: show.Value(ctx, s, path, f.Then), Why: show.Sentence(ctx, f.Stays)}
}

// returnTo does it.
func (p *pages) returnTo(v *ui.Visit) error {
	typ, id := v.Params("type"), v.Params("id")
	if _, err := p.asks.RestoreTo(v.UserContext(), v.Actor(), typ, id, v.Params("place")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, ui.TypePath(typ)+"/records/"+id, "returned")
}
