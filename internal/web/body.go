package web

import (
	"mime"

	"github.com/gofiber/fiber/v2"
)

// checkEncoding refuses squeezed requests: a megabyte can unfold to a gigabyte.
func checkEncoding(c *fiber.Ctx) error {
	if encoding := c.Get(fiber.HeaderContentEncoding); encoding != "" && encoding != "identity" {
		return Errorf(fiber.StatusUnsupportedMediaType, "unsupported_encoding", "Content-Encoding",
			"Requests are read as they are: send the body without Content-Encoding.")
	}
	return nil
}

// Body gives the request's body as it came, if it says it is of the media type. The
// bytes are good until the handler returns.
func Body(c *fiber.Ctx, mediaType string) ([]byte, error) {
	got, _, err := mime.ParseMediaType(c.Get(fiber.HeaderContentType))
	if err != nil || got != mediaType {
		return nil, Errorf(fiber.StatusUnsupportedMediaType, "unsupported_media_type", "Content-Type",
			"The body must be %s: send it with that Content-Type.", mediaType)
	}
	return c.Request().Body(), nil // never c.Body, which inflates without bound
}
