package types

import (
	"context"

	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Asks is what the pages ask; [collections.Engine] answers.
type Asks interface {
	DraftAsks
}

// DraftAsks is what the list of types and the builder ask.
type DraftAsks interface {
	Grant(a collections.Actor, typ string) (*collections.Grant, error)
	Types(ctx context.Context, a collections.Actor) ([]*collections.Type, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
	Versions(ctx context.Context, a collections.Actor, name string) ([]*collections.Type, error)
	Drafts(ctx context.Context, a collections.Actor) ([]*collections.Draft, error)
	Draft(ctx context.Context, a collections.Actor, name string) (*collections.Draft, error)
	SaveDraft(ctx context.Context, a collections.Actor, d collections.Draft) (*collections.Draft, error)
	DiscardDraft(ctx context.Context, a collections.Actor, name string) error
	List(ctx context.Context, a collections.Actor, typ string, r collections.ListRequest) (*collections.ListPage, error)
	CountAttention(ctx context.Context, a collections.Actor, typ string, most int) (int, error)
}

// pages is what the handlers share.
type pages struct {
	*ui.Kit
	asks   Asks
	hub    *presence.Hub
	trails *trails
}

// Routes gives the ways to these pages.
func Routes(kit *ui.Kit, asks Asks, hub *presence.Hub) []web.Route {
	p := &pages{Kit: kit, asks: asks, hub: hub, trails: newTrails()}
	return p.draftRoutes()
}

func (p *pages) draftRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin", web.SignedIn, p.list),
		p.Get("/admin/types/_new", web.Designers, p.newForm),
		p.Post("/admin/types/_new", web.Designers, p.begin),
		p.Get("/admin/types/_new/schema", web.Designers, p.newSchemaForm),
		p.Post("/admin/types/_new/schema", web.Designers, p.newSchema),
		p.Get("/admin/types/:type/form/schema", web.Designers, p.schemaForm),
		p.Post("/admin/types/:type/form/schema", web.Designers, p.saveSchema),
		p.Get("/admin/types/:type/form/rehearse", web.Designers, p.rehearse),
		p.Get("/admin/types/:type/form", web.Designers, p.builder),
		p.Post("/admin/types/:type/form", web.Designers, p.command),
		p.Get("/admin/types/:type/draft/discard", web.Designers, p.askDiscard),
		p.Post("/admin/types/:type/draft/discard", web.Designers, p.discard),
		p.Get("/admin/types/:type/draft/type.json", web.Designers, p.draftType),
	}
}
