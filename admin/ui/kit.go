package ui

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Kit is what every page is made with. All of it is required but Name and Language.
type Kit struct {
	Server  *web.Server
	Static  *templates.Static
	Now     func() time.Time
	Version string // of the program, shown at the foot
	// Attention says how much needs the attention of somebody, "" for nothing; nil: nobody counts.
	Attention func(ctx context.Context, a collections.Actor) string
	Name      func() string // what the owner calls this server; nil or "" for the program's own name

	// Language is what pages are read in by who has chosen none; nil or "" for what their
	// browser asks for.
	Language func() string
}

// Visit is a request of somebody who is known.
type Visit struct {
	*fiber.Ctx
	Who *auth.Identity
}

// Actor is who asks, as the engine knows them.
func (v *Visit) Actor() collections.Actor { return v.Who.Actor }

// Route is a way in for anybody.
func (k *Kit) Route(method, path string, access web.Access, h fiber.Handler) web.Route {
	return web.Route{Method: method, Path: path, Access: access, Handler: k.inLanguage(h), Fail: k.Fail}
}

// Get is a page for somebody who is known. It changes nothing.
func (k *Kit) Get(path string, access web.Access, h func(*Visit) error) web.Route {
	return k.Route(fiber.MethodGet, path, access, known(h))
}

// Post is a form that somebody who is known sends.
func (k *Kit) Post(path string, access web.Access, h func(*Visit) error) web.Route {
	return k.Route(fiber.MethodPost, path, access, known(h))
}

// known gives a handler who asks.
func known(h func(*Visit) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		who, err := web.Who(c)
		if err != nil {
			return err
		}
		return h(&Visit{c, who})
	}
}

// LanguageCookie holds the language that somebody chose; without it the browser's own
// is taken.
const LanguageCookie = "fieldstack_language"

// inLanguage puts the reader's language into the request's context.
func (k *Kit) inLanguage(h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		k.speak(c)
		return h(c)
	}
}

func (k *Kit) speak(c *fiber.Ctx) {
	chosen := c.Cookies(LanguageCookie)
	if chosen == "" && k.Language != nil {
		chosen = k.Language()
	}
	l := words.Choose(chosen, c.Get(fiber.HeaderAcceptLanguage))
	c.SetUserContext(words.With(c.UserContext(), l))
	c.Vary(fiber.HeaderAcceptLanguage, fiber.HeaderCookie)
}
