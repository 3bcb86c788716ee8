package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// checkPath refuses a path that two readers could understand in two ways: escapes,
// empty or dot segments, backslashes. None of our names needs any of them, so that
// what is authorized, what is logged and what a proxy saw is one and the same. An empty
// segment at the end is fine where a route has it: routing is strict.
func (s *Server) checkPath(c *fiber.Ctx) error {
	path, _, _ := bytes.Cut(c.Request().Header.RequestURI(), []byte("?"))
	bad := collections.Errorf(collections.Invalid, "", "The path of the address is not in its plain form: use letters, digits and - . _ ~ between single slashes.")
	if len(path) == 0 || path[0] != '/' {
		return bad
	}
	for _, b := range path {
		if !pathByte(b) {
			return bad
		}
	}
	if s.folders[string(path)] {
		return nil
	}
	for segment := range bytes.SplitSeq(path[1:], []byte("/")) {
		if len(path) > 1 && len(segment) == 0 || string(segment) == "." || string(segment) == ".." {
			return bad
		}
	}
	return nil
}

func pathByte(b byte) bool {
	switch {
	case b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b >= '0' && b <= '9':
		return true
	}
	return bytes.IndexByte([]byte("/-._~"), b) >= 0
}
