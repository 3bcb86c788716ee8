package admin

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

// draftPage begins the page of a type's draft. latest is nil where nothing is published.
func (p *pages) draftPage(v *ui.Visit, name string, latest *collections.Type) (templates.DraftPage, error) {
	page := templates.DraftPage{
		Heading: name, Action: ui.TypePath(name) + "/draft",
		Schema: templates.Input{Name: "schema", Label: "JSON Schema", Hint: "Add x- annotations to choose how a field merges, such as \"x-merge\": \"counter\"."},
	}
	if latest == nil {
		page.Frame = p.Frame(v.Ctx, templates.SectionTypes, "Draft of "+name, ui.ToTypes(v.UserContext()))
		return page, nil
	}
	head, err := p.TypeHead(v, p.Types, latest, templates.TabForm)
	page.Frame = p.Frame(v.Ctx, templates.SectionTypes, "Draft of "+head.Title, ui.ToTypes(v.UserContext()))
	page.Head = &head
	return page, err
}

// latest is the version in use, nil for a type that has none.
func (p *pages) latest(v *ui.Visit, name string) (*collections.Type, error) {
	t, err := p.Types.Type(v.UserContext(), v.Who.Actor, name, 0)
	if ui.IsNotFound(err) {
		return nil, nil
	}
	return t, err
}

// draftForm shows the draft, or the version in use to begin one from.
func (p *pages) draftForm(v *ui.Visit) error {
	page, err := p.savedDraft(v, v.Params("type"))
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Draft(page))
}

// savedDraft is the page of the draft as it is kept, with what it means.
func (p *pages) savedDraft(v *ui.Visit, name string) (templates.DraftPage, error) {
	latest, err := p.latest(v, name)
	if err != nil {
		return templates.DraftPage{}, err
	}
	page, err := p.draftPage(v, name, latest)
	if err != nil {
		return page, err
	}
	draft, err := p.Types.Draft(v.UserContext(), v.Who.Actor, name)
	switch {
	case ui.IsNotFound(err) && latest != nil:
		page.Rev, page.Schema.Value = "0", indented(latest.Schema.JSON())
		return page, nil
	case err != nil:
		return page, err
	}
	return page, p.showDraft(v, &page, draft, latest)
}

// showDraft puts a kept draft on its page: its text, what is wrong with it, and what
// publishing it would do.
func (p *pages) showDraft(v *ui.Visit, page *templates.DraftPage, d *collections.Draft, latest *collections.Type) error {
	page.Rev, page.By, page.Saved = strconv.FormatUint(d.Rev, 10), d.By, p.Moment(v.UserContext(), d.Updated)
	page.Schema.Value = indented(d.Schema)
	page.DiscardAt = ui.TypePath(d.Name) + "/draft/discard"
	next, err := schema.Parse(d.Schema)
	if err != nil {
		page.Faults = faultsOf(err)
		return nil
	}
	comparison, err := p.Types.Preview(v.UserContext(), v.Who.Actor, d.Name)
	if err != nil {
		_, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		page.Wrong = shown.Message
		return nil
	}
	page.Preview = &templates.Preview{
		First: latest == nil, Differences: differenceRows(comparison),
		Refused: len(comparison.Refused()) > 0, Fields: fieldRows(next),
	}
	if !page.Preview.Refused && !sameSchema(next, latest) {
		page.PublishTo = ui.TypePath(d.Name) + "/draft/publish"
	}
	return nil
}

// sameSchema reports whether publishing next would change nothing at all.
func sameSchema(next *schema.Schema, latest *collections.Type) bool {
	return latest != nil && string(next.JSON()) == string(latest.Schema.JSON())
}

func faultsOf(err error) []templates.Fault {
	var faults []templates.Fault
	for _, e := range schema.Errors(err) {
		faults = append(faults, templates.Fault{Place: e.Path, Message: e.Message, Fix: e.Fix})
	}
	if faults == nil {
		faults = append(faults, templates.Fault{Message: err.Error()})
	}
	return faults
}

func (p *pages) saveDraft(v *ui.Visit) error {
	typed, err := readTyped(v.Ctx)
	if err != nil {
		return err
	}
	name := v.Params("type")
	d, notes, err := p.keepDraft(v, name, typed)
	if err != nil {
		return p.showDraftMistake(v, name, typed, err)
	}
	return p.showKept(v, d, notes)
}

// showKept answers a save: with what the text became or what is wrong with it where
// there is such, and by the way to the draft otherwise.
func (p *pages) showKept(v *ui.Visit, d *collections.Draft, notes []schema.Note) error {
	page, err := p.savedDraft(v, d.Name)
	if err != nil {
		return err
	}
	if len(notes) == 0 && len(page.Faults) == 0 {
		return ui.SeeOther(v.Ctx, ui.TypePath(d.Name)+"/draft", "saved")
	}
	for _, n := range notes {
		page.Notes = append(page.Notes, templates.Fault{Place: n.Path, Message: n.Message})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Draft(page))
}

// showDraftMistake shows the form as it was sent, with what keeps it from being saved.
func (p *pages) showDraftMistake(v *ui.Visit, name string, typed typedDraft, failed error) error {
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	latest, err := p.latest(v, name)
	if err != nil {
		return err
	}
	page, err := p.draftPage(v, name, latest)
	if err != nil {
		return err
	}
	page.Rev, page.Schema.Value = strconv.FormatUint(typed.rev, 10), typed.text
	putMistake(&page, shown)
	return ui.Render(v.Ctx, status, templates.Draft(page))
}

func putMistake(page *templates.DraftPage, shown *collections.Error) {
	switch shown.Field {
	case "name":
		page.Name.Error = shown.Message
	case "schema":
		page.Schema.Error = shown.Message
	default:
		page.Wrong = shown.Message
	}
}
