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

func (p *pages) account(v *ui.Visit) error {
	return ui.Render(v.Ctx, fiber.StatusOK, views.Account(p.accountPage(v)))
}

func (p *pages) accountPage(v *ui.Visit) views.AccountPage {
	role := v.Who.Actor.Role
	return views.AccountPage{
		Frame: p.Frame(v.Ctx, templates.SectionAccount, words.Say(v.UserContext(), "Your account")), Role: ui.RoleName(v.UserContext(), role), RoleExplained: ui.ExplainRole(v.UserContext(), role),
		Old: templates.Input{Name: "old", Label: words.Say(v.UserContext(), "The password you have now"), Complete: "current-password", Required: true},
		New: templates.Input{Name: "new", Label: words.Say(v.UserContext(), "The new password"), Hint: words.Say(v.UserContext(), "At least %d characters.", auth.MinPassword), Complete: "new-password", Required: true},
	}
}

func (p *pages) changePassword(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	text, err := p.Accounts.ChangePassword(v.UserContext(), v.Who, form.Get("old"), form.Get("new"), web.Address(v.Ctx))
	if err != nil {
		status, shown, err := p.Mistake(err)
		if err != nil {
			return err
		}
		page := p.accountPage(v)
		switch shown.Field {
		case "old":
			page.Old.Error = show.Sentence(v.UserContext(), shown.Message)
		case "password":
			page.New.Error = show.Sentence(v.UserContext(), shown.Message)
		default:
			page.Wrong = show.Sentence(v.UserContext(), shown.Message)
		}
		return ui.Render(v.Ctx, status, views.Account(page))
	}
	web.SetSession(v.Ctx, text)
	return ui.SeeOther(v.Ctx, "/admin/account", "password")
}
