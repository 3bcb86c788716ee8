package records

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/recent"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// This file is the pages by which many records are edited: what to do, and what would
// come of it. How far it is, and undoing it, is shown by admin/recent.

func (p *pages) bulkRoutes() []web.Route {
	return []web.Route{
		p.Post("/admin/types/:type/records/bulk", web.SignedIn, p.bulk),
	}
}

// mostIDs is how many records can be chosen one by one.
const mostIDs = 10_000

// bulk goes from what to do, by what would come of it, to the job that does it.
func (p *pages) bulk(v *ui.Visit) error {
	f, err := p.readViewForm(v)
	if err != nil {
		return err
	}
	sel, err := f.selection()
	if err != nil {
		return err
	}
	if sel.ids != nil && len(sel.ids) == 0 {
		return p.gridWrong(v, f.sight, "bulk", collections.Errorf(collections.Invalid, "", "Select records first, by the boxes before them."))
	}
	e, mistake := f.edit()
	asked := f.Get("step") == "preview" || f.Get("step") == "run" || e.deed == deedDelete || e.deed == deedPaste
	switch {
	case !asked:
		return p.bulkForm(v, fiber.StatusOK, f, sel, "")
	case mistake != nil:
		_, told, other := p.Mistake(mistake)
		if other != nil {
			return other
		}
		return p.bulkForm(v, fiber.StatusBadRequest, f, sel, show.Sentence(v.UserContext(), told.Message))
	case f.Get("step") == "run":
		return p.startEdit(v, f.sight, e, sel)
	}
	return p.bulkPreview(v, f, e, sel)
}

