package ui

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// SignInPath is where to sign in, and how to come back here.
func SignInPath(c *fiber.Ctx) string {
	if c.Method() != fiber.MethodGet {
		return "/sign-in"
	}
	next := SafeNext(c.OriginalURL())
	if next == "/admin" {
		return "/sign-in"
	}
	return "/sign-in?next=" + url.QueryEscape(next)
}

// SafeNext gives the address if it is one of our pages, else the first of them: a
// sign-in sends nobody to another site.
func SafeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(next, "\\\r\n\t") ||
		u.Path != "/admin" && !strings.HasPrefix(u.Path, "/admin/") {
		return "/admin"
	}
	return next
}
