package office

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/settings"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

// settingsTabs leads between the pages of the settings.
func (p *pages) settingsTabs(ctx context.Context, current string) []templates.Tab {
	tabs := []templates.Tab{
		{Text: words.Say(ctx, "General"), Href: "/admin/settings", Current: current == "general"},
		{Text: words.Say(ctx, "Webhooks"), Href: "/admin/webhooks", Current: current == "webhooks"},
		{Text: words.Say(ctx, "Backups"), Href: "/admin/backups", Current: current == "backups"},
	}
	if p.Shared {
		tabs = append(tabs, templates.Tab{Text: words.Say(ctx, "Servers"), Href: "/admin/servers", Current: current == "servers"})
	}
	return tabs
}

// settings shows the settings.
func (p *pages) settings(v *ui.Visit) error {
	now := p.Settings.Values(v.UserContext())
	return p.askSettings(v, now, now, nil)
}

// saveSettings changes what its author changed.
func (p *pages) saveSettings(v *ui.Visit) error {
	ctx := v.UserContext()
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	var saw settings.Values
	if json.Unmarshal([]byte(form.Get("saw")), &saw) != nil {
		return ui.BadForm()
	}
	to := saw
	to.Name, to.Language, to.PrivateHooks = form.Get("name"), form.Get("language"), form.Get("private") != ""
	if _, err := p.Settings.Update(ctx, v.Actor(), saw, to); err != nil {
		if isCode(err, collections.Exists) {
			saw = p.Settings.Values(ctx)
		}
		return p.askSettings(v, saw, to, err)
	}
	p.note(v, auth.AreaSettings, "changed the settings", "", "")
	return ui.SeeOther(v.Ctx, "/admin/settings", "settings")
}

// askSettings shows the form, with what is wrong beside the field that it is about.
func (p *pages) askSettings(v *ui.Visit, saw, typed settings.Values, err error) error {
	ctx := v.UserContext()
	status, wrong := fiber.StatusOK, &collections.Error{}
	if err != nil {
		var other error
		if status, wrong, other = p.Mistake(err); other != nil {
			return other
		}
	}
	text, err := json.Marshal(saw)
	if err != nil {
		return err
	}
	page := views.SettingsPage{
		Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "Settings")), Tabs: p.settingsTabs(ctx, "general"), Saw: string(text),
		Name:      templates.Input{Name: "name", Label: words.Say(ctx, "Name of this server"), Value: typed.Name, Hint: words.Say(ctx, "Stands at the top of every page. Empty for fieldstack.")},
		Language:  templates.Input{Name: "language", Label: words.Say(ctx, "Language of the pages"), Hint: words.Say(ctx, "For who has not chosen one at the foot of a page.")},
		Languages: []templates.Choice{{Value: "", Label: words.Say(ctx, "That of the browser"), Chosen: typed.Language == ""}},
		Private:   templates.Input{Name: "private", Label: words.Say(ctx, "Webhooks")},
		Privates: []templates.Choice{{Value: "yes", Label: words.Say(ctx, "May call this machine and private networks"), Chosen: typed.PrivateHooks,
			Hint: words.Say(ctx, "Leave this off unless the other program runs there: whoever makes webhooks could otherwise reach what only this server should.")}},
		Facts: p.facts(ctx),
	}
	for _, l := range words.Languages() {
		page.Languages = append(page.Languages, templates.Choice{Value: string(l), Label: l.Name(), Chosen: typed.Language == string(l)})
	}
	beside := map[string]*templates.Input{"name": &page.Name, "language": &page.Language, "privateHooks": &page.Private}
	if input := beside[wrong.Field]; input != nil {
		input.Error = show.Sentence(ctx, wrong.Message)
	} else {
		page.Wrong = show.Sentence(ctx, wrong.Message)
	}
	return ui.Render(v.Ctx, status, views.Settings(page))
}

// facts says what is set where the server is started.
func (p *pages) facts(ctx context.Context) []views.Fact {
	var list []views.Fact
	for _, f := range p.Facts {
		shown := views.Fact{Text: f.Value, Flag: f.Flag}
		switch f.Name {
		case FactHistory:
			shown.Label, shown.Text = words.Say(ctx, "History is kept"), words.Say(ctx, "for ever")
			if d, err := time.ParseDuration(f.Value); err == nil && d > 0 {
				shown.Text = ui.Lasted(ctx, d)
			}
		case FactOrigins:
			shown.Label, shown.Text = words.Say(ctx, "Other sites that may use the API"), cmp.Or(f.Value, words.Say(ctx, "none"))
		case FactData:
			shown.Label = words.Say(ctx, "Data folder")
		}
		list = append(list, shown)
	}
	return list
}
