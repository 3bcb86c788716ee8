package access

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/access"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) signInForm(c *fiber.Ctx) error {
	if _, err := web.Who(c); err == nil {
		return c.Redirect(ui.SafeNext(c.Query("next")), fiber.StatusSeeOther)
	}
	return p.renderSignIn(c, fiber.StatusOK, "", ui.SafeNext(c.Query("next")), "")
}

func (p *pages) renderSignIn(c *fiber.Ctx, status int, name, next, wrong string) error {
	fresh, err := p.Accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	page := views.SignInPage{
		Frame: p.Frame(c, "", words.Say(c.UserContext(), "Sign in")), New: fresh, Next: next, Wrong: wrong,
		Name:     templates.Input{Name: "name", Label: words.Say(c.UserContext(), "Name"), Value: name, Complete: "username", Required: true, Focus: name == ""},
		Password: templates.Input{Name: "password", Label: words.Say(c.UserContext(), "Password"), Complete: "current-password", Required: true, Focus: name != ""},
	}
	return ui.Render(c, status, views.SignIn(page))
}

func (p *pages) signIn(c *fiber.Ctx) error {
	form, err := ui.ReadForm(c)
	if err != nil {
		return err
	}
	next := ui.SafeNext(form.Get("next"))
	text, _, err := p.Accounts.SignIn(c.UserContext(), form.Get("name"), form.Get("password"), web.Address(c))
	if err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		return p.renderSignIn(c, status, form.Get("name"), next, show.Sentence(c.UserContext(), shown.Message))
	}
	web.SetSession(c, text)
	return c.Redirect(next, fiber.StatusSeeOther)
}

// signOut ends the session that there is; without one it is done already.
func (p *pages) signOut(c *fiber.Ctx) error {
	if who, err := web.Who(c); err == nil {
		if err := p.Accounts.SignOut(c.UserContext(), who); err != nil {
			return err
		}
	}
	web.ClearSession(c)
	return c.Redirect("/sign-in", fiber.StatusSeeOther)
}
