package api

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

func (a *api) tokens(c *fiber.Ctx) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	list, err := a.accounts.Tokens(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, map[string]any{"tokens": list})
}

// createToken takes {label, scopes?, expires?}; the answer is the only one that ever
// holds the token.
func (a *api) createToken(c *fiber.Ctx) error {
	who, err := web.Who(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	n := auth.NewToken{Label: m.text("label"), Expires: m.number("expires", crdt.MaxMillis), Scopes: texts(m, "scopes")}
	if err := m.end(); err != nil {
		return err
	}
	text, token, err := a.accounts.CreateToken(c.UserContext(), who, n)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusCreated, struct {
		Token string `json:"token"`
		*auth.Credential
	}{text, token})
}

// texts gives a member as a list of texts.
func texts(m *members, name string) []string {
	var list []string
	for i, v := range m.list(name) {
		s, ok := v.(string)
		if !ok {
			m.fail(wanted(fmt.Sprintf("%s/%s/%d", m.at, name, i), `a text: "…"`))
		}
		list = append(list, s)
	}
	return list
}

func (a *api) revokeToken(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	if err := a.accounts.Revoke(c.UserContext(), actor, c.Params("id")); err != nil {
		return err
	}
	return nothing(c)
}

// createCode takes {account?}: whose device it will be; one's own when left out.
func (a *api) createCode(c *fiber.Ctx) error {
	who, err := web.Who(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	account := m.optionalText("account")
	if err := m.end(); err != nil {
		return err
	}
	code, err := a.accounts.CreateCode(c.UserContext(), who, account)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusCreated, code)
}
