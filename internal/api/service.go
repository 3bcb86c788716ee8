package api

import (
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/internal/web"
)

// backup streams a copy of the store. A copy that fails ends the connection.
func (a *api) backup(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	name := "fieldstack-" + a.options.Now().UTC().Format("20060102-150405") + ".db"
	return web.Download(c, name, "application/octet-stream", func(ctx context.Context, w io.Writer) error {
		return a.engine.Backup(ctx, actor, w, nil)
	})
}
