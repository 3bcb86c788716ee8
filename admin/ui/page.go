package ui

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Render answers with a page.
func Render(c *fiber.Ctx, status int, page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(c.UserContext(), &body); err != nil {
		return fmt.Errorf("admin: render a page: %w", err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Status(status).Response().SetBodyRaw(body.Bytes())
	return nil
}

// Frame is what is around a page with this title.
func (k *Kit) Frame(c *fiber.Ctx, section templates.Section, title string, trail ...templates.Link) templates.Frame {
	f := templates.Frame{
		Title: title, Section: section, Trail: trail, Version: k.Version, Static: k.Static, Path: c.OriginalURL(),
		Notice: doneText(c.UserContext(), c.Query("done")),
	}
	if k.Name != nil {
		f.Server = k.Name()
	}
	if who, err := web.Who(c); err == nil {
		f.Person = &templates.Person{
			Name: who.Actor.Name, Role: RoleName(c.UserContext(), who.Actor.Role),
			Designs: who.Actor.Role.Includes(collections.Designer), Manages: who.Actor.Role.Includes(collections.Owner), Attends: who.Actor.Role.Includes(collections.Editor),
		}
		if k.Attention != nil && f.Person.Attends {
			f.Attention = k.Attention(c.UserContext(), who.Actor)
		}
	}
	return f
}

// SeeOther sends the browser to a page that says what was done.
func SeeOther(c *fiber.Ctx, path, done string) error {
	switch {
	case done != "" && strings.Contains(path, "?"):
		path += "&done=" + done
	case done != "":
		path += "?done=" + done
	}
	return c.Redirect(path, fiber.StatusSeeOther)
}

// Mistake splits an error that whoever asked can mend, to be shown beside the form,
// from all others.
func (k *Kit) Mistake(err error) (status int, shown *collections.Error, other error) {
	status, shown, ours := k.Server.Status(err)
	if ours || status == fiber.StatusNotFound {
		return 0, nil, err
	}
	return status, shown, nil
}

// Fail shows an error as a page. Who is not signed in is asked to.
func (k *Kit) Fail(c *fiber.Ctx, status int, e *collections.Error) error {
	if status == fiber.StatusUnauthorized {
		return c.Redirect(SignInPath(c), fiber.StatusSeeOther)
	}
	k.speak(c)
	ctx := c.UserContext()
	heading := failureHeading(ctx, status)
	page := templates.FailurePage{
		Frame: k.Frame(c, "", heading), Heading: heading,
		Message: show.Sentence(ctx, e.Message), Back: templates.Link{Text: words.Say(ctx, "To the types"), Href: "/admin"},
	}
	if status >= fiber.StatusInternalServerError {
		page.Request = web.RequestID(c)
	}
	return Render(c, status, templates.Failure(page))
}

func failureHeading(ctx context.Context, status int) string {
	switch status {
	case fiber.StatusForbidden:
		return words.Say(ctx, "You may not do this")
	case fiber.StatusNotFound:
		return words.Say(ctx, "There is nothing here")
	case fiber.StatusConflict:
		return words.Say(ctx, "Somebody was faster")
	case fiber.StatusTooManyRequests:
		return words.Say(ctx, "Too fast")
	case fiber.StatusServiceUnavailable:
		return words.Say(ctx, "Not just now")
	case fiber.StatusInternalServerError:
		return words.Say(ctx, "Something went wrong")
	}
	return words.Say(ctx, "That did not work")
}

// NothingHere answers an address that is no page.
func NothingHere(*Visit) error {
	return collections.Errorf(collections.NotFound, "", "There is no such page: it may have moved, or the address is mistyped.")
}
