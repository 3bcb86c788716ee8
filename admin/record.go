package admin

import (
	"context"
	"fmt"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

// named finds the type and the record that the address names.
func (p *pages) named(v *ui.Visit) (*collections.Type, *collections.Document, error) {
	t, err := p.Types.Type(v.UserContext(), v.Who.Actor, v.Params("type"), 0)
	if err != nil {
		return nil, nil, err
	}
	d, err := p.Records.Get(v.UserContext(), v.Who.Actor, t.Name, v.Params("id"))
	return t, d, err
}

// record shows one record, what is wrong with it, and how it came to be so.
func (p *pages) record(v *ui.Visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	grant, err := p.Types.Grant(v.Who.Actor, t.Name)
	if err != nil {
		return err
	}
	history, err := p.history(v, t, d)
	if err != nil {
		return err
	}
	name, path := ui.RecordName(v.UserContext(), t.Schema, d), ui.RecordPath(d)
	page := templates.RecordPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTypes, name, ui.ToTypes(v.UserContext()), ui.ToRecords(t)),
		Heading: name, ID: d.ID, Trash: d.Deleted, Raw: path + "/raw", History: history,
		Created: templates.Signed{At: p.Moment(v.UserContext(), d.Created), By: d.CreatedBy}, Updated: templates.Signed{At: p.Moment(v.UserContext(), d.Updated), By: d.UpdatedBy},
	}
	page.Fields, page.Problems = recordFields(v.UserContext(), t.Schema, d)
	switch {
	case d.Deleted && grant.Trash:
		page.Restore = path + "/restore"
	case !d.Deleted && grant.Delete.Op != "false":
		page.Delete = path + "/delete"
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Record(page))
}

// recordFields shows the fields of a record with what there is to say about each, and
// gives what there is to say about the record as a whole.
func recordFields(ctx context.Context, s *schema.Schema, d *collections.Document) (fields []templates.FieldValue, problems []string) {
	all := map[string]any{}
	for _, f := range show.Top(s) {
		all[f.Path[0]] = nil
	}
	for key, value := range d.Value {
		all[key] = value
	}
	said := make(map[string][]string)
	for _, problem := range d.Problems {
		key, inside := firstKey(problem.Path)
		if _, there := all[key]; !there {
			problems = append(problems, problem.Message)
			continue
		}
		said[key] = append(said[key], problemText(problem, inside))
	}
	disagreeing := disagreements(ctx, s, d)
	for _, key := range show.Keys(s, nil, all) {
		path := []string{key}
		fields = append(fields, templates.FieldValue{
			Label: show.Label(s, path), Value: show.Value(ctx, s, path, all[key]), Problems: said[key], Disagreeing: disagreeing[key],
		})
	}
	return fields, problems
}

// firstKey takes the top-level key out of a JSON Pointer, and says whether the place
// is inside of that field.
func firstKey(pointer string) (key string, inside bool) {
	key, _, inside = strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return unescaped(key), inside
}

// problemText names the field inside of the field where the problem is not with the
// whole of it.
func problemText(p schema.Problem, inside bool) string {
	if inside && p.Field != "" && !strings.Contains(p.Message, p.Field) {
		return p.Field + ": " + p.Message
	}
	return p.Message
}

// disagreements gives the values among which nobody has picked, by top-level field.
func disagreements(ctx context.Context, s *schema.Schema, d *collections.Document) map[string][]templates.Value {
	values := make(map[string][]templates.Value)
	for _, disagreement := range d.Disagreements {
		if len(disagreement.Path) == 0 {
			continue
		}
		key := disagreement.Path[0]
		for _, candidate := range disagreement.Values {
			values[key] = append(values[key], show.Value(ctx, s, disagreement.Path, candidate.Value))
		}
	}
	return values
}

func (p *pages) rawRecord(v *ui.Visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	text, err := show.JSON(d)
	if err != nil {
		return fmt.Errorf("admin: show a record as JSON: %w", err)
	}
	name := ui.RecordName(v.UserContext(), t.Schema, d)
	back := templates.Link{Text: name, Href: ui.RecordPath(d)}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Raw(templates.RawPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTypes, name+" as JSON", ui.ToTypes(v.UserContext()), ui.ToRecords(t), back),
		Heading: name + " as JSON", Text: text, Back: templates.Link{Text: "Back to the record", Href: ui.RecordPath(d)},
	}))
}

func (p *pages) askDelete(v *ui.Visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	name, path := ui.RecordName(v.UserContext(), t.Schema, d), ui.RecordPath(d)
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTypes, "Delete "+name, ui.ToTypes(v.UserContext()), ui.ToRecords(t), templates.Link{Text: name, Href: path}),
		Heading: "Delete " + name + "?",
		Message: "It goes to the trash, from where it can be restored. If somebody edits it offline meanwhile, it stays alive.",
		Action:  path + "/delete", Do: "Delete", Danger: true, Back: templates.Link{Text: "Keep it", Href: path},
	}))
}

func (p *pages) deleteRecord(v *ui.Visit) error {
	typ := v.Params("type")
	if err := p.Records.Delete(v.UserContext(), v.Who.Actor, typ, v.Params("id")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, ui.TypePath(typ)+"/records", "deleted")
}

func (p *pages) restoreRecord(v *ui.Visit) error {
	d, err := p.Records.Restore(v.UserContext(), v.Who.Actor, v.Params("type"), v.Params("id"))
	if err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, ui.RecordPath(d), "restored")
}
