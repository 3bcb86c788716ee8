package versions

import (
	"context"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/versions"
	"github.com/fieldstack/fieldstack/templates/words"
)

// proposal is a draft with the versions that it follows.
type proposal struct {
	name     string
	kept     *collections.Draft // nil where there is none
	versions []*collections.Type
	draft    *studio.Draft // nil where there is none
}

func (w *proposal) latest() *collections.Type {
	if len(w.versions) == 0 {
		return nil
	}
	return w.versions[len(w.versions)-1]
}

// open reads what there is to publish; NotFound where there is neither a draft nor a
// version.
func (p *pages) open(v *ui.Visit) (*proposal, error) {
	w := &proposal{name: v.Params("type")}
	var err error
	if w.versions, err = p.asks.Versions(v.UserContext(), v.Actor(), w.name); err != nil && !ui.IsNotFound(err) {
		return nil, err
	}
	w.kept, err = p.asks.Draft(v.UserContext(), v.Actor(), w.name)
	switch {
	case ui.IsNotFound(err) && w.latest() != nil:
		w.kept = nil
		return w, nil
	case err != nil:
		return nil, err
	}
	w.draft, err = studio.Read(w.kept.Schema)
	return w, err
}

// publishForm says what publishing does.
func (p *pages) publishForm(v *ui.Visit) error {
	page, err := p.publishPage(v)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Publish(*page))
}

// formPath is where a type's draft is edited. Its name may be of a type that was never
// published, so it is escaped.
func formPath(name string) string { return ui.TypePath(url.PathEscape(name)) + "/form" }

func (p *pages) publishPage(v *ui.Visit) (*views.PublishPage, error) {
	w, err := p.open(v)
	if err != nil {
		return nil, err
	}
	ctx := v.UserContext()
	page := &views.PublishPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Publish"), ui.ToTypes(ctx)),
		Edit:  formPath(w.name), Text: formPath(w.name) + "/schema", Next: strconv.Itoa(len(w.versions) + 1), First: w.latest() == nil,
	}
	page.Styles = append(page.Styles, "recent.css", "versions.css")
	if latest := w.latest(); latest != nil {
		head, err := p.TypeHead(v, p.asks, latest, templates.TabForm)
		if err != nil {
			return nil, err
		}
		page.Head = &head
	}
	if w.draft == nil {
		return page, nil
	}
	page.By, page.Saved, page.Rev = w.kept.By, p.Moment(ctx, w.kept.Updated), strconv.FormatUint(w.kept.Rev, 10)
	page.Heading = w.name
	if title := w.draft.Title(); title != "" {
		page.Heading = title
	}
	return page, p.fillPublish(v, w, page)
}

// fillPublish says what is wrong with a draft, or else what publishing it does.
func (p *pages) fillPublish(v *ui.Visit, w *proposal, page *views.PublishPage) error {
	if w.draft.Schema() == nil {
		page.Faults = faultsOf(v.UserContext(), w.draft, page.Edit)
		return nil
	}
	if page.First {
		page.Fields = fieldRows(v.UserContext(), w.draft)
		page.Action = formPath(w.name) + "/publish"
		return nil
	}
	if same(w) {
		return nil
	}
	if err := p.fillImpact(v, w, page); err != nil {
		return err
	}
	for _, c := range page.Changes {
		if c.Tone == views.Bad {
			return nil
		}
	}
	page.Action = formPath(w.name) + "/publish"
	return nil
}

// same reports whether publishing would change nothing at all.
func same(w *proposal) bool {
	return string(w.latest().Schema.JSON()) == string(w.draft.Schema().JSON())
}

func faultsOf(ctx context.Context, d *studio.Draft, edit string) []views.Fault {
	var list []views.Fault
	for _, fault := range d.Faults() {
		row := views.Fault{Message: show.Sentence(ctx, schema.OfError(fault))}
		if f := d.Field(d.FieldAt(fault.Path)); f != nil {
			row.Field, row.Href = f.Name(), edit
		}
		list = append(list, row)
	}
	return list
}

// publish makes the draft the next version, if it is still the one that was looked at.
func (p *pages) publish(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	ctx, name := v.UserContext(), v.Params("type")
	d, err := p.asks.Draft(ctx, v.Actor(), name)
	if err != nil {
		return err
	}
	failed := error(collections.Errorf(collections.Exists, "", "%s saved this draft after you opened it: look at it as it is now, then publish.", d.By))
	if strconv.FormatUint(d.Rev, 10) == form.Get("rev") {
		_, _, failed = p.asks.Publish(ctx, v.Actor(), name, nil)
	}
	if failed == nil {
		p.hub.Moved("draft/"+name, presence.Move{What: "published", Rev: d.Rev, By: v.Actor().Name})
		return ui.SeeOther(v.Ctx, ui.TypePath(name)+"/versions", "published")
	}
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.publishPage(v)
	if err != nil {
		return err
	}
	page.Wrong = show.Sentence(ctx, shown.Message)
	return ui.Render(v.Ctx, status, views.Publish(*page))
}
