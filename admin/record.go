package admin

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

// named finds the type and the record that the address names.
func (p *pages) named(v *visit) (*collections.Type, *collections.Document, error) {
	t, err := p.Types.Type(v.UserContext(), v.who.Actor, v.Params("type"), 0)
	if err != nil {
		return nil, nil, err
	}
	d, err := p.Records.Get(v.UserContext(), v.who.Actor, t.Name, v.Params("id"))
	return t, d, err
}

// record shows one record, what is wrong with it, and how it came to be so.
func (p *pages) record(v *visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	grant, err := p.Types.Grant(v.who.Actor, t.Name)
	if err != nil {
		return err
	}
	history, err := p.history(v, t, d)
	if err != nil {
		return err
	}
	name, path := recordName(t.Schema, d), recordPath(d)
	page := templates.RecordPage{
		Frame:   p.frame(v.Ctx, templates.SectionTypes, name, toTypes(), toRecords(t)),
		Heading: name, ID: d.ID, Trash: d.Deleted, Raw: path + "/raw", History: history,
		Created: templates.Signed{At: p.moment(d.Created), By: d.CreatedBy}, Updated: templates.Signed{At: p.moment(d.Updated), By: d.UpdatedBy},
	}
	page.Fields, page.Problems = recordFields(t.Schema, d)
	switch {
	case d.Deleted && grant.Trash:
		page.Restore = path + "/restore"
	case !d.Deleted && grant.Delete.Op != "false":
		page.Delete = path + "/delete"
	}
	return render(v.Ctx, fiber.StatusOK, templates.Record(page))
}

// recordFields shows the fields of a record with what there is to say about each, and
// gives what there is to say about the record as a whole.
func recordFields(s *schema.Schema, d *collections.Document) (fields []templates.FieldValue, problems []string) {
	all := map[string]any{}
	for _, f := range topFields(s) {
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
	disagreeing := disagreements(s, d)
	for _, key := range keysOf(s, nil, all) {
		path := []string{key}
		fields = append(fields, templates.FieldValue{
			Label: labelOf(s, path), Value: show(s, path, all[key]), Problems: said[key], Disagreeing: disagreeing[key],
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
func disagreements(s *schema.Schema, d *collections.Document) map[string][]templates.Value {
	values := make(map[string][]templates.Value)
	for _, disagreement := range d.Disagreements {
		if len(disagreement.Path) == 0 {
			continue
		}
		key := disagreement.Path[0]
		for _, candidate := range disagreement.Values {
			values[key] = append(values[key], show(s, disagreement.Path, candidate.Value))
		}
	}
	return values
}

func (p *pages) rawRecord(v *visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	text, err := asJSON(d)
	if err != nil {
		return fmt.Errorf("admin: show a record as JSON: %w", err)
	}
	name := recordName(t.Schema, d)
	back := templates.Link{Text: name, Href: recordPath(d)}
	return render(v.Ctx, fiber.StatusOK, templates.Raw(templates.RawPage{
		Frame:   p.frame(v.Ctx, templates.SectionTypes, name+" as JSON", toTypes(), toRecords(t), back),
		Heading: name + " as JSON", Text: text, Back: templates.Link{Text: "Back to the record", Href: recordPath(d)},
	}))
}

func (p *pages) askDelete(v *visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	name, path := recordName(t.Schema, d), recordPath(d)
	return render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.frame(v.Ctx, templates.SectionTypes, "Delete "+name, toTypes(), toRecords(t), templates.Link{Text: name, Href: path}),
		Heading: "Delete " + name + "?",
		Message: "It goes to the trash, from where it can be restored. If somebody edits it offline meanwhile, it stays alive.",
		Action:  path + "/delete", Do: "Delete", Danger: true, Back: templates.Link{Text: "Keep it", Href: path},
	}))
}

func (p *pages) deleteRecord(v *visit) error {
	typ := v.Params("type")
	if err := p.Records.Delete(v.UserContext(), v.who.Actor, typ, v.Params("id")); err != nil {
		return err
	}
	return seeOther(v.Ctx, typePath(typ)+"/records", "deleted")
}

func (p *pages) restoreRecord(v *visit) error {
	d, err := p.Records.Restore(v.UserContext(), v.who.Actor, v.Params("type"), v.Params("id"))
	if err != nil {
		return err
	}
	return seeOther(v.Ctx, recordPath(d), "restored")
}
