package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

func (a *api) listAccounts(c *fiber.Ctx) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	list, err := a.accounts.Accounts(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, map[string]any{"accounts": list})
}

func (a *api) account(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	account, err := a.accounts.Account(c.UserContext(), actor, c.Params("id"))
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, account)
}

// createAccount takes {name, password, role}.
func (a *api) createAccount(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	n := auth.NewAccount{Name: m.text("name"), Password: m.text("password"), Role: collections.Role(m.text("role"))}
	if err := m.end(); err != nil {
		return err
	}
	account, err := a.accounts.Create(c.UserContext(), actor, n)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusCreated, account)
}

// updateAccount takes any of {role, password, disabled}.
func (a *api) updateAccount(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	change := accountChange(m)
	if err := m.end(); err != nil {
		return err
	}
	account, err := a.accounts.Update(c.UserContext(), actor, c.Params("id"), change)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, account)
}

func accountChange(m *members) (change auth.AccountChange) {
	given := map[string]bool{"role": m.has("role"), "password": m.has("password"), "disabled": m.has("disabled")}
	role, password, disabled := collections.Role(m.optionalText("role")), m.optionalText("password"), m.flag("disabled")
	if given["role"] {
		change.Role = &role
	}
	if given["password"] {
		change.Password = &password
	}
	if given["disabled"] {
		change.Disabled = &disabled
	}
	return change
}

func (a *api) audit(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	q, err := readQuery(c, "after", "limit")
	if err != nil {
		return err
	}
	limit, err := q.number("limit", 1, 1000)
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = 100
	}
	entries, err := a.accounts.Audit(c.UserContext(), actor, q["after"], limit)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, map[string]any{"entries": entries})
}
