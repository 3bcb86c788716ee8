package access

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/access"
	"github.com/fieldstack/fieldstack/templates/words"
)

// setupForm asks for the first account, while there is none.
func (p *pages) setupForm(c *fiber.Ctx) error {
	fresh, err := p.Accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	if !fresh {
		return c.Redirect("/sign-in", fiber.StatusSeeOther)
	}
	page := p.setupPage(c, c.Query("token"), "")
	if c.Query("token") == "" {
		page.TokenError = words.Say(c.UserContext(), "The address has no token in it: open the whole link that the server printed when it started.")
	}
	return ui.Render(c, fiber.StatusOK, views.Setup(page))
}

func (p *pages) setupPage(c *fiber.Ctx, token, name string) views.SetupPage {
	return views.SetupPage{
		Frame: p.Frame(c, "", words.Say(c.UserContext(), "Set up")), Token: token,
		Name:       templates.Input{Name: "name", Label: words.Say(c.UserContext(), "Your name"), Hint: words.Say(c.UserContext(), "With it you sign in, and it stands beside what you do."), Value: name, Complete: "username", Required: true, Focus: true},
		Password:   templates.Input{Name: "password", Label: words.Say(c.UserContext(), "Password"), Hint: words.Say(c.UserContext(), "At least %d characters. A few words are easier to keep than signs.", auth.MinPassword), Complete: "new-password", Required: true},
		SecondTime: templates.Input{Name: "again", Label: words.Say(c.UserContext(), "The password again"), Complete: "new-password", Required: true},
	}
}

// setUp makes the first account and signs it in.
func (p *pages) setUp(c *fiber.Ctx) error {
	form, err := ui.ReadForm(c)
	if err != nil {
		return err
	}
	token, name, password := form.Get("token"), form.Get("name"), form.Get("password")
	page := p.setupPage(c, token, name)
	if password != form.Get("again") {
		page.SecondTime.Error = words.Say(c.UserContext(), "The two passwords differ: type both again.")
		return ui.Render(c, fiber.StatusBadRequest, views.Setup(page))
	}
	if _, err = p.Accounts.SetUp(c.UserContext(), token, name, password, web.Address(c)); err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		switch shown.Field {
		case "token":
			page.TokenError = show.Sentence(c.UserContext(), shown.Message)
		case "name":
			page.Name.Error = show.Sentence(c.UserContext(), shown.Message)
		case "password":
			page.Password.Error = show.Sentence(c.UserContext(), shown.Message)
		default:
			page.Wrong = show.Sentence(c.UserContext(), shown.Message)
		}
		return ui.Render(c, status, views.Setup(page))
	}
	text, _, err := p.Accounts.SignIn(c.UserContext(), name, password, web.Address(c))
	if err != nil {
		return err
	}
	web.SetSession(c, text)
	return ui.SeeOther(c, "/admin", "welcome")
}
