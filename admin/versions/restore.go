package versions

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/versions"
	"github.com/fieldstack/fieldstack/templates/words"
)

// askRestore asks before a version becomes the draft.
func (p *pages) askRestore(v *ui.Visit) error {
	page, err := p.restorePage(v)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Restore(*page))
}

func (p *pages) restorePage(v *ui.Visit) (*views.RestorePage, error) {
	t, list, err := p.named(v, v.Params("version"))
	if err != nil {
		return nil, err
	}
	ctx, latest := v.UserContext(), list[len(list)-1]
	head, frame, err := p.around(v, latest, words.Say(ctx, "Make it the draft"), toVersions(ctx, latest))
	if err != nil {
		return nil, err
	}
	head.Tab = templates.TabForm
	page := &views.RestorePage{
		Frame: frame, Head: head, Number: strconv.Itoa(t.Version), Rev: "0",
		Action: versionPath(t) + "/restore", Back: ui.TypePath(t.Name) + "/versions",
	}
	d, err := p.asks.Draft(ctx, v.Actor(), t.Name)
	switch {
	case ui.IsNotFound(err):
	case err != nil:
		return nil, err
	default:
		page.By, page.Saved, page.Rev = d.By, p.Moment(ctx, d.Updated), strconv.FormatUint(d.Rev, 10)
		page.Download = ui.TypePath(t.Name) + "/draft.json"
	}
	page.Changes, err = compared(ctx, latest, t)
	return page, err
}

// restore makes a version the draft, in the place of the draft that its author saw.
func (p *pages) restore(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	rev, err := strconv.ParseUint(form.Get("rev"), 10, 64)
	if err != nil {
		return ui.BadForm()
	}
	t, _, err := p.named(v, v.Params("version"))
	if err != nil {
		return err
	}
	kept, failed := p.asks.SaveDraft(v.UserContext(), v.Actor(), collections.Draft{Name: t.Name, Rev: rev, Schema: []byte(textOf(t))})
	if failed == nil {
		p.hub.Moved("draft/"+t.Name, presence.Move{What: "draft", Rev: kept.Rev, By: v.Actor().Name})
		return ui.SeeOther(v.Ctx, formPath(t.Name), "saved")
	}
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.restorePage(v)
	if err != nil {
		return err
	}
	page.Wrong = show.Sentence(v.UserContext(), shown.Message)
	return ui.Render(v.Ctx, status, views.Restore(*page))
}
