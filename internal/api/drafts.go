package api

import (
	"context"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/web"
)

func (a *api) drafts(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	list, err := a.engine.Drafts(c.UserContext(), actor)
	if err != nil {
		return err
	}
	if list == nil {
		list = []*collections.Draft{}
	}
	return web.JSON(c, fiber.StatusOK, map[string]any{"drafts": list})
}

func (a *api) draft(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	draft, err := a.engine.Draft(c.UserContext(), actor, c.Params("type"))
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, draft)
}

// saveDraft takes {rev, schema}. The schema need not be a type yet.
func (a *api) saveDraft(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	rev, text := m.number("rev", crdt.MaxSeq), m.must("schema", "the JSON Schema")
	if err := m.end(); err != nil {
		return err
	}
	draft, err := a.engine.SaveDraft(c.UserContext(), actor, collections.Draft{
		Name: c.Params("type"), Rev: uint64(rev), Schema: rawMember(c, "schema", text),
	})
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, draft)
}

// rawMember gives a member of the body as it was written: the order of a schema's
// properties is the order of the form. The body has been read strictly as v already.
func rawMember(c *fiber.Ctx, name string, v any) json.RawMessage {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(c.Request().Body(), &raw); err != nil {
		return crdt.AppendValue(nil, v)
	}
	return raw[name]
}

func (a *api) discardDraft(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	if err := a.engine.DiscardDraft(c.UserContext(), actor, c.Params("type")); err != nil {
		return err
	}
	return nothing(c)
}

func (a *api) preview(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	comparison, err := a.engine.Preview(c.UserContext(), actor, c.Params("type"))
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, comparison)
}

// publish publishes the draft. Looking through the documents may take longer than a
// request should; it goes on whether or not somebody waits for it.
func (a *api) publish(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	if err := readEmpty(c); err != nil {
		return err
	}
	t, comparison, err := a.engine.Publish(context.WithoutCancel(c.UserContext()), actor, c.Params("type"), nil)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusCreated, struct {
		typeJSON
		Comparison any `json:"comparison,omitempty"`
	}{typeOf(t), comparison})
}
