package versions

import (
	"context"
	"time"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
)

// Asks is what the pages ask; [collections.Engine] answers.
type Asks interface {
	Versions(ctx context.Context, a collections.Actor, name string) ([]*collections.Type, error)
	Draft(ctx context.Context, a collections.Actor, name string) (*collections.Draft, error)
	SaveDraft(ctx context.Context, a collections.Actor, d collections.Draft) (*collections.Draft, error)
	Publish(ctx context.Context, a collections.Actor, name string, progress func(done, total int)) (*collections.Type, *schema.Comparison, error)
	Impact(ctx context.Context, a collections.Actor, name string, progress func(done, total int)) (*collections.Impact, error)
	Fleet(ctx context.Context, a collections.Actor, typ string) (*collections.Fleet, error)
}

// pages is what the handlers share.
type pages struct {
	*ui.Kit
	asks Asks
	hub  *presence.Hub
	jobs *jobs.Runner
	// patience is how long the first look at the records may take.
	patience time.Duration
}

// Routes gives the ways to these pages. hub hears of drafts that change, and runner looks
// through the records.
func Routes(kit *ui.Kit, asks Asks, hub *presence.Hub, runner *jobs.Runner) []web.Route {
	p := &pages{kit, asks, hub, runner, firstLook}
	const typ = "/admin/types/:type"
	return []web.Route{
		p.Get(typ+"/form/publish", web.Designers, p.publishForm),
		p.Post(typ+"/form/publish", web.Designers, p.publish),
		p.Get(typ+"/draft.json", web.Designers, p.downloadDraft),
		p.Get(typ+"/versions", web.SignedIn, p.versions),
		p.Get(typ+"/versions/compare", web.SignedIn, p.pickCompared),
		p.Get(typ+"/versions/:version", web.SignedIn, p.version),
		p.Get(typ+"/versions/:version/schema.json", web.SignedIn, p.download),
		p.Get(typ+"/versions/:version/compare/:other", web.SignedIn, p.compare),
		p.Get(typ+"/versions/:version/restore", web.Designers, p.askRestore),
		p.Post(typ+"/versions/:version/restore", web.Designers, p.restore),
	}
}
