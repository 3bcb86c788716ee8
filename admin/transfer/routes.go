package transfer

import (
	"context"
	"io"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Engine is what the pages ask about types and records; [collections.Engine] answers.
type Engine interface {
	Grant(a collections.Actor, typ string) (*collections.Grant, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
	Versions(ctx context.Context, a collections.Actor, name string) ([]*collections.Type, error)
	Draft(ctx context.Context, a collections.Actor, name string) (*collections.Draft, error)
	SaveDraft(ctx context.Context, a collections.Actor, d collections.Draft) (*collections.Draft, error)
	List(ctx context.Context, a collections.Actor, typ string, r collections.ListRequest) (*collections.ListPage, error)
	Get(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
	WriteAll(ctx context.Context, a collections.Actor, typ string, writes []collections.Write) ([]collections.WriteResult, error)
}

// Trail is where what somebody did is noted; [auth.Service] is one.
type Trail interface {
	Note(ctx context.Context, a collections.Actor, e auth.AuditEntry)
}

// Files says how uploaded files are kept.
type Files struct {
	Folder string    // of the pages' own: it is emptied when they begin
	Most   int64     // bytes of one file
	Random io.Reader // of their ids, which nobody must guess
}

// pages is what the handlers share.
type pages struct {
	*ui.Kit
	Engine Engine
	trail  Trail
	jobs   *jobs.Runner
	files  *store
}

// Routes gives the ways to these pages. They stand before those of single records,
// whose ids they would be taken for.
func Routes(kit *ui.Kit, engine Engine, trail Trail, runner *jobs.Runner, files Files) ([]web.Route, error) {
	p := &pages{Kit: kit, Engine: engine, trail: trail, jobs: runner}
	var err error
	if p.files, err = newStore(files, kit.Now, p.busy); err != nil {
		return nil, err
	}
	const records = "/admin/types/:type/records"
	return []web.Route{
		p.Get(newTypePath, web.Designers, p.newTypeForm),
		p.PostFile(newTypePath, web.Designers, files.Most, p.makeType),
		p.Get(newTypePath+"/:job", web.Designers, p.showDraft),
		p.Get(records+"/export", web.SignedIn, p.exportForm),
		p.Get(records+"/export/file", web.SignedIn, p.export),
		p.Get("/admin/types/:type/form.xlsx", web.SignedIn, p.formFile),
		p.Get(records+"/import", web.Editors, p.importForm),
		p.PostFile(records+"/import", web.Editors, files.Most, p.takeFile),
		p.Get(records+"/import/:job", web.Editors, p.showFile),
		p.Post(records+"/import/:job", web.Editors, p.steer),
		p.Get(records+"/import/:job/wrong.csv", web.Editors, p.wrongRows),
	}, nil
}
