package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

func (a *api) rules(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	rules, err := a.engine.Rules(c.UserContext(), actor, c.Params("type"))
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, rules)
}

// setRules takes {roles: {editor: {see, create, edit, delete, hidden, readOnly}, …}}.
func (a *api) setRules(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	text, err := web.Body(c, fiber.MIMEApplicationJSON)
	if err != nil {
		return err
	}
	rules, err := collections.ParseRules(text)
	if err != nil {
		return err
	}
	if err := a.engine.SetRules(c.UserContext(), actor, c.Params("type"), rules); err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, rules)
}
