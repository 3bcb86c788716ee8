package api

import (
	"encoding/json"
	"math"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
)

// typeJSON is one version of a type: its schema, and its plan as a list of fields,
// each with its strategy and why.
type typeJSON struct {
	*collections.Type
	Title  string          `json:"title"`
	Schema json.RawMessage `json:"schema"`
	Fields []schema.Field  `json:"fields"`
}

func typeOf(t *collections.Type) typeJSON {
	return typeJSON{t, t.Schema.Title(), t.Schema.JSON(), t.Schema.Fields()}
}

func typesOf(list []*collections.Type) map[string]any {
	types := make([]typeJSON, len(list))
	for i, t := range list {
		types[i] = typeOf(t)
	}
	return map[string]any{"types": types}
}

func (a *api) types(c *fiber.Ctx) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	list, err := a.engine.Types(c.UserContext(), actor)
	if err != nil {
		return err
	}
	return answer(c, typesOf(list))
}

func (a *api) oneType(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	q, err := readQuery(c, "version")
	if err != nil {
		return err
	}
	version, err := q.number("version", 1, math.MaxInt32)
	if err != nil {
		return err
	}
	t, err := a.engine.Type(c.UserContext(), actor, c.Params("type"), version)
	if err != nil {
		return err
	}
	return answer(c, typeOf(t))
}

func (a *api) versions(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	list, err := a.engine.Versions(c.UserContext(), actor, c.Params("type"))
	if err != nil {
		return err
	}
	return answer(c, typesOf(list))
}
