package records

import (
	"context"
	"slices"
	"time"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Asks is what the pages ask; [collections.Engine] answers.
type Asks interface {
	RecordAsks
	AttentionAsks
	GridAsks
}

// RecordAsks is what the pages of one record ask.
type RecordAsks interface {
	Grant(a collections.Actor, typ string) (*collections.Grant, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
	Get(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
	Stats() collections.Stats
	KeepsHistory() time.Duration
	List(ctx context.Context, a collections.Actor, typ string, r collections.ListRequest) (*collections.ListPage, error)
	Timeline(ctx context.Context, a collections.Actor, typ, id, field, before string, limit int) ([]*collections.Event, string, error)
	HistoryBegins(ctx context.Context, a collections.Actor, typ, id string) (int64, error)
	Delete(ctx context.Context, a collections.Actor, typ, id string) error
	Restore(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
	TakeBack(ctx context.Context, a collections.Actor, typ, id, place, field string) (*collections.Document, error)
	Pick(ctx context.Context, a collections.Actor, typ, id string, path []string, choice string, seen []string) (*collections.Document, error)
	Choosers(ctx context.Context, a collections.Actor, typ, id string) (map[string]collections.Chooser, error)
	PreviewRestore(ctx context.Context, a collections.Actor, typ, id, place string) (*collections.Return, error)
	RestoreTo(ctx context.Context, a collections.Actor, typ, id, place string) (*collections.Return, error)
}

// Parts is what the pages work with beside the engine. All of it is required.
type Parts struct {
	Hub   *presence.Hub // who has which page open
	Views *views.Store
	Jobs  *jobs.Runner
	Trail Trail
}

// Trail is where what somebody did to many records is noted; [auth.Service] is one.
type Trail interface {
	Note(ctx context.Context, a collections.Actor, e auth.AuditEntry)
}

// pages is what the handlers share.
type pages struct {
	*ui.Kit
	asks  Asks
	hub   *presence.Hub
	views *views.Store
	jobs  *jobs.Runner
	trail Trail
}

// Routes is the table of the pages. What has a name of its own comes before the pages of
// a record, whose id stands in the same place.
func Routes(kit *ui.Kit, asks Asks, with Parts) []web.Route {
	p := &pages{Kit: kit, asks: asks, hub: with.Hub, views: with.Views, jobs: with.Jobs, trail: with.Trail}
	return slices.Concat(
		p.hereRoutes(),
		p.gridRoutes(),
		p.viewRoutes(),
		p.columnRoutes(),
		p.filterRoutes(),
		p.liveRoutes(),
		p.bulkRoutes(),
		p.trashRoutes(),
		p.recordRoutes(),
		p.attentionRoutes(),
	)
}
