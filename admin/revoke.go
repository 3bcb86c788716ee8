package admin

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
)

// askRevoke asks once more, because a device that is cut off has to be enrolled anew.
func (p *pages) askRevoke(v *ui.Visit) error {
	list, err := p.Tokens.Tokens(v.UserContext(), v.Who.Actor)
	if err != nil {
		return err
	}
	id := v.Params("id")
	at := slices.IndexFunc(list, func(t *auth.Credential) bool { return t.ID == id })
	if at < 0 {
		return collections.Errorf(collections.NotFound, "", "There is no such token: it may be revoked already.")
	}
	message := "Whoever uses it is cut off at once, and it cannot be brought back."
	if list[at].Kind == auth.Device {
		message = "The device is cut off at once. What it has not sent yet stays on it, and can be sent after it is enrolled again."
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTokens, "Revoke", templates.Link{Text: "Tokens", Href: "/admin/tokens"}),
		Heading: "Revoke “" + list[at].Label + "”?", Message: message, Danger: true,
		Action: "/admin/tokens/" + url.PathEscape(id) + "/revoke", Do: "Revoke", Back: templates.Link{Text: "Keep it", Href: "/admin/tokens"},
	}))
}

func (p *pages) revoke(v *ui.Visit) error {
	if err := p.Tokens.Revoke(v.UserContext(), v.Who.Actor, v.Params("id")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, "/admin/tokens", "revoked")
}
