package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/internal/web"
)

// devices lists the copies that sync, heard of last first: everybody's for a designer,
// and for others their own.
func (a *api) devices(c *fiber.Ctx) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	list, err := a.engine.Devices(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return answer(c, map[string]any{"devices": list})
}
