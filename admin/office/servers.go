package office

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/servers"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/office"
	"github.com/fieldstack/fieldstack/templates/words"
)

// servers lists the servers that share the store.
func (p *pages) servers(v *ui.Visit) error {
	ctx := v.UserContext()
	list, err := p.Servers.List(ctx)
	if err != nil {
		return err
	}
	page := views.ServersPage{Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "Servers")), Tabs: p.settingsTabs(ctx, "servers"), Alone: !p.Shared}
	for _, s := range list {
		page.Servers = append(page.Servers, views.ServerLine{
			Name: s.Name, Address: s.Address, Version: s.Version, State: serverState(ctx, s),
			Since: p.Moment(ctx, s.Started), Heard: p.Moment(ctx, s.Heard), Does: does(ctx, s.Chores),
		})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Servers(page))
}

// serverState says how a server is.
func serverState(ctx context.Context, s servers.Seen) views.HookState {
	switch {
	case s.Here:
		return views.HookState{Kind: views.StateGood, Text: words.Say(ctx, "This one")}
	case s.Silent:
		return views.HookState{Kind: views.StateBad, Text: words.Say(ctx, "Silent")}
	}
	return views.HookState{Kind: views.StateGood, Text: words.Say(ctx, "There")}
}

// does says what a server does for all of them.
func does(ctx context.Context, chores []string) string {
	said := map[string]string{
		"webhooks": words.Say(ctx, "Sends the webhooks."),
		"sweep":    words.Say(ctx, "Clears away sessions and tokens that are past."),
	}
	var list []string
	for _, chore := range chores {
		if text := said[chore]; text != "" {
			list = append(list, text)
		}
	}
	return strings.Join(list, " ")
}

// backupsElsewhere says how a store is backed up that several servers share.
func (p *pages) backupsElsewhere(v *ui.Visit) error {
	ctx := v.UserContext()
	page := views.BackupsElsewherePage{Frame: p.frame(v, templates.SectionSettings, words.Say(ctx, "Backups")), Tabs: p.settingsTabs(ctx, "backups")}
	return ui.Render(v.Ctx, fiber.StatusOK, views.BackupsElsewhere(page))
}
