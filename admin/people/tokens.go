package people

import (
	"context"
	"net/url"
	"slices"
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

func (p *pages) tokens(v *ui.Visit) error {
	page, err := p.tokensPage(v, tokenForm{may: "read", life: "90"})
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Tokens(page))
}

func (p *pages) tokensPage(v *ui.Visit, f tokenForm) (view.TokensPage, error) {
	ctx := v.UserContext()
	list, err := p.Accounts.Credentials(ctx, v.Actor())
	if err != nil {
		return view.TokensPage{}, err
	}
	names, err := p.accountNames(v)
	if err != nil {
		return view.TokensPage{}, err
	}
	types, err := p.typeChoices(v, f.types)
	if err != nil {
		return view.TokensPage{}, err
	}
	page := view.TokensPage{
		Frame: p.Frame(v.Ctx, templates.SectionTokens, words.Say(ctx, "Tokens")), Limited: v.Who.Kind != auth.Session,
		Label: templates.Input{Name: "label", Label: words.Say(ctx, "What it is for"), Hint: words.Say(ctx, "So that you know it again, such as “nightly export”."), Value: f.label, Required: true},
		May:   templates.Input{Name: "may", Label: words.Say(ctx, "It may")}, Mays: mayChoices(ctx, f.may),
		Types: templates.Input{Name: "type", Label: words.Say(ctx, "Of these types"), Hint: words.Say(ctx, "None ticked means all that you may see.")}, Names: types,
		Expires: templates.Input{Name: "expires", Label: words.Say(ctx, "It expires")}, Lives: choose(lives(ctx), f.life),
	}
	page.Styles = []string{"people.css"}
	for _, t := range programs(list) {
		page.Tokens = append(page.Tokens, p.tokenRow(ctx, t, names))
	}
	return page, nil
}

func (p *pages) tokenRow(ctx context.Context, t *auth.Credential, names map[string]string) view.TokenRow {
	var may []string
	for _, scope := range t.Scopes {
		switch {
		case scope == "read":
			may = append(may, words.Say(ctx, "read"))
		case scope == "write":
			may = append(may, words.Say(ctx, "read and write"))
		default:
			may = append(may, strings.TrimPrefix(scope, "type:"))
		}
	}
	if len(may) == 0 {
		may = []string{words.Say(ctx, "all that the person may")}
	}
	return view.TokenRow{
		Label: t.Label, Person: names[t.Account], May: may,
		Used: p.Moment(ctx, t.Used), Expires: p.Moment(ctx, t.Expires), Revoke: "/admin/tokens/" + url.PathEscape(t.ID) + "/revoke",
	}
}

func (p *pages) makeToken(v *ui.Visit) error {
	ctx := v.UserContext()
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	f := tokenForm{label: form.Get("label"), may: form.Get("may"), types: form["type"], life: form.Get("expires")}
	expires, failed := f.expires(p.Now())
	var text string
	if failed == nil {
		text, _, failed = p.Accounts.CreateToken(ctx, v.Who, auth.NewToken{Label: f.label, Scopes: f.scopes(), Expires: expires})
	}
	if failed != nil {
		return p.showTokenMistake(v, f, failed)
	}
	page, err := p.tokensPage(v, tokenForm{may: "read", life: "90"})
	if err != nil {
		return err
	}
	page.Given = &templates.Secret{
		Label: words.Say(ctx, "The token “%s”", f.label), Text: text,
		Explained: words.Say(ctx, "It is shown only now. Programs send it as the header Authorization: Bearer, a space, and this."),
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.Tokens(page))
}

func (p *pages) showTokenMistake(v *ui.Visit, f tokenForm, failed error) error {
	status, shown, err := p.Mistake(failed)
	if err != nil {
		return err
	}
	page, err := p.tokensPage(v, f)
	if err != nil {
		return err
	}
	switch shown.Field {
	case "label":
		page.Label.Error = show.Sentence(v.UserContext(), shown.Message)
	case "scopes":
		page.May.Error = show.Sentence(v.UserContext(), shown.Message)
	case "expires":
		page.Expires.Error = show.Sentence(v.UserContext(), shown.Message)
	default:
		page.Wrong = show.Sentence(v.UserContext(), shown.Message)
	}
	return ui.Render(v.Ctx, status, view.Tokens(page))
}

// askRevoke asks once more: a token cannot be brought back.
func (p *pages) askRevoke(v *ui.Visit) error {
	ctx := v.UserContext()
	list, err := p.Accounts.Credentials(ctx, v.Actor())
	if err != nil {
		return err
	}
	id := v.Params("id")
	at := slices.IndexFunc(list, func(t *auth.Credential) bool { return t.ID == id && t.Kind != auth.Session })
	if at < 0 {
		return collections.Errorf(collections.NotFound, "", "There is no such token: it may be revoked already.")
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.Frame(v.Ctx, templates.SectionTokens, words.Say(ctx, "Revoke"), templates.Link{Text: words.Say(ctx, "Tokens"), Href: "/admin/tokens"}),
		Heading: words.Say(ctx, "Revoke “%s”?", list[at].Label), Danger: true,
		Message: words.Say(ctx, "Whoever uses it is cut off at once, and it cannot be brought back."),
		Action:  "/admin/tokens/" + url.PathEscape(id) + "/revoke", Do: words.Say(ctx, "Revoke"), Back: templates.Link{Text: words.Say(ctx, "Keep it"), Href: "/admin/tokens"},
	}))
}

func (p *pages) revoke(v *ui.Visit) error {
	if err := p.Accounts.Revoke(v.UserContext(), v.Actor(), v.Params("id")); err != nil {
		return err
	}
	return ui.SeeOther(v.Ctx, "/admin/tokens", "revoked")
}
