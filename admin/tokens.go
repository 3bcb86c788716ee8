package admin

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
)

func (p *pages) tokens(v *ui.Visit) error {
	page, err := p.tokensPage(v, tokenForm{may: "read", life: "90"})
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Tokens(page))
}

func (p *pages) tokensPage(v *ui.Visit, f tokenForm) (templates.TokensPage, error) {
	list, err := p.Tokens.Tokens(v.UserContext(), v.Who.Actor)
	if err != nil {
		return templates.TokensPage{}, err
	}
	names, err := p.accountNames(v)
	if err != nil {
		return templates.TokensPage{}, err
	}
	types, err := p.typeChoices(v, f.types)
	if err != nil {
		return templates.TokensPage{}, err
	}
	page := templates.TokensPage{
		Frame: p.Frame(v.Ctx, templates.SectionTokens, "Tokens"), Limited: v.Who.Kind != auth.Session,
		Label: templates.Input{Name: "label", Label: "What it is for", Hint: "So that you know it again, such as “nightly export”.", Value: f.label, Required: true},
		May:   templates.Input{Name: "may", Label: "It may"}, Mays: mayChoices(f.may),
		Types: templates.Input{Name: "type", Label: "Of these types", Hint: "None ticked means all that you may see."}, Names: types,
		Expires: templates.Input{Name: "expires", Label: "It expires"}, Lives: choose(lives(), f.life),
	}
	for _, t := range list {
		page.Tokens = append(page.Tokens, p.tokenRow(v.UserContext(), t, names))
	}
	return page, nil
}

func (p *pages) tokenRow(ctx context.Context, t *auth.Credential, names map[string]string) templates.TokenRow {
	may := t.Scopes
	if len(may) == 0 {
		may = []string{"all that the person may"}
	}
	return templates.TokenRow{
		Label: t.Label, Kind: string(t.Kind), Person: names[t.Account], May: may,
		Used: p.Moment(ctx, t.Used), Expires: p.Moment(ctx, t.Expires), Revoke: "/admin/tokens/" + url.PathEscape(t.ID) + "/revoke",
	}
}

// accountNames gives the names of the accounts that the asker may know, by id.
func (p *pages) accountNames(v *ui.Visit) (map[string]string, error) {
	names := map[string]string{v.Who.Actor.User: v.Who.Actor.Name}
	if !v.Who.Actor.Role.Includes(collections.Owner) {
		return names, nil
	}
	accounts, err := p.Accounts.Accounts(v.UserContext(), v.Who.Actor)
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, err
}

func (p *pages) makeToken(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	f := tokenForm{label: form.Get("label"), may: form.Get("may"), types: form["type"], life: form.Get("expires")}
	expires, failed := f.expires(p.Kit.Now())
	var text string
	if failed == nil {
		text, _, failed = p.Tokens.CreateToken(v.UserContext(), v.Who, auth.NewToken{Label: f.label, Scopes: f.scopes(), Expires: expires})
	}
	if failed != nil {
		return p.showTokenMistake(v, f, failed)
	}
	page, err := p.tokensPage(v, tokenForm{may: "read", life: "90"})
	if err != nil {
		return err
	}
	page.Given = &templates.Secret{Label: "The token “" + f.label + "”", Text: text, Explained: "It is shown only now. Programs send it as the header Authorization: Bearer, a space, and this."}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Tokens(page))
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
		page.Label.Error = shown.Message
	case "scopes":
		page.May.Error = shown.Message
	case "expires":
		page.Expires.Error = shown.Message
	default:
		page.Wrong = shown.Message
	}
	return ui.Render(v.Ctx, status, templates.Tokens(page))
}
