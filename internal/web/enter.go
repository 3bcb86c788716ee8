package web

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// request is what the server knows of one request while it runs.
type request struct {
	server *Server
	id     string
	begun  time.Time
	route  *Route // nil until one is found
	body   *body  // nil where there is none

	asked  bool // who and whoErr hold the answer
	who    *auth.Identity
	whoErr error
}

type stateKey struct{}

func state(c *fiber.Ctx) *request {
	r, _ := c.Locals(stateKey{}).(*request)
	return r
}

// RequestID names the request in the log and in the header X-Request-Id.
func RequestID(c *fiber.Ctx) string { return state(c).id }

// enter is around every request: its id, its headers, its deadline, what may not come
// in at all, and what became of it.
func (s *Server) enter(c *fiber.Ctx) error {
	r := &request{server: s, id: s.requestID(c), begun: s.config.Now(), body: s.receive(c)}
	c.Locals(stateKey{}, r)
	ctx, cancel := context.WithTimeout(WithRequest(s.base, r.id), s.config.HandlerTime)
	defer cancel()
	c.SetUserContext(ctx)
	s.setHeaders(c, r.id)
	if err := s.run(c); err != nil {
		s.fail(c, err)
	}
	r.body.drain(c)
	if s.drain.isLeaving() {
		c.Context().SetConnectionClose()
	}
	s.logAccess(c, r)
	return nil
}

// run handles a request and makes a panic an error.
func (s *Server) run(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := s.checkPath(c); err != nil {
		return err
	}
	if err := checkEncoding(c); err != nil {
		return err
	}
	if s.preflight(c) {
		return nil
	}
	return c.Next()
}

// logAccess counts an answer, and writes one line about it.
func (s *Server) logAccess(c *fiber.Ctx, r *request) {
	took := s.config.Now().Sub(r.begun)
	s.config.Answered(class(r.route), c.Response().StatusCode(), took)
	size := 0
	if !c.Response().IsBodyStream() {
		size = len(c.Response().Body())
	}
	s.log(c, slog.LevelInfo, "request", c.Response().StatusCode(), slog.Int("bytes", size))
}

// log writes a line about a request: the route rather than the path, so that ids and
// secrets stay out of the log, and who asked by the id of the account.
func (s *Server) log(c *fiber.Ctx, level slog.Level, message string, status int, more ...slog.Attr) {
	if !s.config.Log.Enabled(c.UserContext(), level) {
		return
	}
	r := state(c)
	route, user := "none", ""
	if r.route != nil {
		route = r.route.Path
	}
	if r.who != nil {
		user = r.who.Actor.User
	}
	s.config.Log.LogAttrs(WithRequest(c.UserContext(), r.id), level, message, append([]slog.Attr{
		slog.String("method", c.Method()), slog.String("route", route), slog.Int("status", status),
		slog.String("user", user), slog.String("from", Address(c).String()), slog.Duration("took", s.config.Now().Sub(r.begun)),
	}, more...)...)
}

// Who is who asks; Unauthorized when nobody proved to. On a public route it is how a
// handler tells a guest from a member.
func Who(c *fiber.Ctx) (*auth.Identity, error) {
	r := state(c)
	if !r.asked {
		r.asked = true
		r.who, r.whoErr = r.server.authenticate(c)
	}
	return r.who, r.whoErr
}

// Actor is Who's actor.
func Actor(c *fiber.Ctx) (collections.Actor, error) {
	who, err := Who(c)
	if err != nil {
		return collections.Actor{}, err
	}
	return who.Actor, nil
}
