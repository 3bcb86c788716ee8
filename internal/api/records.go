package api

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

func (a *api) get(c *fiber.Ctx) error {
	if _, err := readQuery(c); err != nil {
		return err
	}
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	document, err := a.engine.Get(c.UserContext(), actor, c.Params("type"), c.Params("id"))
	if err != nil {
		return err
	}
	return answer(c, document)
}

// create takes {id?, value}, or many writes at once.
func (a *api) create(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	if m.has("added") || m.has("modified") || m.has("removed") {
		return a.batch(c, actor, m)
	}
	id, value := m.optionalText("id"), m.value("value")
	if err := m.end(); err != nil {
		return err
	}
	document, err := a.engine.Create(c.UserContext(), actor, c.Params("type"), id, value)
	if err != nil {
		return inValue(err)
	}
	if document == nil { // it is out of its author's sight
		return nothing(c)
	}
	c.Set(fiber.HeaderLocation, "/api/"+document.Type+"/"+document.ID)
	return web.JSON(c, fiber.StatusCreated, document)
}

// patch takes {value, from?}: in value only what differs need be, and null removes; from
// is those fields as the program had them, for one that keeps plain values.
func (a *api) patch(c *fiber.Ctx) error {
	actor, m, err := writing(c)
	if err != nil {
		return err
	}
	value, from := m.value("value"), m.optionalValue("from")
	if err := m.end(); err != nil {
		return err
	}
	var document *collections.Document
	if from == nil {
		document, err = a.engine.Patch(c.UserContext(), actor, c.Params("type"), c.Params("id"), value)
	} else {
		document, err = a.engine.PatchFrom(c.UserContext(), actor, c.Params("type"), c.Params("id"), value, from)
	}
	return wrote(c, document, err)
}

// replace takes {value}, which the document then equals.
func (a *api) replace(c *fiber.Ctx) error {
	actor, m, err := writing(c)
	if err != nil {
		return err
	}
	value := m.value("value")
	if err := m.end(); err != nil {
		return err
	}
	document, err := a.engine.Replace(c.UserContext(), actor, c.Params("type"), c.Params("id"), value)
	return wrote(c, document, err)
}

// writing reads who writes to a document, and what.
func writing(c *fiber.Ctx) (collections.Actor, *members, error) {
	actor, err := web.Actor(c)
	if err != nil {
		return actor, nil, err
	}
	if err := noPrecondition(c); err != nil {
		return actor, nil, err
	}
	m, err := readBody(c)
	return actor, m, err
}

// wrote answers what became of the body's value.
func wrote(c *fiber.Ctx, document *collections.Document, err error) error {
	if err != nil {
		return inValue(err)
	}
	return giveDocument(c, document)
}

// giveDocument answers a write; the document may now be out of its author's sight.
func giveDocument(c *fiber.Ctx, document *collections.Document) error {
	if document == nil {
		return nothing(c)
	}
	return web.JSON(c, fiber.StatusOK, document)
}

func (a *api) remove(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	if err := noPrecondition(c); err != nil {
		return err
	}
	if err := a.engine.Delete(c.UserContext(), actor, c.Params("type"), c.Params("id")); err != nil {
		return err
	}
	return nothing(c)
}

func (a *api) restore(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	if err := readEmpty(c); err != nil {
		return err
	}
	document, err := a.engine.Restore(c.UserContext(), actor, c.Params("type"), c.Params("id"))
	if err != nil {
		return err
	}
	return giveDocument(c, document)
}

// inValue makes a place in a document's value a place in the body that held it.
func inValue(err error) error {
	var known *collections.Error
	if errors.As(err, &known) && known.Code == collections.Invalid && len(known.Field) > 0 && known.Field[0] == '/' {
		moved := *known
		moved.Field = "/value" + known.Field
		return &moved
	}
	return err
}
