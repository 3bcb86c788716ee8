package people

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) person(v *ui.Visit) error {
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.PersonDetail(page))
}

// personPage shows the account that the address names.
func (p *pages) personPage(v *ui.Visit) (view.PersonPage, error) {
	ctx := v.UserContext()
	a, err := p.Accounts.Account(ctx, v.Actor(), v.Params("id"))
	if err != nil {
		return view.PersonPage{}, err
	}
	known, err := p.fleet(v)
	if err != nil {
		return view.PersonPage{}, err
	}
	page := view.PersonPage{
		Frame: p.Frame(v.Ctx, templates.SectionPeople, a.Name, templates.Link{Text: words.Say(ctx, "People"), Href: "/admin/people"}),
		Name:  a.Name, RoleName: ui.RoleName(ctx, a.Role), Base: personPath(a.ID), Self: a.ID == v.Actor().User, Disabled: a.Disabled,
		Created: p.Moment(ctx, a.Created), Updated: p.Moment(ctx, a.Updated), Seen: p.Moment(ctx, known.seen[a.ID]),
		Role: templates.Input{Name: "role", Label: words.Say(ctx, "May")}, Roles: roleChoices(ctx, a.Role),
	}
	page.Styles = []string{"people.css"}
	for _, d := range known.devices {
		if d.user == a.ID {
			page.Devices = append(page.Devices, d.row)
		}
	}
	return page, nil
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
	_, failed := p.Accounts.Update(v.UserContext(), v.Actor(), id, change)
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
	page.Wrong = show.Sentence(v.UserContext(), shown.Message)
	return ui.Render(v.Ctx, status, view.PersonDetail(page))
}

// resetPassword gives the person a password of our making, and shows it once.
func (p *pages) resetPassword(v *ui.Visit) error {
	if v.Params("id") == v.Actor().User {
		return ui.SeeOther(v.Ctx, "/admin/account", "")
	}
	password, err := newPassword(p.Random)
	if err != nil {
		return err
	}
	if _, err := p.Accounts.Update(v.UserContext(), v.Actor(), v.Params("id"), auth.AccountChange{Password: &password}); err != nil {
		return p.showPersonMistake(v, err)
	}
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	page.Given = passwordOf(v.UserContext(), page.Name, password)
	return ui.Render(v.Ctx, fiber.StatusOK, view.PersonDetail(page))
}

// enrolPerson makes a code for a device of the person, and shows it once.
func (p *pages) enrolPerson(v *ui.Visit) error {
	page, err := p.personPage(v)
	if err != nil {
		return err
	}
	if page.Code, err = p.newCode(v, v.Params("id"), page.Name, "secret-text"); err != nil {
		return p.showPersonMistake(v, err)
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.PersonDetail(page))
}
