package office

import (
	"errors"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
)

// pages is what the handlers share.
type pages struct {
	*ui.Kit
	Asks
}

// Check says what of it is missing.
func (a Asks) Check() error {
	if a.Activity == nil || a.Trail == nil || a.Hooks == nil || a.Settings == nil || (a.Backups == nil || a.Restart == nil) && !a.Shared || a.Types == nil || a.Servers == nil {
		return errors.New("office: activity, trail, webhooks, settings, backups, a way to restart, types and servers must be given")
	}
	return nil
}

// Routes gives the ways to these pages.
func Routes(kit *ui.Kit, asks Asks) []web.Route {
	p := &pages{kit, asks}
	const hook = "/admin/webhooks/:id"
	routes := []web.Route{
		p.Get("/admin/activity", web.Owners, p.activity),
		p.Get("/admin/activity/log", web.Owners, p.trail),
		p.Get("/admin/activity/log.csv", web.Owners, p.trailFile),
		p.Get("/admin/webhooks", web.Owners, p.hooks),
		p.Get("/admin/webhooks/_new", web.Owners, p.newHookForm),
		p.Post("/admin/webhooks/_new", web.Owners, p.newHook),
		p.Get(hook, web.Owners, p.hook),
		p.Get(hook+"/edit", web.Owners, p.hookForm),
		p.Post(hook+"/edit", web.Owners, p.saveHook),
		p.Post(hook+"/test", web.Owners, p.testHook),
		p.Post(hook+"/resume", web.Owners, p.resumeHook),
		p.Post(hook+"/skip", web.Owners, p.skipMessage),
		p.Get(hook+"/secret", web.Owners, p.askSecret),
		p.Post(hook+"/secret", web.Owners, p.newSecret),
		p.Get(hook+"/remove", web.Owners, p.askRemove),
		p.Post(hook+"/remove", web.Owners, p.removeHook),
		p.Get(hook+"/deliveries/:place", web.Owners, p.delivery),
		p.Post(hook+"/deliveries/:place", web.Owners, p.redeliver),
		p.Get("/admin/settings", web.Owners, p.settings),
		p.Post("/admin/settings", web.Owners, p.saveSettings),
		p.Get("/admin/servers", web.Owners, p.servers),
	}
	if asks.Shared {
		return append(routes, p.Get("/admin/backups", web.Owners, p.backupsElsewhere))
	}
	return append(routes, p.backupRoutes()...)
}

// backupRoutes are the ways to the pages of backups.
func (p *pages) backupRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin/backups", web.Owners, p.backups),
		p.Post("/admin/backups", web.Owners, p.makeBackup),
		p.Post("/admin/backups/plan", web.Owners, p.savePlan),
		p.Post("/admin/backups/keep", web.Owners, p.unstage),
		p.PostFile("/admin/backups/upload", web.Owners, p.MaxBackup, p.receiveBackup),
		p.Get("/admin/backups/:file", web.Owners, p.backup),
		p.Get("/admin/backups/:file/download", web.Owners, p.download),
		p.Get("/admin/backups/:file/remove", web.Owners, p.askRemoveBackup),
		p.Post("/admin/backups/:file/remove", web.Owners, p.removeBackup),
		p.Post("/admin/backups/:file/restore", web.Owners, p.restore),
	}
}

// frame is what is around a page of this area.
func (p *pages) frame(v *ui.Visit, section templates.Section, title string, trail ...templates.Link) templates.Frame {
	f := p.Frame(v.Ctx, section, title, trail...)
	f.Styles = append(f.Styles, "office.css")
	return f
}
