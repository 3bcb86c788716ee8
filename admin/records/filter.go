package records

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) filterRoutes() []web.Route {
	return []web.Route{p.Post("/admin/types/:type/records/filter", web.SignedIn, p.filter)}
}

// filterName begins the names of the fields of the filter's form.
const filterName = "filter"

// filter leads to the list with the filter that was made, or shows the list again while
// it is being made.
func (p *pages) filter(v *ui.Visit) error {
	f, err := p.readViewForm(v)
	if err != nil {
		return err
	}
	if text := f.Get("add"); text != "" {
		return p.narrow(v, f, text)
	}
	made := condition.Read(f.Values, f.sight.typ.Schema, filterName)
	where, ok := made.Condition()
	if made.Acted || !ok {
		f.sight.filter = made
		return p.gridShown(v, fiber.StatusOK, f.sight, "", "")
	}
	return v.Redirect(f.back(func(a *address) { a.where = where }), fiber.StatusSeeOther)
}

// narrow leads to the list with one more condition, from the menu of a cell.
func (p *pages) narrow(v *ui.Visit, f *viewForm, text string) error {
	more, err := schema.ParseCondition([]byte(text))
	if err != nil {
		return ui.BadForm()
	}
	return v.Redirect(f.back(func(a *address) {
		a.where = joined(append(slices.Clone(parts(a.where)), more))
	}), fiber.StatusSeeOther)
}

// filterMenu is the panel in which the filter is made.
func (s *sight) filterMenu(ctx context.Context) shown.FilterMenu {
	model := s.filter
	if model == nil {
		model = condition.New(s.address.where, s.typ.Schema, filterName)
		if model.Empty() {
			model.AddRow()
		}
	}
	path := s.address.path + "/filter"
	return shown.FilterMenu{
		Path: path, From: s.address.query().Encode(), Open: s.filter != nil || s.address.open == "filter", On: len(parts(s.address.where)),
		Editor: model.View(ctx, words.Say(ctx, "Filter"), path),
	}
}

// chips says a list's filter part by part, each with a link to the list without it.
func (s *sight) chips(ctx context.Context) []shown.Chip {
	var chips []shown.Chip
	for i, part := range parts(s.address.where) {
		left := slices.Delete(slices.Clone(parts(s.address.where)), i, i+1)
		chips = append(chips, shown.Chip{
			Text: show.Sentence(ctx, part.Sentence(s.typ.Schema)),
			Without: s.address.href(func(a *address) {
				a.where, a.after = joined(left), ""
			}),
		})
	}
	if s.address.search != "" {
		chips = append(chips, shown.Chip{
			Text:    words.Say(ctx, "“%s” in any field", s.address.search),
			Without: s.address.href(func(a *address) { a.search, a.after = "", "" }),
		})
	}
	return chips
}

// parts are the conditions that all have to hold.
func parts(c *schema.Condition) []*schema.Condition {
	switch {
	case c == nil:
		return nil
	case c.Op == "all":
		return c.Subs
	}
	return []*schema.Condition{c}
}

// joined is the condition that all parts hold, nil for no part.
func joined(parts []*schema.Condition) *schema.Condition {
	switch len(parts) {
	case 0:
		return nil
	case 1:
		return parts[0]
	}
	return &schema.Condition{Op: "all", Subs: parts}
}
