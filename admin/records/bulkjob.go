package records

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// recordName is what a record is called on the pages about many.
func recordName(ctx context.Context, s *sight, d *collections.Document) string {
	return ui.RecordName(ctx, s.typ.Schema, d)
}

// isGone reports whether an error says that a record is not there, or not for who asks.
func isGone(err error) bool { return ui.IsNotFound(err) }

// findEdit finds an edit of many records that the person began.
func (p *pages) findEdit(v *ui.Visit) (jobs.Report, error) {
	report, ok := p.jobs.Find(v.Actor().User, v.Params("id"))
	if !ok || report.Kind != kindEdit || report.Type != v.Params("type") {
		return report, collections.Errorf(collections.NotFound, "", "There is no such edit: a server that was started anew remembers none, and old ones are let go.")
	}
	return report, nil
}

// bulkJob shows how far an edit is, and what came of it.
func (p *pages) bulkJob(v *ui.Visit) error {
	report, err := p.findEdit(v)
	if err != nil {
		return err
	}
	ctx, typ := v.UserContext(), v.Params("type")
	query, err := url.ParseQuery(v.Query("from"))
	if err != nil {
		query = url.Values{}
	}
	s, err := p.sightOf(v, query)
	if err != nil {
		return err
	}
	page := shown.JobPage{
		Frame: p.bulkFrame(v, s, report.Title), Heading: report.Title, Back: s.address.href(func(*address) {}),
		Path: ui.TypePath(typ) + "/records/bulk/" + report.ID, From: s.address.query().Encode(), Percent: report.Percent(), Running: report.State == jobs.Running, Wrong: show.Sentence(ctx, report.Wrong),
	}
	if page.Running {
		page.State = words.Say(ctx, "%[1]d of %[2]d", report.Did, report.Total)
	}
	if report.State == jobs.Cancelled {
		page.State = words.Say(ctx, "Cancelled: what was done until then is done.")
	}
	if result, ok := report.Result.(*done); ok && !page.Running {
		p.fillDone(ctx, &page, typ, result)
	}
	return ui.Render(v.Ctx, fiber.StatusOK, shown.Job(page))
}

// fillDone says what came of an edit.
func (p *pages) fillDone(ctx context.Context, page *shown.JobPage, typ string, result *done) {
	page.Changed = words.Say(ctx, "%d records were changed", result.Changed)
	switch {
	case result.undo:
		page.Changed = words.Say(ctx, "%d values were put back", result.Changed)
	case result.edit.deed == deedDelete:
		page.Changed = words.Say(ctx, "%d records are in the trash", result.Changed)
	}
	if result.Same > 0 {
		page.Same = words.Say(ctx, "%d records were so already", result.Same)
	}
	if result.Refused > 0 {
		page.Refuses = words.Say(ctx, "%d were left as they are", result.Refused)
	}
	for _, r := range result.Told {
		page.Refused = append(page.Refused, shown.Refusal{Name: r.Name, Href: ui.TypePath(typ) + "/records/" + url.PathEscape(r.ID), Why: r.Why})
	}
	page.MayUndo = !result.undo && len(result.steps) > 0 && !result.undone.Load()
	page.Undone = result.undone.Load()
}

// cancelBulk asks an edit to stop where it is.
func (p *pages) cancelBulk(v *ui.Visit) error {
	report, err := p.findEdit(v)
	if err != nil {
		return err
	}
	p.jobs.Cancel(v.Actor().User, report.ID)
	return p.toJob(v, report.ID)
}

// undoBulk begins to put back what an edit changed. It is done once.
func (p *pages) undoBulk(v *ui.Visit) error {
	report, err := p.findEdit(v)
	if err != nil {
		return err
	}
	result, ok := report.Result.(*done)
	if !ok || result.undo {
		return collections.Errorf(collections.Exists, "", "This edit cannot be undone while it is under way, or a second time.")
	}
	if !result.undone.CompareAndSwap(false, true) {
		return collections.Errorf(collections.Exists, "", "This edit was undone already.")
	}
	who, lang, typ := v.Actor(), words.Of(v.UserContext()), v.Params("type")
	said := words.Say(v.UserContext(), "Undo: %s", report.Title)
	id, err := p.jobs.Start(who, jobs.About{Kind: kindEdit, Type: typ, Title: said, Page: report.Page}, func(ctx context.Context, progress *jobs.Progress) (any, error) {
		ctx = words.With(ctx, lang)
		back, err := p.runUndo(ctx, progress, who, result)
		p.note(ctx, who, typ, said, back)
		return back, err
	})
	if err != nil {
		result.undone.Store(false)
		return err
	}
	return p.toJob(v, id)
}

func (p *pages) toJob(v *ui.Visit, id string) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	to := ui.TypePath(v.Params("type")) + "/records/bulk/" + id
	if from := form.Get("from"); from != "" {
		to += "?" + url.Values{"from": {from}}.Encode()
	}
	return v.Redirect(to, fiber.StatusSeeOther)
}
