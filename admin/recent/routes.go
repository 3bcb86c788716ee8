package recent

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Asks is what the pages ask. All of it is required.
type Asks struct {
	Types Types
	Jobs  *jobs.Runner
	Trail Trail
}

// Types gives types; [collections.Engine] does.
type Types interface {
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
}

// Trail is where what somebody did is noted; [auth.Service] is one.
type Trail interface {
	Note(ctx context.Context, a collections.Actor, e auth.AuditEntry)
}

type pages struct {
	*ui.Kit
	Asks
}

// Routes gives the ways to these pages. They stand before those of single records, whose
// ids they would be taken for.
func Routes(kit *ui.Kit, asks Asks) []web.Route {
	p := &pages{kit, asks}
	const all = "/admin/types/:type/records/recent"
	return []web.Route{
		p.Get(all, web.SignedIn, p.list),
		p.Get(all+"/:id", web.SignedIn, p.job),
		p.Post(all+"/:id/cancel", web.SignedIn, p.cancel),
		p.Post(all+"/:id/undo", web.SignedIn, p.undo),
	}
}

// Path is the address of a job, or, with no id, of all of somebody's jobs of a type.
func Path(typ, id string) string {
	path := ui.TypePath(typ) + "/records/recent"
	if id == "" {
		return path
	}
	return path + "/" + id
}

// find finds a job of whoever asks, about the type in the address.
func (p *pages) find(v *ui.Visit) (jobs.Report, error) {
	report, err := p.Jobs.Find(v.UserContext(), v.Actor().User, v.Params("id"))
	if err == nil && report.Type != v.Params("type") {
		err = collections.Errorf(collections.NotFound, "", "There is no such job of this type.")
	}
	return report, err
}

// cancel asks a job to stop where it is.
func (p *pages) cancel(v *ui.Visit) error {
	report, err := p.find(v)
	if err != nil {
		return err
	}
	if err := p.Jobs.End(v.UserContext(), v.Actor().User, report.ID); err != nil {
		return err
	}
	return v.Redirect(Path(report.Type, report.ID), fiber.StatusSeeOther)
}

// undo begins to undo a job.
func (p *pages) undo(v *ui.Visit) error {
	report, err := p.find(v)
	if err != nil {
		return err
	}
	actor := v.Actor()
	id, err := p.Jobs.Undo(v.UserContext(), v.Who, report.ID, func(ctx context.Context, o jobs.Outcome) { p.note(ctx, actor, report, o) })
	if err != nil {
		return err
	}
	return v.Redirect(Path(report.Type, id), fiber.StatusSeeOther)
}
