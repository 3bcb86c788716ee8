package admin

import (
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates"
)

const day = 24 * time.Hour

// tokenForm is what the form for a token holds.
type tokenForm struct {
	label string
	may   string   // "read", "write", or "" for all that the account may
	types []string // names; none: all
	life  string   // of lives
}

// lives are the lengths of life that the form offers.
func lives() []templates.Choice {
	return []templates.Choice{
		{Value: "30", Label: "in 30 days"}, {Value: "90", Label: "in 90 days"}, {Value: "365", Label: "in a year"}, {Value: "never", Label: "never"},
	}
}

func (f tokenForm) scopes() []string {
	var scopes []string
	if f.may != "" {
		scopes = append(scopes, f.may)
	}
	for _, name := range f.types {
		scopes = append(scopes, "type:"+name)
	}
	return scopes
}

// expires gives the end of life in ms since 1970, 0 for never.
func (f tokenForm) expires(now time.Time) (int64, error) {
	switch f.life {
	case "never":
		return 0, nil
	case "30":
		return now.Add(30 * day).UnixMilli(), nil
	case "90":
		return now.Add(90 * day).UnixMilli(), nil
	case "365":
		return now.Add(365 * day).UnixMilli(), nil
	}
	return 0, collections.Errorf(collections.Invalid, "expires", "Choose when the token expires.")
}

func (p *pages) tokens(v *visit) error {
	page, err := p.tokensPage(v, tokenForm{may: "read", life: "90"})
	if err != nil {
		return err
	}
	return render(v.Ctx, fiber.StatusOK, templates.Tokens(page))
}

func (p *pages) tokensPage(v *visit, f tokenForm) (templates.TokensPage, error) {
	list, err := p.Tokens.Tokens(v.UserContext(), v.who.Actor)
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
		Frame: p.frame(v.Ctx, templates.SectionTokens, "Tokens"), Limited: v.who.Kind != auth.Session,
		Label: templates.Input{Name: "label", Label: "What it is for", Hint: "So that you know it again, such as “nightly export”.", Value: f.label, Required: true},
		May:   templates.Input{Name: "may", Label: "It may"}, Mays: mayChoices(f.may),
		Types: templates.Input{Name: "type", Label: "Of these types", Hint: "None ticked means all that you may see."}, Names: types,
		Expires: templates.Input{Name: "expires", Label: "It expires"}, Lives: choose(lives(), f.life),
	}
	for _, t := range list {
		page.Tokens = append(page.Tokens, p.tokenRow(t, names))
	}
	return page, nil
}

func (p *pages) tokenRow(t *auth.Credential, names map[string]string) templates.TokenRow {
	may := t.Scopes
	if len(may) == 0 {
		may = []string{"all that the person may"}
	}
	return templates.TokenRow{
		Label: t.Label, Kind: string(t.Kind), Person: names[t.Account], May: may, Created: p.moment(t.Created),
		Used: p.moment(t.Used), Expires: p.moment(t.Expires), Revoke: "/admin/tokens/" + url.PathEscape(t.ID) + "/revoke",
	}
}

func mayChoices(chosen string) []templates.Choice {
	return choose([]templates.Choice{
		{Value: "read", Label: "read", Hint: "See what you may see, and change nothing."},
		{Value: "write", Label: "read and write", Hint: "See and change what you may."},
		{Value: "", Label: "everything you may", Hint: "Also edit types and manage people, if you may. Prefer one of the others."},
	}, chosen)
}

func choose(choices []templates.Choice, value string) []templates.Choice {
	for i := range choices {
		choices[i].Chosen = choices[i].Value == value
	}
	return choices
}

func (p *pages) typeChoices(v *visit, chosen []string) ([]templates.Choice, error) {
	types, err := p.Types.Types(v.UserContext(), v.who.Actor)
	if err != nil {
		return nil, err
	}
	var choices []templates.Choice
	for _, t := range types {
		choices = append(choices, templates.Choice{Value: t.Name, Label: typeTitle(t), Chosen: slices.Contains(chosen, t.Name)})
	}
	return choices, nil
}

// accountNames gives the names of the accounts that the asker may know, by id.
func (p *pages) accountNames(v *visit) (map[string]string, error) {
	names := map[string]string{v.who.Actor.User: v.who.Actor.Name}
	if !v.who.Actor.Role.Includes(collections.Owner) {
		return names, nil
	}
	accounts, err := p.Accounts.Accounts(v.UserContext(), v.who.Actor)
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, err
}

func (p *pages) makeToken(v *visit) error {
	form, err := readForm(v.Ctx)
	if err != nil {
		return err
	}
	f := tokenForm{label: form.Get("label"), may: form.Get("may"), types: form["type"], life: form.Get("expires")}
	expires, failed := f.expires(p.Now())
	var text string
	if failed == nil {
		text, _, failed = p.Tokens.CreateToken(v.UserContext(), v.who, auth.NewToken{Label: f.label, Scopes: f.scopes(), Expires: expires})
	}
	if failed != nil {
		return p.showTokenMistake(v, f, failed)
	}
	page, err := p.tokensPage(v, tokenForm{may: "read", life: "90"})
	if err != nil {
		return err
	}
	page.Given = &templates.Secret{Label: "The token “" + f.label + "”", Text: text, Explained: "It is shown only now. Programs send it as the header Authorization: Bearer, a space, and this."}
	return render(v.Ctx, fiber.StatusOK, templates.Tokens(page))
}

func (p *pages) showTokenMistake(v *visit, f tokenForm, failed error) error {
	status, shown, err := p.mistake(failed)
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
	return render(v.Ctx, status, templates.Tokens(page))
}

// askRevoke asks once more, because a device that is cut off has to be enrolled anew.
func (p *pages) askRevoke(v *visit) error {
	list, err := p.Tokens.Tokens(v.UserContext(), v.who.Actor)
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
	return render(v.Ctx, fiber.StatusOK, templates.Confirm(templates.ConfirmPage{
		Frame:   p.frame(v.Ctx, templates.SectionTokens, "Revoke", templates.Link{Text: "Tokens", Href: "/admin/tokens"}),
		Heading: "Revoke “" + list[at].Label + "”?", Message: message, Danger: true,
		Action: "/admin/tokens/" + url.PathEscape(id) + "/revoke", Do: "Revoke", Back: templates.Link{Text: "Keep it", Href: "/admin/tokens"},
	}))
}

func (p *pages) revoke(v *visit) error {
	if err := p.Tokens.Revoke(v.UserContext(), v.who.Actor, v.Params("id")); err != nil {
		return err
	}
	return seeOther(v.Ctx, "/admin/tokens", "revoked")
}
