package admin

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
)

// publish makes the draft the next version, if it is still the one that was looked at.
func (p *pages) publish(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	name := v.Params("type")
	d, err := p.Types.Draft(v.UserContext(), v.Who.Actor, name)
	if err != nil {
		return err
	}
	failed := error(collections.Errorf(collections.Exists, "", "%s saved this draft after you opened it: look at it as it is now, then publish.", d.By))
	if strconv.FormatUint(d.Rev, 10) == form.Get("rev") {
		_, _, failed = p.Types.Publish(v.UserContext(), v.Who.Actor, name, nil)
	}
	if failed == nil {
		return ui.SeeOther(v.Ctx, ui.TypePath(name)+"/versions", "published")
	}
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.savedDraft(v, name)
	if err != nil {
		return err
	}
	page.Wrong = shown.Message
	return ui.Render(v.Ctx, status, templates.Draft(page))
}

func (p *pages) askDiscard(v *ui.Visit) error {
	name := v.Params("type")
	if _, err := p.Types.Draft(v.UserContext(), v.Who.Actor, name); err != nil {
		return err
	}
	draft := ui.TypePath(url.PathEscape(name)) + "/draft"
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTypes, "Discard the draft", ui.ToTypes(v.UserContext()), templates.Link{Text: "Draft of " + name, Href: draft}),
		Heading: fmt.Sprintf("Discard the draft of %s?", name), Message: "Its text is gone then. What is published stays as it is.",
		Action: draft + "/discard", Do: "Discard", Danger: true, Back: templates.Link{Text: "Keep it", Href: draft},
	}))
}

func (p *pages) discard(v *ui.Visit) error {
	name := v.Params("type")
	if err := p.Types.DiscardDraft(v.UserContext(), v.Who.Actor, name); err != nil {
		return err
	}
	latest, err := p.latest(v, name)
	if err != nil {
		return err
	}
	if latest == nil {
		return ui.SeeOther(v.Ctx, "/admin", "discarded")
	}
	return ui.SeeOther(v.Ctx, ui.TypePath(name)+"/versions", "discarded")
}
