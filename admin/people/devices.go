package people

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

// devices lists where people work: for an owner and a designer everybody's, for others
// their own.
func (p *pages) devices(v *ui.Visit) error {
	ctx := v.UserContext()
	f, err := p.fleet(v)
	if err != nil {
		return err
	}
	all := v.Actor().Role.Includes(collections.Designer)
	search, which := v.Query("search"), v.Query("show")
	page := view.DevicesPage{
		Frame: p.Frame(v.Ctx, templates.SectionDevices, words.Say(ctx, "Devices")), Owners: all, None: len(f.devices) == 0,
		Lead:   words.Say(ctx, "Where you work, and what waits there to be sent."),
		Search: templates.Input{Name: "search", Label: words.Say(ctx, "Search devices"), Value: search},
	}
	page.Styles = []string{"people.css"}
	if all {
		page.Lead = words.Say(ctx, "Where people work, and what waits there to be sent. A device says so each time it syncs.")
	}
	for _, tab := range []struct{ show, text string }{{"", words.Say(ctx, "All")}, {"unsent", words.Say(ctx, "With unsent work")}, {"behind", words.Say(ctx, "Behind a version")}} {
		href := "/admin/devices"
		if tab.show != "" {
			href += "?" + url.Values{"show": {tab.show}}.Encode()
		}
		page.Filter = append(page.Filter, templates.Tab{Text: tab.text, Href: href, Current: which == tab.show})
	}
	for _, d := range f.devices {
		named := strings.Contains(strings.ToLower(d.row.Label+" "+d.row.Person), strings.ToLower(strings.TrimSpace(search)))
		if named && (which != "unsent" || d.unsent > 0) && (which != "behind" || d.behind) {
			page.Devices = append(page.Devices, d.row)
		}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Devices(page))
}

// askSignOut says what signing a device out does, before it is done.
func (p *pages) askSignOut(v *ui.Visit) error {
	ctx := v.UserContext()
	f, err := p.fleet(v)
	if err != nil {
		return err
	}
	path := "/admin/devices/" + url.PathEscape(v.Params("id")) + "/sign-out"
	at := slices.IndexFunc(f.devices, func(d device) bool { return d.row.SignOut == path })
	if at < 0 {
		return collections.Errorf(collections.NotFound, "", "There is no such device: it may be signed out already.")
	}
	message := words.Say(ctx, "It is cut off at once. What is not sent yet stays on it, and can be sent after signing in there again.")
	if unsent := f.devices[at].row.Unsent; unsent != "" {
		message += " " + words.Say(ctx, "It said last: %s.", unsent)
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.Frame(v.Ctx, templates.SectionDevices, words.Say(ctx, "Sign out"), templates.Link{Text: words.Say(ctx, "Devices"), Href: "/admin/devices"}),
		Heading: words.Say(ctx, "Sign “%s” of %s out?", f.devices[at].row.Label, f.devices[at].row.Person), Message: message, Danger: true,
		Action: path, Do: words.Say(ctx, "Sign it out"), Back: templates.Link{Text: words.Say(ctx, "Keep it"), Href: "/admin/devices"},
	}))
}

func (p *pages) signOutDevice(v *ui.Visit) error {
	if err := p.Accounts.Revoke(v.UserContext(), v.Actor(), v.Params("id")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, "/admin/devices", "signed-out")
}

// forgetDevice takes a device off the list that cannot sync any more.
func (p *pages) forgetDevice(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	if err := p.Engine.ForgetDevice(v.UserContext(), v.Actor(), form.Get("user"), form.Get("replica")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, "/admin/devices", "forgotten")
}

// programs are the credentials that the page of tokens is about: those of devices are on
// theirs.
func programs(list []*auth.Credential) []*auth.Credential {
	return slices.DeleteFunc(list, func(c *auth.Credential) bool { return c.Kind != auth.Token })
}
