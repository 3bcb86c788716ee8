package admin

import (
	"context"

	"github.com/fieldstack/fieldstack/admin/access"
	"github.com/fieldstack/fieldstack/admin/records"
	"github.com/fieldstack/fieldstack/admin/transfer"
	"github.com/fieldstack/fieldstack/admin/types"
	"github.com/fieldstack/fieldstack/admin/versions"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/schema"
)

// Types is what the pages ask about types; [collections.Engine] answers.
type Types interface {
	types.Asks
	versions.Asks
	Grant(a collections.Actor, typ string) (*collections.Grant, error)
	Types(ctx context.Context, a collections.Actor) ([]*collections.Type, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
	Versions(ctx context.Context, a collections.Actor, name string) ([]*collections.Type, error)
	Drafts(ctx context.Context, a collections.Actor) ([]*collections.Draft, error)
	Draft(ctx context.Context, a collections.Actor, name string) (*collections.Draft, error)
	SaveDraft(ctx context.Context, a collections.Actor, d collections.Draft) (*collections.Draft, error)
	DiscardDraft(ctx context.Context, a collections.Actor, name string) error
	Preview(ctx context.Context, a collections.Actor, name string) (*schema.Comparison, error)
	Publish(ctx context.Context, a collections.Actor, name string, progress func(done, total int)) (*collections.Type, *schema.Comparison, error)
}

// Accounts is what the pages ask about people; [auth.Service] answers.
type Accounts interface {
	access.Accounts
	records.Trail
	transfer.Trail
	Accounts(ctx context.Context, a collections.Actor) ([]*auth.Account, error)
	Account(ctx context.Context, a collections.Actor, id string) (*auth.Account, error)
	Create(ctx context.Context, a collections.Actor, n auth.NewAccount) (*auth.Account, error)
	Update(ctx context.Context, a collections.Actor, id string, change auth.AccountChange) (*auth.Account, error)
}

// Tokens is what the pages ask about tokens and devices; [auth.Service] answers.
type Tokens interface {
	Tokens(ctx context.Context, a collections.Actor) ([]*auth.Credential, error)
	CreateToken(ctx context.Context, who *auth.Identity, n auth.NewToken) (string, *auth.Credential, error)
	Revoke(ctx context.Context, a collections.Actor, id string) error
	CreateCode(ctx context.Context, who *auth.Identity, account string) (*auth.Code, error)
}
