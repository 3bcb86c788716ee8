package api

import (
	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// historyJSON is one page of a document's history, oldest first.
type historyJSON struct {
	Events []*collections.Event `json:"events"`
	Next   string               `json:"next,omitempty"`
	Begins int64                `json:"begins,omitempty"` // ms since 1970 UTC: history before this was folded away
}

func (a *api) history(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	q, err := readQuery(c, "field", "after", "limit")
	if err != nil {
		return err
	}
	limit, err := q.number("limit", 1, 1000)
	if err != nil {
		return err
	}
	if limit == 0 {
		limit = 100
	}
	events, next, err := a.engine.History(c.UserContext(), actor, c.Params("type"), c.Params("id"), q["field"], q["after"], limit)
	if err != nil {
		return err
	}
	if events == nil {
		events = []*collections.Event{}
	}
	begins, err := a.engine.HistoryBegins(c.UserContext(), actor, c.Params("type"), c.Params("id"))
	if err != nil {
		return err
	}
	return answer(c, historyJSON{events, next, begins})
}
