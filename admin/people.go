package admin

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
)

func (p *pages) people(v *ui.Visit) error {
	page, err := p.peoplePage(v, "", collections.Worker)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.People(page))
}

// peoplePage lists the people, beside a form that holds what was typed.
func (p *pages) peoplePage(v *ui.Visit, name string, role collections.Role) (templates.PeoplePage, error) {
	accounts, err := p.Accounts.Accounts(v.UserContext(), v.Who.Actor)
	if err != nil {
		return templates.PeoplePage{}, err
	}
	page := templates.PeoplePage{
		Frame: p.Frame(v.Ctx, templates.SectionPeople, "People"),
		Name:  templates.Input{Name: "name", Label: "Name", Hint: "With it the person signs in. It cannot be changed later.", Value: name, Required: true},
		Role:  templates.Input{Name: "role", Label: "Role"}, Roles: roleChoices(v.UserContext(), role),
	}
	for _, a := range accounts {
		page.People = append(page.People, templates.PersonRow{
			Name: a.Name, Role: string(a.Role), Href: personPath(a.ID), Disabled: a.Disabled,
			Self: a.ID == v.Who.Actor.User, Created: p.Moment(v.UserContext(), a.Created),
		})
	}
	return page, nil
}

func personPath(id string) string { return "/admin/people/" + url.PathEscape(id) }

func roleChoices(ctx context.Context, chosen collections.Role) []templates.Choice {
	var choices []templates.Choice
	for _, r := range collections.Roles() {
		choices = append(choices, templates.Choice{Value: string(r), Label: string(r), Hint: ui.ExplainRole(ctx, r), Chosen: r == chosen})
	}
	return choices
}

// addPerson makes an account with a password of our making, and shows it once.
func (p *pages) addPerson(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	password, err := newPassword(p.Random)
	if err != nil {
		return err
	}
	name, role := form.Get("name"), collections.Role(form.Get("role"))
	made, failed := p.Accounts.Create(v.UserContext(), v.Who.Actor, auth.NewAccount{Name: name, Password: password, Role: role})
	if failed == nil {
		page, err := p.peoplePage(v, "", collections.Worker)
		if err != nil {
			return err
		}
		page.Made = passwordOf(made.Name, password)
		return ui.Render(v.Ctx, fiber.StatusOK, templates.People(page))
	}
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.peoplePage(v, name, role)
	if err != nil {
		return err
	}
	switch shown.Field {
	case "name":
		page.Name.Error = shown.Message
	case "role":
		page.Role.Error = shown.Message
	default:
		page.Wrong = shown.Message
	}
	return ui.Render(v.Ctx, status, templates.People(page))
}

func passwordOf(name, password string) *templates.Secret {
	return &templates.Secret{
		Label: "The password of " + name, Text: password,
		Explained: "It is shown only now: hand it over in a safe way. It can be changed under Your account after signing in.",
	}
}
