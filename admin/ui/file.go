package ui

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// File serves one of the embedded files. An address that names the file's version is
// good for ever; any other is asked for again, and answered by 304 while it holds.
func (k *Kit) File(c *fiber.Ctx) error {
	f, ok := k.Static.File(c.Params("file"))
	if !ok {
		return collections.Errorf(collections.NotFound, "", "There is no such file.")
	}
	tag := `"` + f.Version + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "public, no-cache")
	if c.Query("v") == f.Version {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	if c.Get(fiber.HeaderIfNoneMatch) == tag {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	c.Set(fiber.HeaderContentType, f.MediaType)
	c.Response().SetBodyRaw(f.Body)
	return nil
}
