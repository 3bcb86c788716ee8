package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
)

// viewJSON is a saved view as its reader may see it.
type viewJSON struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	By      string            `json:"by"`
	Shared  bool              `json:"shared"`
	Partly  bool              `json:"partly,omitempty"` // what is about fields that the reader does not have is left out
	Where   *schema.Condition `json:"where,omitempty"`
	Sort    []views.Sort      `json:"sort,omitempty"`
	Search  string            `json:"search,omitempty"`
	State   string            `json:"state,omitempty"`
	Columns [][]string        `json:"columns,omitempty"`
}

// views lists the saved views of a type: the reader's own, and those that are shared.
func (a *api) views(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	q, err := readQuery(c, "type")
	if err != nil {
		return err
	}
	t, err := a.engine.Type(c.UserContext(), actor, q["type"], 0)
	if err != nil {
		return err
	}
	shown := []viewJSON{}
	if a.options.Views == nil {
		return answer(c, map[string]any{"views": shown})
	}
	list, err := a.options.Views.List(c.UserContext(), actor, t.Name)
	if err != nil {
		return err
	}
	for _, v := range list {
		shown = append(shown, viewOf(v, t))
	}
	return answer(c, map[string]any{"views": shown})
}

// viewOf leaves out of a view what its reader, who sees the type as t, does not have.
func viewOf(v *views.View, t *collections.Type) viewJSON {
	look, partly := v.Look.For(t.Schema)
	shown := viewJSON{
		ID: v.ID, Name: v.Name, By: v.By, Shared: v.Shared, Partly: partly,
		Where: look.Where, Sort: look.Sort, Search: look.Search, State: look.State,
	}
	for _, c := range look.Columns {
		shown.Columns = append(shown.Columns, c.Path)
	}
	return shown
}