// selection reads which records a form is for.
func (f *viewForm) selection() (selection, error) {
	if f.Get("all") == "yes" {
		return selection{request: f.sight.address.request()}, nil
	}
	ids := slices.Clone(f.Values["id"])
	if list := f.Get("ids"); list != "" {
		ids = append(ids, strings.Split(list, ",")...)
	}
	if paste, err := f.paste(); err == nil {
		for id := range paste {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > mostIDs {
		return selection{}, collections.Errorf(collections.TooLarge, "", "At most %d records can be chosen one by one: edit all that a list has instead.", mostIDs)
	}
	return selection{ids: append([]string{}, ids...)}, nil
}

// edit reads what a form says to do.
func (f *viewForm) edit() (edit, error) {
	if f.Get("do") == string(deedPaste) {
		paste, err := f.paste()
		return edit{deed: deedPaste, paste: paste}, err
	}
	return f.sight.readEdit(deed(f.Get("do")), f.Get("field"), f.Get("value"))
}

// paste reads the cells that were pasted: {"id of a record": {"key of a field": "text"}}.
// Fields that are not to be edited are left out.
func (f *viewForm) paste() (map[string]map[string]string, error) {
	var cells map[string]map[string]string
	if text := f.Get("paste"); text == "" || json.Unmarshal([]byte(text), &cells) != nil {
		return nil, ui.BadForm()
	}
	fields := f.sight.editable()
	for _, row := range cells {
		for key := range row {
			if !slices.ContainsFunc(fields, func(field schema.Field) bool { return field.Path[0] == key }) {
				delete(row, key)
			}
		}
	}
	return cells, nil
}

// bulkFrame is what is around the pages about an edit.
func (p *pages) bulkFrame(v *ui.Visit, s *sight, title string) templates.Frame {
	ctx := v.UserContext()
	frame := p.Frame(v.Ctx, templates.SectionTypes, title, ui.ToTypes(ctx), ui.ToRecords(s.typ))
	frame.Styles, frame.Scripts = []string{"grid.css"}, []string{"bulk.js"}
	return frame
}

// keeps are the hidden fields that go from one step to the next.
func (f *viewForm) keeps(sel selection, more ...string) []templates.Hidden {
	keep := []templates.Hidden{{Name: "from", Value: f.Get("from")}}
	if sel.ids == nil {
		keep = append(keep, templates.Hidden{Name: "all", Value: "yes"})
	} else {
		keep = append(keep, templates.Hidden{Name: "ids", Value: strings.Join(sel.ids, ",")})
	}
	for _, name := range more {
		if value := f.Get(name); value != "" {
			keep = append(keep, templates.Hidden{Name: name, Value: value})
		}
	}
	return keep
}

// bulkForm asks what to do.
func (p *pages) bulkForm(v *ui.Visit, status int, f *viewForm, sel selection, wrong string) error {
	ctx := v.UserContext()
	n, err := p.count(ctx, v.Actor(), f.sight.typ.Name, sel)
	if err != nil {
		return err
	}
	page := shown.BulkPage{
		Frame: p.bulkFrame(v, f.sight, words.Say(ctx, "Edit many records")), Path: f.sight.address.path + "/bulk",
		Back: f.back(func(*address) {}), Count: words.Say(ctx, "%d records", n), Keep: f.keeps(sel), Wrong: wrong,
	}
	fields := f.sight.editable()
	if len(fields) == 0 {
		return collections.Errorf(collections.Forbidden, "", "There is no field here that you may edit.")
	}
	chosen := max(0, slices.IndexFunc(fields, func(field schema.Field) bool { return field.Path[0] == f.Get("field") }))
	for i, field := range fields {
		page.Fields = append(page.Fields, templates.Choice{Value: field.Path[0], Label: field.Title, Chosen: i == chosen})
	}
	deeds := deedsOf(fields[chosen])
	do := deed(f.Get("do"))
	if !slices.Contains(deeds, do) {
		do = deeds[0]
	}
	for _, d := range deeds {
		page.Deeds = append(page.Deeds, templates.Choice{Value: string(d), Label: d.label(ctx), Chosen: d == do})
	}
	page.Value = valueInput(ctx, f.sight.typ.Schema, fields[chosen], do, f.Get("value"))
	return ui.Render(v.Ctx, status, shown.Bulk(page))
}

func (d deed) label(ctx context.Context) string {
	switch d {
	case deedClear:
		return words.Say(ctx, "Clear it")
	case deedAdd:
		return words.Say(ctx, "Add a value")
	case deedTake:
		return words.Say(ctx, "Take a value out")
	case deedAmount:
		return words.Say(ctx, "Add an amount")
	}
	return words.Say(ctx, "Set it to")
}

// valueInput is the control for a value of a field.
func valueInput(ctx context.Context, s *schema.Schema, f schema.Field, do deed, value string) shown.ValueInput {
	in := shown.ValueInput{Value: value, Kind: shown.InputText}
	switch {
	case do == deedClear:
		in.Kind = shown.InputNone
	case len(f.Enum) > 0 && do == deedSet:
		in.Kind = shown.InputChoice
		for _, v := range f.Enum {
			in.Choices = append(in.Choices, templates.Choice{Value: asText(v), Label: plain(show.Cell(ctx, s, f.Path, v)), Chosen: asText(v) == value})
		}
	case f.Type == "boolean":
		in.Kind = shown.InputChoice
		in.Choices = []templates.Choice{{Value: "yes", Label: words.Say(ctx, "Yes"), Chosen: value == "yes"}, {Value: "no", Label: words.Say(ctx, "No"), Chosen: value == "no"}}
	case f.Format == "date":
		in.Kind = shown.InputDate
	case f.Type == "number" || f.Type == "integer":
		in.Kind = shown.InputNumber
	}
	return in
}

// previewed is how many records a preview looks at, and examples how many it shows.
const (
	previewed = 1000
	examples  = 20
)

// bulkPreview says what would come of an edit.
func (p *pages) bulkPreview(v *ui.Visit, f *viewForm, e edit, sel selection) error {
	ctx, s := v.UserContext(), f.sight
	n, err := p.count(ctx, v.Actor(), s.typ.Name, sel)
	if err != nil {
		return err
	}
	page := shown.BulkPreview{
		Frame: p.bulkFrame(v, s, s.said(ctx, e)), Heading: s.said(ctx, e), Path: s.address.path + "/bulk", Back: f.back(func(*address) {}),
		Keep: f.keeps(sel, "do", "field", "value", "paste"), Count: words.Say(ctx, "%d records", n), Delete: e.deed == deedDelete,
	}
	looked, change, same, refused := 0, 0, 0, 0
	err = p.each(ctx, v.Actor(), s.typ.Name, sel, func(docs []*collections.Document) (bool, error) {
		for _, d := range docs {
			looked++
			after, wrong := s.after(ctx, e, d)
			switch {
			case wrong != "":
				if refused++; len(page.Refused) < examples {
					page.Refused = append(page.Refused, shown.Refusal{Name: ui.RecordName(ctx, s.typ.Schema, d), Href: ui.RecordPath(d), Why: wrong})
				}
			case e.deed != deedDelete && len(after) == 0:
				same++
			default:
				if change++; len(page.Examples) < examples {
					page.Examples = append(page.Examples, s.examplesOf(ctx, d, after)...)
				}
			}
		}
		return looked < previewed, nil
	})
	if err != nil {
		return err
	}
	page.Changes, page.Any = words.Say(ctx, "%d records would change", change), change > 0
	if same > 0 {
		page.Same = words.Say(ctx, "%d records are so already", same)
	}
	if refused > 0 {
		page.Refuses = words.Say(ctx, "%d records would be refused", refused)
	}
	if looked < n {
		page.Looked = words.Say(ctx, "This is what the first %d records say; the others are looked at when it is done.", looked)
	}
	return ui.Render(v.Ctx, fiber.StatusOK, shown.BulkPreviewed(page))
}

// examplesOf shows what an edit does to one record, field by field.
func (s *sight) examplesOf(ctx context.Context, d *collections.Document, after map[string]any) []shown.Example {
	name := ui.RecordName(ctx, s.typ.Schema, d)
	if len(after) == 0 {
		return []shown.Example{{Name: name, Href: ui.RecordPath(d)}}
	}
	var list []shown.Example
	for _, key := range show.Keys(s.typ.Schema, nil, after) {
		list = append(list, shown.Example{
			Name: name, Href: ui.RecordPath(d), Field: show.Label(s.typ.Schema, []string{key}),
			Before: show.Cell(ctx, s.typ.Schema, []string{key}, d.Value[key]), After: show.Cell(ctx, s.typ.Schema, []string{key}, after[key]),
		})
	}
	return list
}

// startEdit begins the job.
func (p *pages) startEdit(v *ui.Visit, s *sight, e edit, sel selection) error {
	actor, about := v.Actor(), jobs.About{Kind: jobs.Edit, Type: s.typ.Name, Title: s.said(v.UserContext(), e), From: s.address.query().Encode(), Back: e.back()}
	if e.deed == deedDelete {
		about.Kind = jobs.Delete
	}
	id, err := p.jobs.Start(v.UserContext(), v.Who, about, func(ctx context.Context, progress *jobs.Progress) error {
		run := &editRun{pages: p, Progress: progress, sight: s, edit: e}
		err := run.all(ctx, sel)
		p.note(context.WithoutCancel(ctx), actor, about, progress.Outcome().Wrote())
		return err
	})
	if err != nil {
		return err
	}
	return v.Redirect(recent.Path(s.typ.Name, id), fiber.StatusSeeOther)
}

// note puts an edit of many records into the trail.
func (p *pages) note(ctx context.Context, who collections.Actor, about jobs.About, changed int) {
	if changed == 0 {
		return
	}
	did := "edited many records"
	if about.Kind == jobs.Delete {
		did = "deleted many records"
	}
	english := words.With(ctx, words.English)
	p.trail.Note(ctx, who, auth.AuditEntry{Area: auth.AreaRecords, Did: did, About: about.Type, Detail: about.Title + ": " + words.Say(english, "%d records", changed)})
}
