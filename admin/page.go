package admin

import (
	"bytes"
	"fmt"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
)

// render answers with a page.
func render(c *fiber.Ctx, status int, page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(c.UserContext(), &body); err != nil {
		return fmt.Errorf("admin: render a page: %w", err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Status(status).Response().SetBodyRaw(body.Bytes())
	return nil
}

// frame is what is around a page with this title.
func (p *pages) frame(c *fiber.Ctx, section templates.Section, title string, trail ...templates.Link) templates.Frame {
	f := templates.Frame{
		Title: title, Section: section, Trail: trail, Version: p.Version, Static: p.static,
		Notice: doneText(c.Query("done")),
	}
	if who, err := web.Who(c); err == nil {
		f.Person = &templates.Person{
			Name: who.Actor.Name, Role: string(who.Actor.Role),
			Designs: who.Actor.Role.Includes(collections.Designer), Manages: who.Actor.Role.Includes(collections.Owner),
		}
	}
	return f
}

// seeOther sends the browser to a page that says what was done.
func seeOther(c *fiber.Ctx, path, done string) error {
	if done != "" {
		path += "?done=" + done
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// doneText is the sentence for what a redirect says was done. Only these can be said,
// so that no link puts words into our mouth.
func doneText(done string) string {
	switch done {
	case "welcome":
		return "The account is made, and you are signed in."
	case "saved":
		return "The draft is saved. Nothing is published yet."
	case "published":
		return "Published. Devices get it the next time they sync."
	case "discarded":
		return "The draft is discarded."
	case "deleted":
		return "The record is in the trash, and can be restored."
	case "restored":
		return "The record is back."
	case "password":
		return "The password is changed. You stay signed in here, and are signed out everywhere else."
	case "role":
		return "The role is changed. The person has to sign in again."
	case "disabled":
		return "The account is disabled, and signed out everywhere."
	case "enabled":
		return "The account is enabled: the person can sign in again."
	case "revoked":
		return "The token is revoked."
	}
	return ""
}

// mistake splits an error that whoever asked can mend, to be shown beside the form,
// from all others.
func (p *pages) mistake(err error) (status int, shown *collections.Error, other error) {
	status, shown, ours := p.server.Status(err)
	if ours || status == fiber.StatusNotFound {
		return 0, nil, err
	}
	return status, shown, nil
}

// fail shows an error as a page. Who is not signed in is asked to.
func (p *pages) fail(c *fiber.Ctx, status int, e *collections.Error) error {
	if status == fiber.StatusUnauthorized {
		return c.Redirect(signInPath(c), fiber.StatusSeeOther)
	}
	page := templates.FailurePage{
		Frame: p.frame(c, "", failureHeading(status)), Heading: failureHeading(status),
		Message: e.Message, Back: templates.Link{Text: "To the types", Href: "/admin"},
	}
	if status >= fiber.StatusInternalServerError {
		page.Request = web.RequestID(c)
	}
	return render(c, status, templates.Failure(page))
}

func failureHeading(status int) string {
	switch status {
	case fiber.StatusForbidden:
		return "You may not do this"
	case fiber.StatusNotFound:
		return "There is nothing here"
	case fiber.StatusConflict:
		return "Somebody was faster"
	case fiber.StatusTooManyRequests:
		return "Too fast"
	case fiber.StatusServiceUnavailable:
		return "Not just now"
	case fiber.StatusInternalServerError:
		return "Something went wrong"
	}
	return "That did not work"
}

func nothingHere(*visit) error {
	return collections.Errorf(collections.NotFound, "", "There is no such page: it may have moved, or the address is mistyped.")
}
