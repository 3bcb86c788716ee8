package admin

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
)

func (p *pages) person(v *visit) error {
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	return render(v.Ctx, fiber.StatusOK, templates.PersonDetail(page))
}

// personPage shows the account that the address names.
func (p *pages) personPage(v *visit) (templates.PersonPage, error) {
	a, err := p.Accounts.Account(v.UserContext(), v.who.Actor, v.Params("id"))
	if err != nil {
		return templates.PersonPage{}, err
	}
	return templates.PersonPage{
		Frame: p.frame(v.Ctx, templates.SectionPeople, a.Name, templates.Link{Text: "People", Href: "/admin/people"}),
		Name:  a.Name, Base: personPath(a.ID), Self: a.ID == v.who.Actor.User, Disabled: a.Disabled,
		Created: p.moment(a.Created), Updated: p.moment(a.Updated),
		Role: templates.Input{Name: "role", Label: "May"}, Roles: roleChoices(a.Role),
	}, nil
}

func (p *pages) changeRole(v *visit) error {
	form, err := readForm(v.Ctx)
	if err != nil {
		return err
	}
	role := collections.Role(form.Get("role"))
	return p.changePerson(v, auth.AccountChange{Role: &role}, "role")
}

func (p *pages) changeAccess(v *visit) error {
	form, err := readForm(v.Ctx)
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
func (p *pages) changePerson(v *visit, change auth.AccountChange, done string) error {
	id := v.Params("id")
	_, failed := p.Accounts.Update(v.UserContext(), v.who.Actor, id, change)
	if failed == nil {
		return seeOther(v.Ctx, personPath(id), done)
	}
	return p.showPersonMistake(v, failed)
}

func (p *pages) showPersonMistake(v *visit, failed error) error {
	status, shown, err := p.mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	page.Wrong = shown.Message
	return render(v.Ctx, status, templates.PersonDetail(page))
}

// resetPassword gives the person a password of our making, and shows it once.
func (p *pages) resetPassword(v *visit) error {
	if v.Params("id") == v.who.Actor.User {
		return seeOther(v.Ctx, "/admin/account", "")
	}
	password, err := newPassword(p.Random)
	if err != nil {
		return err
	}
	if _, err := p.Accounts.Update(v.UserContext(), v.who.Actor, v.Params("id"), auth.AccountChange{Password: &password}); err != nil {
		return p.showPersonMistake(v, err)
	}
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	page.Given = passwordOf(page.Name, password)
	return render(v.Ctx, fiber.StatusOK, templates.PersonDetail(page))
}
