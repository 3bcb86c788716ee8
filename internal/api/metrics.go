package api

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"github.com/fieldstack/fieldstack/collections"
)

// metrics serves what was counted.
func (a *api) metrics(c *fiber.Ctx) error {
	if a.options.Metrics == nil {
		return collections.Errorf(collections.NotFound, "", "This server counts nothing.")
	}
	return adaptor.HTTPHandler(a.options.Metrics)(c)
}
