package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// identityJSON is who somebody is, as clients are told.
type identityJSON struct {
	User   string    `json:"user"`
	Name   string    `json:"name"`
	Role   string    `json:"role"`
	Scopes []string  `json:"scopes,omitempty"`
	Kind   auth.Kind `json:"kind"`
}

func identityOf(who *auth.Identity) identityJSON {
	return identityJSON{who.Actor.User, who.Actor.Name, string(who.Actor.Role), who.Actor.Scopes, who.Kind}
}

// sessionJSON answers a sign-in. Token is absent where it went into a cookie.
type sessionJSON struct {
	Token string `json:"token,omitempty"`
	identityJSON
}

// signIn takes {identity, password, cookie?} or {code, label?}.
func (a *api) signIn(c *fiber.Ctx) error {
	m, err := readBody(c)
	if err != nil {
		return err
	}
	if m.has("code") {
		return a.enrol(c, m)
	}
	name, password, cookie := m.text("identity"), m.text("password"), m.flag("cookie")
	if err := m.end(); err != nil {
		return err
	}
	if cookie && web.Elsewhere(c) {
		return collections.Errorf(collections.Forbidden, "cookie", "A cookie is only for pages of this server: leave it out, and keep the token of the answer.")
	}
	text, who, err := a.accounts.SignIn(c.UserContext(), name, password, web.Address(c))
	if err != nil {
		return err
	}
	return giveSession(c, text, who, cookie)
}

func (a *api) enrol(c *fiber.Ctx, m *members) error {
	code, label := m.text("code"), m.optionalText("label")
	if err := m.end(); err != nil {
		return err
	}
	if label == "" {
		label = "device"
	}
	text, who, err := a.accounts.Enrol(c.UserContext(), code, label, web.Address(c))
	if err != nil {
		return err
	}
	return giveSession(c, text, who, false)
}

// giveSession hands a credential over: to a browser as a cookie that no script can
// read, to anything else in the answer.
func giveSession(c *fiber.Ctx, text string, who *auth.Identity, cookie bool) error {
	if cookie {
		web.SetSession(c, text)
		text = ""
	}
	return web.JSON(c, fiber.StatusOK, sessionJSON{text, identityOf(who)})
}

func (a *api) whoAmI(c *fiber.Ctx) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	who, err := web.Who(c)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, identityOf(who))
}

func (a *api) signOut(c *fiber.Ctx) error {
	who, err := web.Who(c)
	if err != nil {
		return err
	}
	if err := a.accounts.SignOut(c.UserContext(), who); err != nil {
		return err
	}
	web.ClearSession(c)
	return nothing(c)
}

// changePassword takes {old, new} and answers as a sign-in does, because the session
// it was asked with has ended with all others.
func (a *api) changePassword(c *fiber.Ctx) error {
	who, err := web.Who(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	old, new := m.text("old"), m.text("new")
	if err := m.end(); err != nil {
		return err
	}
	text, err := a.accounts.ChangePassword(c.UserContext(), who, old, new, web.Address(c))
	if err != nil {
		return err
	}
	return giveSession(c, text, who, c.Get(fiber.HeaderAuthorization) == "")
}

func (a *api) setupNeeded(c *fiber.Ctx) error {
	needed, err := a.accounts.NeedsSetup(c.UserContext())
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, map[string]bool{"needed": needed})
}

// setUp takes {token, name, password}.
func (a *api) setUp(c *fiber.Ctx) error {
	m, err := readBody(c)
	if err != nil {
		return err
	}
	token, name, password := m.text("token"), m.text("name"), m.text("password")
	if err := m.end(); err != nil {
		return err
	}
	account, err := a.accounts.SetUp(c.UserContext(), token, name, password, web.Address(c))
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusCreated, account)
}
