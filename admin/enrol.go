package admin

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
)

func (p *pages) enrolForm(v *ui.Visit) error {
	page, err := p.enrolPage(v, v.Who.Actor.User)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Enrol(page))
}

// enrolPage lets an owner choose whom a device is for; anybody else enrols one of
// his own.
func (p *pages) enrolPage(v *ui.Visit, chosen string) (templates.EnrolPage, error) {
	page := templates.EnrolPage{
		Frame:  p.Frame(v.Ctx, templates.SectionDevices, "Enrol a device"),
		Person: templates.Input{Name: "person", Label: "Whose device it is", Hint: "It may do what this person may."},
	}
	if !v.Who.Actor.Role.Includes(collections.Owner) {
		return page, nil
	}
	accounts, err := p.Accounts.Accounts(v.UserContext(), v.Who.Actor)
	for _, a := range accounts {
		if !a.Disabled {
			page.People = append(page.People, templates.Choice{Value: a.ID, Label: a.Name + " (" + string(a.Role) + ")", Chosen: a.ID == chosen})
		}
	}
	return page, err
}

// enrol makes a code and shows it.
func (p *pages) enrol(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	person := form.Get("person")
	page, err := p.enrolPage(v, person)
	if err != nil {
		return err
	}
	code, err := p.Tokens.CreateCode(v.UserContext(), v.Who, person)
	if err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		page.Wrong = shown.Message
		return ui.Render(v.Ctx, status, templates.Enrol(page))
	}
	names, err := p.accountNames(v)
	if err != nil {
		return err
	}
	at := web.Base(v.Ctx) + "/app/"
	drawn, err := qrOf(at + "#enrol=" + code.Text)
	if err != nil {
		return err
	}
	page.Given = &templates.Code{
		Text: code.Text, Person: names[code.Account], Until: p.Moment(v.UserContext(), code.Expires), App: at, QR: drawn, Near: web.Near(v.Ctx),
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Enrol(page))
}
