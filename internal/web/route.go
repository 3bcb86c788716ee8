package web

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/fieldstack/fieldstack/collections"
)

// Access says who may call a route. The engine decides, beyond that, what each may
// see and do there.
type Access string

// The rules. A role's rule lets in whoever has that role or more, with a session or a
// token that is not narrowed by scopes.
const (
	Public    Access = "public"
	SignedIn  Access = "signed in"
	Editors   Access = Access(collections.Editor)
	Designers Access = Access(collections.Designer)
	Owners    Access = Access(collections.Owner)
)

// Route is one way in.
type Route struct {
	Method  string // GET also answers HEAD
	Path    string // in Fiber's form: /api/:type/:id
	Access  Access
	Handler fiber.Handler
	// Upload is how many bytes a body may have that the handler reads as it arrives, by
	// the function of that name; 0: it is held in memory, and Config.BodyLimit holds.
	Upload int64
	// Always says that the route answers also while the server stops: those by which
	// others find out that it does.
	Always bool
	// Fail shows an error of this route where it is not a JSON answer: admin pages.
	Fail func(c *fiber.Ctx, status int, e *collections.Error) error
}

// Register adds routes. An error means a mistake in the program: a route without a
// rule, or one that is there already.
func (s *Server) Register(routes ...Route) error {
	for _, r := range routes {
		if err := r.check(); err != nil {
			return err
		}
		if slices.ContainsFunc(s.routes, func(o Route) bool { return o.Method == r.Method && o.Path == r.Path }) {
			return fmt.Errorf("web: route %s %s is registered twice", r.Method, r.Path)
		}
		s.routes = append(s.routes, r)
		if strings.HasSuffix(r.Path, "/") {
			s.folders[r.Path] = true
		}
		s.app.Add(r.Method, r.Path, s.guarded(&r))
		if r.Method == fiber.MethodGet {
			s.app.Add(fiber.MethodHead, r.Path, s.guarded(&r))
		}
	}
	return nil
}

// Routes lists what was registered, in order. The caller owns the list.
func (s *Server) Routes() []Route { return slices.Clone(s.routes) }

func (r *Route) check() error {
	methods := []string{fiber.MethodGet, fiber.MethodPost, fiber.MethodPut, fiber.MethodPatch, fiber.MethodDelete}
	switch {
	case !slices.Contains(methods, r.Method):
		return fmt.Errorf("web: route %s %s: unknown method", r.Method, r.Path)
	case !strings.HasPrefix(r.Path, "/"):
		return fmt.Errorf("web: route %s %s: the path must begin with /", r.Method, r.Path)
	case r.Handler == nil:
		return fmt.Errorf("web: route %s %s has no handler", r.Method, r.Path)
	}
	switch r.Access {
	case Public, SignedIn, Editors, Designers, Owners:
		return nil
	}
	return fmt.Errorf("web: route %s %s has no rule who may call it", r.Method, r.Path)
}

// guarded lets in who may call the route, and squeezes what leaves it.
func (s *Server) guarded(r *Route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		state(c).route = r
		if !r.Always {
			if !s.drain.admit() {
				return errStopping
			}
			defer s.drain.done()
		}
		if err := s.checkOrigin(c); err != nil {
			return err
		}
		if err := allow(c, r.Access); err != nil {
			return err
		}
		end, err := s.takeIn(c, r)
		if err != nil {
			return err
		}
		defer end()
		if err := r.Handler(c); err != nil {
			return err
		}
		compress(c)
		return nil
	}
}

// takeIn reads the body of a request that may come in, or gives the route the time and
// the room to do so itself.
func (s *Server) takeIn(c *fiber.Ctx, r *Route) (end func(), err error) {
	b := state(c).body
	if r.Upload == 0 {
		return func() {}, b.hold(c)
	}
	if b != nil {
		b.limit, b.each = r.Upload, s.config.ReadTime
	}
	ctx, cancel := context.WithTimeout(s.base, s.config.UploadTime)
	c.SetUserContext(ctx)
	return cancel, nil
}

// allow checks the rule of a route.
func allow(c *fiber.Ctx, access Access) error {
	if access == Public {
		return nil
	}
	who, err := Who(c)
	if err != nil {
		return err
	}
	if access == SignedIn {
		return nil
	}
	if role := collections.Role(access); !who.Actor.Role.Includes(role) {
		return collections.Errorf(collections.Forbidden, "", "This takes the role %s, and yours is %s: ask an owner.", role, who.Actor.Role)
	}
	if who.Actor.Scopes != nil {
		return collections.Errorf(collections.Forbidden, "", "This takes a token without scopes: make one, or sign in.")
	}
	return nil
}

// compressFrom is the size under which squeezing costs more than it saves.
const compressFrom = 2048

func compress(c *fiber.Ctx) {
	response := c.Response()
	if response.IsBodyStream() || len(response.Body()) < compressFrom {
		return
	}
	fasthttp.CompressHandlerLevel(func(*fasthttp.RequestCtx) {}, fasthttp.CompressBestSpeed)(c.Context())
}
