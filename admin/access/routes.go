package access

import (
	"context"
	"net/netip"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// Accounts is what the pages ask about people; [auth.Service] answers.
type Accounts interface {
	NeedsSetup(ctx context.Context) (bool, error)
	SetUp(ctx context.Context, token, name, password string, from netip.Addr) (*auth.Account, error)
	SignIn(ctx context.Context, name, password string, from netip.Addr) (string, *auth.Identity, error)
	SignOut(ctx context.Context, who *auth.Identity) error
	ChangePassword(ctx context.Context, who *auth.Identity, old, new string, from netip.Addr) (string, error)
}

// pages is what the handlers share. It holds no state of its own.
type pages struct {
	*ui.Kit
	Accounts Accounts
}

// Routes gives the ways to these pages.
func Routes(kit *ui.Kit, accounts Accounts) []web.Route {
	p := &pages{kit, accounts}
	open := func(method, path string, h fiber.Handler) web.Route { return p.Route(method, path, web.Public, h) }
	return []web.Route{
		open("GET", "/setup", p.setupForm),
		open("POST", "/setup", p.setUp),
		open("GET", "/sign-in", p.signInForm),
		open("POST", "/sign-in", p.signIn),
		open("POST", "/sign-out", p.signOut),
		open("POST", "/language", p.chooseLanguage),
		p.Get("/admin/account", web.SignedIn, p.account),
		p.Post("/admin/account/password", web.SignedIn, p.changePassword),
	}
}
