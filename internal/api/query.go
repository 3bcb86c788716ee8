package api

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
)

// query is the request's query parameters: each is known, and there once.
type query map[string]string

// readQuery reads the query, in which only the named parameters may be.
func readQuery(c *fiber.Ctx, known ...string) (query, error) {
	q := query{}
	var err error
	c.Context().QueryArgs().VisitAll(func(key, value []byte) {
		name, text := string(key), string(value)
		if err == nil {
			err = q.add(name, text, known)
		}
	})
	return q, err
}

func (q query) add(name, text string, known []string) error {
	_, twice := q[name]
	switch {
	case !utf8.ValidString(name) || !utf8.ValidString(text):
		return collections.Errorf(collections.Invalid, "", "The query of the address is not valid text: escape it as UTF-8.")
	case len(known) == 0:
		return collections.Errorf(collections.Invalid, clip(name), "There is no parameter %q: this address takes none.", clip(name))
	case !slices.Contains(known, name):
		return collections.Errorf(collections.Invalid, clip(name), "There is no parameter %q: use %s.", clip(name), strings.Join(known, ", "))
	case twice:
		return collections.Errorf(collections.Invalid, name, "The parameter %s is there twice: give it once.", name)
	}
	q[name] = text
	return nil
}

// number gives a whole number from least to most; 0 when it is not there.
func (q query) number(name string, least, most int) (int, error) {
	text, there := q[name]
	if !there {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, collections.Errorf(collections.Invalid, name, "%s must be a whole number from %d to %d, not %q.", name, least, most, clip(text))
	}
	return n, nil
}

// flag gives true or false; false when it is not there.
func (q query) flag(name string) (bool, error) {
	switch text, there := q[name]; {
	case !there || text == "false":
		return false, nil
	case text == "true":
		return true, nil
	}
	return false, collections.Errorf(collections.Invalid, name, "%s must be true or false, not %q.", name, clip(q[name]))
}

// millis gives a time, in ms since 1970 UTC or as RFC 3339; 0 when it is not there.
func (q query) millis(name string) (int64, error) {
	text, there := q[name]
	if !there {
		return 0, nil
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil && ms >= 0 {
		return ms, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil && t.UnixMilli() >= 0 {
		return t.UnixMilli(), nil
	}
	return 0, collections.Errorf(collections.Invalid, name,
		"%s must be milliseconds since 1970 or a time such as 2026-05-04T03:02:01Z (with + written %%2B), not %q.", name, clip(text))
}
