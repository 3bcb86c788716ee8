package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// apiPath is before every address that pages of other origins may be let in at.
const apiPath = "/api/"

// Headers of the exchange by which a browser asks whether a page of one origin may talk
// to another, and may read what it says. Cookies are never part of it: such a page
// proves who asks by a token in the header Authorization.
const (
	crossMethods = "GET, POST, PUT, PATCH, DELETE"
	crossHeaders = "Authorization, Content-Type, If-None-Match, Last-Event-ID"
	crossExposed = "ETag, Retry-After, X-Request-Id"
	crossMaxAge  = "7200" // s; no browser remembers it for longer
)

// CheckOrigin checks what may stand in Config.AllowOrigins: https://app.example, or "*"
// for any.
func CheckOrigin(text string) error {
	if text == "*" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || text != u.Scheme+"://"+u.Host || text != strings.ToLower(text) || strings.Contains(text, "*") {
		return fmt.Errorf("%q is no origin: write it like https://app.example or http://localhost:5173, with nothing behind, or * for any", text)
	}
	return nil
}

// Elsewhere reports whether a page of another origin asks that may.
func Elsewhere(c *fiber.Ctx) bool { return state(c).server.elsewhere(c) != "" }

// elsewhere gives that origin; "": there is none, or it may not.
func (s *Server) elsewhere(c *fiber.Ctx) string {
	origin := c.Get(fiber.HeaderOrigin)
	if origin == "" || len(s.config.AllowOrigins) == 0 || !strings.HasPrefix(c.Path(), apiPath) {
		return ""
	}
	if u, err := url.Parse(origin); err == nil && u.Host == string(c.Request().Host()) {
		return ""
	}
	if !s.allowsAny() && !slices.Contains(s.config.AllowOrigins, origin) {
		return ""
	}
	return origin
}

func (s *Server) allowsAny() bool { return slices.Contains(s.config.AllowOrigins, "*") }

// letIn says in the answer who else than our own pages may read it.
func (s *Server) letIn(c *fiber.Ctx) {
	if len(s.config.AllowOrigins) == 0 || !strings.HasPrefix(c.Path(), apiPath) {
		return
	}
	if !s.allowsAny() {
		c.Vary(fiber.HeaderOrigin)
	}
	origin := s.elsewhere(c)
	if origin == "" {
		return
	}
	if s.allowsAny() {
		origin = "*"
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
	c.Set(fiber.HeaderAccessControlExposeHeaders, crossExposed)
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// preflight answers a browser that asks before it sends what the page wants.
func (s *Server) preflight(c *fiber.Ctx) (answered bool) {
	if c.Method() != fiber.MethodOptions || c.Get(fiber.HeaderAccessControlRequestMethod) == "" || s.elsewhere(c) == "" {
		return false
	}
	c.Set(fiber.HeaderAccessControlAllowMethods, crossMethods)
	c.Set(fiber.HeaderAccessControlAllowHeaders, crossHeaders)
	c.Set(fiber.HeaderAccessControlMaxAge, crossMaxAge)
	c.Status(fiber.StatusNoContent)
	return true
}
