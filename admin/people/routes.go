package people

import (
	"context"
	"io"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Engine is what the pages ask about types, rules and devices; [collections.Engine] answers.
type Engine interface {
	Types(ctx context.Context, a collections.Actor) ([]*collections.Type, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
	Versions(ctx context.Context, a collections.Actor, name string) ([]*collections.Type, error)
	Draft(ctx context.Context, a collections.Actor, name string) (*collections.Draft, error)
	Rules(ctx context.Context, a collections.Actor, name string) (*collections.Rules, error)
	MergeRules(ctx context.Context, a collections.Actor, name string, from, to *collections.Rules) (*collections.RulesMerge, error)
	Explain(ctx context.Context, a, as collections.Actor, typ, id string) (*collections.Explanation, error)
	ExplainList(ctx context.Context, a, as collections.Actor, typ string, r collections.ListRequest) (*collections.Overlook, error)
	Get(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
	Devices(ctx context.Context, a collections.Actor) ([]*collections.Device, error)
	ForgetDevice(ctx context.Context, a collections.Actor, user, replica string) error
}

// Accounts is what they ask about people and what these prove themselves with;
// [auth.Service] answers.
type Accounts interface {
	Accounts(ctx context.Context, a collections.Actor) ([]*auth.Account, error)
	Account(ctx context.Context, a collections.Actor, id string) (*auth.Account, error)
	Create(ctx context.Context, a collections.Actor, n auth.NewAccount) (*auth.Account, error)
	Update(ctx context.Context, a collections.Actor, id string, change auth.AccountChange) (*auth.Account, error)
	Credentials(ctx context.Context, a collections.Actor) ([]*auth.Credential, error)
	CreateToken(ctx context.Context, who *auth.Identity, n auth.NewToken) (string, *auth.Credential, error)
	Revoke(ctx context.Context, a collections.Actor, id string) error
	CreateCode(ctx context.Context, who *auth.Identity, account string) (*auth.Code, error)
}

// Asks is what the pages are made of. All of it is required.
type Asks struct {
	Engine   Engine
	Accounts Accounts
	Random   io.Reader // of passwords
}

// pages is what the handlers share. It holds no state of its own.
type pages struct {
	*ui.Kit
	Asks
}

// Routes lists the pages.
func Routes(kit *ui.Kit, asks Asks) []web.Route {
	p := &pages{kit, asks}
	return []web.Route{
		p.Get("/admin/types/:type/rules", web.Designers, p.rules),
		p.Post("/admin/types/:type/rules", web.Designers, p.saveRules),
		p.Get("/admin/types/:type/rules/try", web.Designers, p.try),

		p.Get("/admin/people", web.Owners, p.people),
		p.Post("/admin/people", web.Owners, p.addPerson),
		p.Get("/admin/people/:id", web.Owners, p.person),
		p.Post("/admin/people/:id/role", web.Owners, p.changeRole),
		p.Post("/admin/people/:id/access", web.Owners, p.changeAccess),
		p.Post("/admin/people/:id/password", web.Owners, p.resetPassword),
		p.Post("/admin/people/:id/enrol", web.Owners, p.enrolPerson),
		p.Get("/admin/tokens", web.SignedIn, p.tokens),
		p.Post("/admin/tokens", web.SignedIn, p.makeToken),
		p.Get("/admin/tokens/:id/revoke", web.SignedIn, p.askRevoke),
		p.Post("/admin/tokens/:id/revoke", web.SignedIn, p.revoke),
		p.Get("/admin/devices", web.SignedIn, p.devices),
		p.Get("/admin/devices/enrol", web.SignedIn, p.enrolForm),
		p.Post("/admin/devices/enrol", web.SignedIn, p.enrol),
		p.Post("/admin/devices/forget", web.SignedIn, p.forgetDevice),
		p.Get("/admin/devices/:id/sign-out", web.SignedIn, p.askSignOut),
		p.Post("/admin/devices/:id/sign-out", web.SignedIn, p.signOutDevice),
	}
}
