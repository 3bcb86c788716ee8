package transfer

import (
	"context"
	"io"

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

// Accounts is what the pages ask about who asks; [auth.Service] answers.
type Accounts interface {
	Check(ctx context.Context, who *auth.Identity) (*auth.Identity, error)
	Note(ctx context.Context, a collections.Actor, e auth.AuditEntry)
}

// pages is what the handlers share.
type pages struct {
	*ui.Kit
	Engine   Engine
	Accounts Accounts
	jobs     *store
}

// Routes gives the ways to these pages. They stand before those of single records,
// whose ids they would be taken for. random is
// for the ids of jobs, which nobody must guess.
func Routes(kit *ui.Kit, engine Engine, accounts Accounts, random io.Reader) []web.Route {
	p := &pages{kit, engine, accounts, newStore(kit.Now, random)}
	const records = "/admin/types/:type/records"
	return []web.Route{
		p.Get(newTypePath, web.Designers, p.newTypeForm),
		p.Post(newTypePath, web.Designers, p.makeType),
		p.Get(newTypePath+"/:job", web.Designers, p.showDraft),
		p.Get(records+"/export", web.SignedIn, p.exportForm),
		p.Get(records+"/export/file", web.SignedIn, p.export),
		p.Get("/admin/types/:type/form.xlsx", web.SignedIn, p.formFile),
		p.Get(records+"/import", web.Editors, p.importForm),
		p.Post(records+"/import", web.Editors, p.takeFile),
		p.Get(records+"/import/:job", web.Editors, p.showJob),
		p.Post(records+"/import/:job", web.Editors, p.steer),
		p.Get(records+"/import/:job/wrong.csv", web.Editors, p.wrongRows),
	}
}
