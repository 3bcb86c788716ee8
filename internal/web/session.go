package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// The names of the session cookie. A browser takes __Host- only over TLS, only from
// this very host and only for the whole of it, so that no neighbour can plant one.
const (
	cookieTLS   = "__Host-fieldstack"
	cookiePlain = "fieldstack" // without TLS: a laptop, a ship's own network
)

// authenticate finds who asks: by the header Authorization where there is one, else
// by the session cookie.
func (s *Server) authenticate(c *fiber.Ctx) (*auth.Identity, error) {
	if header := c.Get(fiber.HeaderAuthorization); header != "" {
		text, ok := strings.CutPrefix(header, "Bearer ")
		if !ok {
			return nil, collections.Errorf(collections.Unauthorized, "Authorization",
				"The header Authorization is not of the form «Bearer token»: send it so.")
		}
		return s.config.Sessions.Authenticate(c.UserContext(), text)
	}
	return s.config.Sessions.Authenticate(c.UserContext(), c.Cookies(sessionCookie(c)))
}

func sessionCookie(c *fiber.Ctx) string {
	if Secure(c) {
		return cookieTLS
	}
	return cookiePlain
}

// SetSession gives the browser a session.
func SetSession(c *fiber.Ctx, text string) {
	c.Cookie(&fiber.Cookie{
		Name: sessionCookie(c), Value: text, Path: "/", MaxAge: int(auth.SessionAbsolute / time.Second),
		Secure: Secure(c), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// ClearSession takes it away again.
func ClearSession(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{
		Name: sessionCookie(c), Value: "", Path: "/", Expires: time.Unix(1, 0),
		Secure: Secure(c), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// checkOrigin refuses what another site makes a browser send: its cookie would come
// along unasked. A request that proves itself by Authorization is nobody's accident, and
// a page that may talk to us without cookies has none to come along.
func (s *Server) checkOrigin(c *fiber.Ctx) error {
	if c.Get(fiber.HeaderAuthorization) != "" {
		return nil
	}
	asked := &http.Request{Method: c.Method(), Host: string(c.Request().Host()), URL: &url.URL{Path: "/"}, Header: http.Header{}}
	for _, name := range []string{"Sec-Fetch-Site", fiber.HeaderOrigin} {
		if value := c.Get(name); value != "" {
			asked.Header.Set(name, value)
		}
	}
	if s.origin.Check(asked) != nil && (s.elsewhere(c) == "" || c.Cookies(sessionCookie(c)) != "") {
		return collections.Errorf(collections.Forbidden, "", "The request comes from another site: open this one and try again there.")
	}
	return nil
}
