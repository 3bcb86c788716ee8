package api

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// answer gives v with an entity tag, or 304 when the client has that very answer. The
// tag is the digest of what this person would get, so it is right whatever a rule
// hides, and it says nothing.
func answer(c *fiber.Ctx, v any) error {
	if err := web.JSON(c, fiber.StatusOK, v); err != nil {
		return err
	}
	sum := sha256.Sum256(c.Response().Body())
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	for had := range strings.SplitSeq(c.Get(fiber.HeaderIfNoneMatch), ",") {
		if had = strings.TrimSpace(had); had == "*" || strings.TrimPrefix(had, "W/") == tag {
			c.Response().ResetBody()
			c.Status(fiber.StatusNotModified)
		}
	}
	return nil
}

// nothing answers that it is done and there is nothing to show.
func nothing(c *fiber.Ctx) error {
	c.Status(fiber.StatusNoContent)
	return nil
}

// noPrecondition refuses what would otherwise be ignored in silence.
func noPrecondition(c *fiber.Ctx) error {
	for _, name := range []string{fiber.HeaderIfMatch, fiber.HeaderIfUnmodifiedSince} {
		if c.Get(name) != "" {
			return collections.Errorf(collections.Invalid, name,
				"%s is not taken: edits merge field by field, so send only what you changed, without it.", name)
		}
	}
	return nil
}
