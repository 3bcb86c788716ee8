package web

import "github.com/gofiber/fiber/v2"

// policy forbids all that our pages do not need: no script or style but our own
// files, no frame around us, no form to elsewhere.
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// setHeaders puts on every answer what keeps a browser from making more of it than
// it is. A handler may loosen Cache-Control.
func (s *Server) setHeaders(c *fiber.Ctx, id string) {
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderXRequestID, id)
	s.letIn(c)
	if Secure(c) {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}
