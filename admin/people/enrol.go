package people

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) enrolForm(v *ui.Visit) error {
	page, err := p.enrolPage(v, v.Actor().User)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Enrol(page))
}

// enrolPage lets an owner choose whom a device is for; anybody else enrols one of
// his own.
func (p *pages) enrolPage(v *ui.Visit, chosen string) (view.EnrolPage, error) {
	ctx := v.UserContext()
	page := view.EnrolPage{
		Frame:  p.Frame(v.Ctx, templates.SectionDevices, words.Say(ctx, "Enrol a device"), templates.Link{Text: words.Say(ctx, "Devices"), Href: "/admin/devices"}),
		Person: templates.Input{Name: "person", Label: words.Say(ctx, "Whose device it is"), Hint: words.Say(ctx, "It may do what this person may.")},
	}
	if !v.Actor().Role.Includes(collections.Owner) {
		return page, nil
	}
	accounts, err := p.Accounts.Accounts(ctx, v.Actor())
	for _, a := range accounts {
		if !a.Disabled {
			page.People = append(page.People, templates.Choice{Value: a.ID, Label: a.Name + " (" + ui.RoleName(ctx, a.Role) + ")", Chosen: a.ID == chosen})
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
	names, err := p.accountNames(v)
	if err != nil {
		return err
	}
	if page.Given, err = p.newCode(v, person, names[person], "secret-text"); err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		page.Wrong = show.Sentence(v.UserContext(), shown.Message)
		return ui.Render(v.Ctx, status, view.Enrol(page))
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Enrol(page))
}

// newCode makes an enrolment code for an account ("" for one's own) and draws it; id is
// that of the element which will hold it.
func (p *pages) newCode(v *ui.Visit, account, name, id string) (*view.Code, error) {
	ctx := v.UserContext()
	code, err := p.Accounts.CreateCode(ctx, v.Who, account)
	if err != nil {
		return nil, err
	}
	if account == "" {
		name = v.Actor().Name
	}
	at := web.Base(v.Ctx) + "/app/"
	drawn, err := qrOf(at + "#enrol=" + code.Text)
	if err != nil {
		return nil, err
	}
	return &view.Code{ID: id, Text: code.Text, Person: name, Until: p.Moment(ctx, code.Expires), App: at, QR: drawn, Near: web.Near(v.Ctx)}, nil
}

// accountNames gives the names of the accounts that the asker may know, by id.
func (p *pages) accountNames(v *ui.Visit) (map[string]string, error) {
	names := map[string]string{v.Actor().User: v.Actor().Name}
	if !v.Actor().Role.Includes(collections.Owner) {
		return names, nil
	}
	accounts, err := p.Accounts.Accounts(v.UserContext(), v.Actor())
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, err
}
