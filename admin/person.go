package admin

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
)

func (p *pages) person(v *ui.Visit) error {
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.PersonDetail(page))
}

// personPage shows the account that the address names.
func (p *pages) personPage(v *ui.Visit) (templates.PersonPage, error) {
	a, err := p.Accounts.Account(v.UserContext(), v.Who.Actor, v.Params("id"))
	if err != nil {
		return templates.PersonPage{}, err
	}
	return templates.PersonPage{
		Frame: p.Frame(v.Ctx, templates.SectionPeople, a.Name, templates.Link{Text: "People", Href: "/admin/people"}),
		Name:  a.Name, Base: personPath(a.ID), Self: a.ID == v.Who.Actor.User, Disabled: a.Disabled,
		Created: p.Moment(v.UserContext(), a.Created), Updated: p.Moment(v.UserContext(), a.Updated),
		Role: templates.Input{Name: "role", Label: "May"}, Roles: roleChoices(v.UserContext(), a.Role),
	}, nil
}

func (p *pages) changeRole(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	role := collections.Role(form.Get("role"))
	return p.changePerson(v, auth.AccountChange{Role: &role}, "role")
}

func (p *pages) changeAccess(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	disabled, done := form.Get("disabled") == "yes", "enabled"
	if disabled {
		done = "disabled"
	}
	return p.changePerson(v, auth.AccountChange{Disabled: &disabled}, done)
}

// changePerson changes an account and shows it again.
func (p *pages) changePerson(v *ui.Visit, change auth.AccountChange, done string) error {
	id := v.Params("id")
	_, failed := p.Accounts.Update(v.UserContext(), v.Who.Actor, id, change)
	if failed == nil {
		return ui.SeeOther(v.Ctx, personPath(id), done)
	}
	return p.showPersonMistake(v, failed)
}

func (p *pages) showPersonMistake(v *ui.Visit, failed error) error {
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	page.Wrong = shown.Message
	return ui.Render(v.Ctx, status, templates.PersonDetail(page))
}

// resetPassword gives the person a password of our making, and shows it once.
func (p *pages) resetPassword(v *ui.Visit) error {
	if v.Params("id") == v.Who.Actor.User {
		return ui.SeeOther(v.Ctx, "/admin/account", "")
	}
	password, err := newPassword(p.Random)
	if err != nil {
		return err
	}
	if _, err := p.Accounts.Update(v.UserContext(), v.Who.Actor, v.Params("id"), auth.AccountChange{Password: &password}); err != nil {
		return p.showPersonMistake(v, err)
	}
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	page.Given = passwordOf(page.Name, password)
	return ui.Render(v.Ctx, fiber.StatusOK, templates.PersonDetail(page))
}
