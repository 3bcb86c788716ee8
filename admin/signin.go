package admin

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
)

// signInPath is where to sign in, and how to come back here.
func signInPath(c *fiber.Ctx) string {
	if c.Method() != fiber.MethodGet {
		return "/sign-in"
	}
	next := safeNext(c.OriginalURL())
	if next == "/admin" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}

// safeNext gives the address if it is one of our pages, else the first of them: a
// sign-in sends nobody to another site.
func safeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(next, "\\\r\n\t") ||
		u.Path != "/admin" && !strings.HasPrefix(u.Path, "/admin/") {
		return "/admin"
	}
	return next
}

func (p *pages) signInForm(c *fiber.Ctx) error {
	if _, err := web.Who(c); err == nil {
		return c.Redirect(safeNext(c.Query("next")), fiber.StatusSeeOther)
	}
	return p.renderSignIn(c, fiber.StatusOK, "", safeNext(c.Query("next")), "")
}

func (p *pages) renderSignIn(c *fiber.Ctx, status int, name, next, wrong string) error {
	fresh, err := p.Accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	page := templates.SignInPage{
		Frame: p.frame(c, "", "Sign in"), New: fresh, Next: next, Wrong: wrong,
		Name:     templates.Input{Name: "name", Label: "Name", Value: name, Complete: "username", Required: true, Focus: name == ""},
		Password: templates.Input{Name: "password", Label: "Password", Complete: "current-password", Required: true, Focus: name != ""},
	}
	return render(c, status, templates.SignIn(page))
}

func (p *pages) signIn(c *fiber.Ctx) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	next := safeNext(form.Get("next"))
	text, _, err := p.Accounts.SignIn(c.UserContext(), form.Get("name"), form.Get("password"), web.Address(c))
	if err != nil {
		status, shown, err := p.mistake(err)
		if err != nil {
			return err
		}
		return p.renderSignIn(c, status, form.Get("name"), next, shown.Message)
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
