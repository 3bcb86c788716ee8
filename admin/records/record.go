package records

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) recordRoutes() []web.Route {
	const one = "/admin/types/:type/records/:id"
	return []web.Route{
		p.Get("/admin/types/:type/records/_new", web.SignedIn, p.newRecord),
		p.Get(one, web.SignedIn, p.record),
		p.Get(one+"/raw", web.SignedIn, p.rawRecord),
		p.Get(one+"/print", web.SignedIn, p.print),
		p.Get(one+"/delete", web.SignedIn, p.askDelete),
		p.Post(one+"/delete", web.SignedIn, p.deleteRecord),
		p.Post(one+"/restore", web.SignedIn, p.restoreRecord),
		p.Post(one+"/pick", web.SignedIn, p.pick),
		p.Post(one+"/take-back", web.SignedIn, p.takeBack),
		p.Get(one+"/moments/:place", web.SignedIn, p.askReturn),
		p.Post(one+"/moments/:place", web.SignedIn, p.returnTo),
	}
}

// named finds the type and the record that the address names.
func (p *pages) named(v *ui.Visit) (*collections.Type, *collections.Document, error) {
	t, err := p.asks.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return nil, nil, err
	}
	d, err := p.asks.Get(v.UserContext(), v.Actor(), t.Name, v.Params("id"))
	return t, d, err
}

// styled puts the look and the script of the record pages into a frame.
func styled(f templates.Frame, scripts ...string) templates.Frame {
	f.Styles, f.Scripts = append(f.Styles, "record.css"), append(f.Scripts, scripts...)
	return f
}

// record shows one record, what is wrong with it, and how it came to be so.
func (p *pages) record(v *ui.Visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	ctx := v.UserContext()
	grant, err := p.asks.Grant(v.Actor(), t.Name)
	if err != nil {
		return err
	}
	name, path := ui.RecordName(ctx, t.Schema, d), ui.RecordPath(d)
	page := view.RecordPage{
		Frame:   styled(p.Frame(v.Ctx, templates.SectionTypes, name, ui.ToTypes(ctx), ui.ToRecords(t)), "record.js"),
		Island:  view.Island{Type: t.Name, ID: d.ID, User: v.Actor().Name},
		Heading: name, Trash: d.Deleted, Raw: path + "/raw", Print: path + "/print",
		Created: view.Signed{At: p.Moment(ctx, d.Created), By: d.CreatedBy}, Updated: view.Signed{At: p.Moment(ctx, d.Updated), By: d.UpdatedBy},
		Edits: !d.Deleted && grant.Edit.Op != "false", EditPart: ui.TypePath(t.Name) + "/records/bulk",
	}
	if page.Timeline, err = p.timeline(v, t, d, page.Edits); err != nil {
		return err
	}
	choosers, err := p.asks.Choosers(ctx, v.Actor(), t.Name, d.ID)
	if err != nil {
		return err
	}
	page.Fields, page.Problems = p.fields(ctx, t.Schema, d, choosers, page.Edits)
	switch {
	case d.Deleted && grant.Trash:
		page.Restore = path + "/restore"
	case !d.Deleted && grant.Delete.Op != "false":
		page.Delete = path + "/delete"
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Record(page))
}

// fields shows the fields of a record with what there is to say about each, and gives
// what there is to say about the record as a whole.
func (p *pages) fields(ctx context.Context, s *schema.Schema, d *collections.Document, choosers map[string]collections.Chooser, picks bool) (fields []view.Field, problems []string) {
	all := map[string]any{}
	for _, f := range show.Top(s) {
		all[f.Path[0]] = nil
	}
	for key, value := range d.Value {
		all[key] = value
	}
	said, whole := problemsByField(ctx, d, all)
	conflicts := p.conflicts(ctx, s, d, choosers, picks)
	for _, key := range show.Keys(s, nil, all) {
		path := []string{key}
		field := view.Field{
			Key: key, Label: show.Label(s, path), Value: show.Value(ctx, s, path, all[key]),
			Problems: said[key], Conflict: conflicts[key], History: timelinePath(d, key, ""),
		}
		fields = append(fields, field)
	}
	return fields, whole
}

// problemsByField sorts what is wrong with a record by top-level field; what is about
// none of them is about the whole.
func problemsByField(ctx context.Context, d *collections.Document, fields map[string]any) (said map[string][]string, whole []string) {
	said = map[string][]string{}
	for _, problem := range d.Problems {
		key, inside := firstKey(problem.Path)
		if _, there := fields[key]; !there {
			whole = append(whole, show.Sentence(ctx, problem.Message))
			continue
		}
		said[key] = append(said[key], problemText(ctx, problem, inside))
	}
	return said, whole
}

// pointerEscapes undoes the escapes of a JSON Pointer.
var pointerEscapes = strings.NewReplacer("~1", "/", "~0", "~")

// firstKey takes the top-level key out of a JSON Pointer, and says whether the place
// is inside of that field.
func firstKey(pointer string) (key string, inside bool) {
	key, _, inside = strings.Cut(strings.TrimPrefix(pointer, "/"), "/")
	return pointerEscapes.Replace(key), inside
}

