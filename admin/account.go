package admin

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
)

// explainRole says what a role may do, to whoever gives it to somebody.
func explainRole(r collections.Role) string {
	switch r {
	case collections.Owner:
		return "Everything a designer may, and manages people, tokens and the server."
	case collections.Designer:
		return "Everything an editor may, and makes types and decides who sees what."
	case collections.Editor:
		return "Works with all records, sees the trash and what needs attention, and exports."
	case collections.Worker:
		return "Does what each type's rules allow: without rules, sees and edits its records."
	}
	return ""
}

func (p *pages) account(v *ui.Visit) error {
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Account(p.accountPage(v)))
}

func (p *pages) accountPage(v *ui.Visit) templates.AccountPage {
	role := v.Who.Actor.Role
	return templates.AccountPage{
		Frame: p.Frame(v.Ctx, templates.SectionAccount, "Your account"), Role: string(role), RoleExplained: explainRole(role),
		Old: templates.Input{Name: "old", Label: "The password you have now", Complete: "current-password", Required: true},
		New: templates.Input{Name: "new", Label: "The new password", Hint: fmt.Sprintf("At least %d characters.", auth.MinPassword), Complete: "new-password", Required: true},
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
			page.Old.Error = shown.Message
		case "password":
			page.New.Error = shown.Message
		default:
			page.Wrong = shown.Message
		}
		return ui.Render(v.Ctx, status, templates.Account(page))
	}
	web.SetSession(v.Ctx, text)
	return ui.SeeOther(v.Ctx, "/admin/account", "password")
}
