package people

import (
	"context"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/people"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) people(v *ui.Visit) error {
	page, err := p.peoplePage(v, "", collections.Worker)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.People(page))
}

// peoplePage lists the people, beside a form that holds what was typed.
func (p *pages) peoplePage(v *ui.Visit, name string, role collections.Role) (view.PeoplePage, error) {
	ctx := v.UserContext()
	accounts, err := p.Accounts.Accounts(ctx, v.Actor())
	if err != nil {
		return view.PeoplePage{}, err
	}
	known, err := p.fleet(v)
	if err != nil {
		return view.PeoplePage{}, err
	}
	search, only := strings.ToLower(strings.TrimSpace(v.Query("search"))), collections.Role(v.Query("role"))
	page := view.PeoplePage{
		Frame:  p.Frame(v.Ctx, templates.SectionPeople, words.Say(ctx, "People")),
		Search: templates.Input{Name: "search", Label: words.Say(ctx, "Search people"), Value: v.Query("search")},
		Filter: roleFilter(ctx, only),
		Name:   templates.Input{Name: "name", Label: words.Say(ctx, "Name"), Hint: words.Say(ctx, "With it the person signs in. It cannot be changed later."), Value: name, Required: true},
		NewAs:  templates.Input{Name: "role", Label: words.Say(ctx, "Role")}, Roles: roleChoices(ctx, role),
	}
	page.Styles = []string{"people.css"}
	for _, a := range accounts {
		if !strings.Contains(strings.ToLower(a.Name), search) || only != "" && a.Role != only {
			continue
		}
		row := view.PersonRow{
			Name: a.Name, Role: ui.RoleName(ctx, a.Role), Href: personPath(a.ID), Disabled: a.Disabled,
			Self: a.ID == v.Actor().User, Seen: p.Moment(ctx, known.seen[a.ID]),
		}
		if n := known.count[a.ID]; n > 0 {
			row.Devices = words.Say(ctx, "%d devices", n)
		}
		if n := known.unsent[a.ID]; n > 0 {
			row.Unsent = words.Say(ctx, "%d unsent", n)
		}
		page.People = append(page.People, row)
	}
	return page, nil
}

// roleFilter leads to the people of one role.
func roleFilter(ctx context.Context, only collections.Role) []templates.Tab {
	tabs := []templates.Tab{{Text: words.Say(ctx, "All"), Href: "/admin/people", Current: only == ""}}
	for _, r := range collections.Roles() {
		tabs = append(tabs, templates.Tab{Text: ui.RoleName(ctx, r), Href: "/admin/people?role=" + string(r), Current: only == r})
	}
	return tabs
}

func personPath(id string) string { return "/admin/people/" + url.PathEscape(id) }

func roleChoices(ctx context.Context, chosen collections.Role) []templates.Choice {
	var choices []templates.Choice
	for _, r := range collections.Roles() {
		choices = append(choices, templates.Choice{Value: string(r), Label: ui.RoleName(ctx, r), Hint: ui.ExplainRole(ctx, r), Chosen: r == chosen})
	}
	return choices
}

// addPerson makes an account with a password of our making, and a code for its first
// device, and shows both once.
func (p *pages) addPerson(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	password, err := newPassword(p.Random)
	if err != nil {
		return err
	}
	name, role := form.Get("name"), collections.Role(form.Get("role"))
	made, failed := p.Accounts.Create(v.UserContext(), v.Actor(), auth.NewAccount{Name: name, Password: password, Role: role})
	if failed != nil {
		return p.showAddMistake(v, name, role, failed)
	}
	page, err := p.peoplePage(v, "", collections.Worker)
	if err != nil {
		return err
	}
	page.Made = &view.Begun{Name: made.Name, Href: personPath(made.ID), Password: *passwordOf(v.UserContext(), made.Name, password)}
	if page.Made.Code, err = p.newCode(v, made.ID, made.Name, "code-text"); err != nil {
		if _, _, err := p.Mistake(err); err != nil {
			return err
		}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.People(page))
}

func (p *pages) showAddMistake(v *ui.Visit, name string, role collections.Role, failed error) error {
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.peoplePage(v, name, role)
	if err != nil {
		return err
	}
	switch shown.Field {
	case "name":
		page.Name.Error = show.Sentence(v.UserContext(), shown.Message)
	case "role":
		page.NewAs.Error = show.Sentence(v.UserContext(), shown.Message)
	default:
		page.Wrong = show.Sentence(v.UserContext(), shown.Message)
	}
	return ui.Render(v.Ctx, status, view.People(page))
}

func passwordOf(ctx context.Context, name, password string) *templates.Secret {
	return &templates.Secret{
		Label: words.Say(ctx, "The password of %s", name), Text: password,
		Explained: words.Say(ctx, "It is shown only now: hand it over in a safe way. It can be changed under Your account after signing in."),
	}
}