// problemText names the field inside of the field where the problem is not with the
// whole of it.
func problemText(ctx context.Context, p schema.Problem, inside bool) string {
	text := show.Sentence(ctx, p.Message)
	if inside && p.Field != "" && !strings.Contains(text, p.Field) {
		return p.Field + ": " + text
	}
	return text
}

// conflicts gives the values among which nobody has picked, by top-level field.
func (p *pages) conflicts(ctx context.Context, s *schema.Schema, d *collections.Document, choosers map[string]collections.Chooser, picks bool) map[string]*view.Conflict {
	found := map[string]*view.Conflict{}
	for _, disagreement := range d.Disagreements {
		if len(disagreement.Path) == 0 || found[disagreement.Path[0]] != nil {
			continue // one field at a time: the next shows when this one is settled
		}
		c := &view.Conflict{Path: jsonOf(disagreement.Path)}
		if picks {
			c.Action = ui.RecordPath(d) + "/pick"
		}
		if len(disagreement.Path) > 1 {
			c.Field = show.Label(s, disagreement.Path)
		}
		for i, candidate := range disagreement.Values {
			id := candidate.ID.String()
			c.Seen = append(c.Seen, id)
			c.Candidates = append(c.Candidates, view.Candidate{
				ID: id, Value: show.Value(ctx, s, disagreement.Path, candidate.Value), Shown: i == 0,
				By: choosers[id].By, At: p.Moment(ctx, choosers[id].At),
			})
		}
		found[disagreement.Path[0]] = c
	}
	return found
}

// jsonOf writes a list of texts as JSON.
func jsonOf(list []string) string {
	text, err := json.Marshal(list)
	if err != nil {
		return "[]" // texts are always JSON
	}
	return string(text)
}

// pick settles a field of which there are several values.
func (p *pages) pick(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	var path []string
	if json.Unmarshal([]byte(form.Get("path")), &path) != nil || len(path) == 0 {
		return ui.BadForm()
	}
	typ, id := v.Params("type"), v.Params("id")
	_, err = p.asks.Pick(v.UserContext(), v.Actor(), typ, id, path, form.Get("choice"), strings.Fields(form.Get("seen")))
	if err != nil {
		return err
	}
	back := ui.TypePath(typ) + "/records/" + id
	switch form.Get("back") {
	case backToAll:
		back = attentionAt("")
	case backToType:
		back = attentionAt(typ)
	}
	return ui.SeeOther(v.Ctx, back, "picked")
}

// newRecord is the page on which a record is made.
func (p *pages) newRecord(v *ui.Visit) error {
	ctx := v.UserContext()
	t, err := p.asks.Type(ctx, v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	grant, err := p.asks.Grant(v.Actor(), t.Name)
	if err != nil {
		return err
	}
	if grant.Create.Op == "false" {
		return collections.Errorf(collections.Forbidden, "", "You may not make records of this type: ask a designer, who sets its rules.")
	}
	heading := words.Say(ctx, "New: %s", ui.TypeTitle(t))
	return ui.Render(v.Ctx, fiber.StatusOK, view.New(view.NewPage{
		Frame:   styled(p.Frame(v.Ctx, templates.SectionTypes, heading, ui.ToTypes(ctx), ui.ToRecords(t)), "record.js"),
		Island:  view.Island{Type: t.Name, User: v.Actor().Name},
		Heading: heading, Back: templates.Link{Text: words.Say(ctx, "Back to the records"), Href: ui.TypePath(t.Name) + "/records"},
	}))
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
	ctx := v.UserContext()
	name := ui.RecordName(ctx, t.Schema, d)
	heading := words.Say(ctx, "%s as JSON", name)
	back := templates.Link{Text: name, Href: ui.RecordPath(d)}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Raw(view.RawPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTypes, heading, ui.ToTypes(ctx), ui.ToRecords(t), back),
		Heading: heading, Text: text, Back: templates.Link{Text: words.Say(ctx, "Back to the record"), Href: ui.RecordPath(d)},
	}))
}

func (p *pages) askDelete(v *ui.Visit) error {
	t, d, err := p.named(v)
	if err != nil {
		return err
	}
	ctx := v.UserContext()
	name, path := ui.RecordName(ctx, t.Schema, d), ui.RecordPath(d)
	heading := words.Say(ctx, "Delete %s?", name)
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTypes, heading, ui.ToTypes(ctx), ui.ToRecords(t), templates.Link{Text: name, Href: path}),
		Heading: heading,
		Message: words.Say(ctx, "It goes to the trash, from where it can be restored. If somebody edits it offline meanwhile, it stays alive."),
		Action:  path + "/delete", Do: words.Say(ctx, "Delete"), Danger: true, Back: templates.Link{Text: words.Say(ctx, "Keep it"), Href: path},
	}))
}

func (p *pages) deleteRecord(v *ui.Visit) error {
	typ := v.Params("type")
	if err := p.asks.Delete(v.UserContext(), v.Actor(), typ, v.Params("id")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, ui.TypePath(typ)+"/records", "deleted")
}

func (p *pages) restoreRecord(v *ui.Visit) error {
	d, err := p.asks.Restore(v.UserContext(), v.Actor(), v.Params("type"), v.Params("id"))
	if err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, ui.RecordPath(d), "restored")
}
