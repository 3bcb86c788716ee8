package api

import (
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
)

// changedJSON is what happened to a list since a cursor, for clients that want plain
// REST: documents as they are now, and the ids of those that are gone from the list
// (deleted, or out of sight, or no longer fitting the condition).
type changedJSON struct {
	Documents []*collections.Document `json:"documents"`
	Removed   []string                `json:"removed"`
	Cursor    string                  `json:"cursor"`
	More      bool                    `json:"more"`
}

// changed answers ?cursor=. It costs what changed, because it reads the log.
func (a *api) changed(c *fiber.Ctx, actor collections.Actor, q query) error {
	where, limit, err := changedRequest(q)
	if err != nil {
		return err
	}
	typ := c.Params("type")
	if _, err := a.engine.Grant(actor, typ); err != nil {
		return err
	}
	pull, err := a.engine.Pull(c.UserContext(), actor, q["cursor"], subscription(c, where), limit)
	if err != nil {
		return err
	}
	if pull.Reset {
		return collections.Errorf(collections.Resync, "cursor",
			"The cursor is of another list, or what you may see has changed: start anew with updatedAfter=0.")
	}
	shown := changedJSON{Documents: []*collections.Document{}, Removed: []string{}, Cursor: pull.Cursor, More: pull.More}
	for _, id := range touched(pull) {
		document, err := a.engine.Get(c.UserContext(), actor, typ, id)
		var known *collections.Error
		switch gone := errors.As(err, &known) && known.Code == collections.NotFound; {
		case gone, err == nil && document.Deleted, slices.Contains(pull.Forget, collections.Key{Type: typ, ID: id}):
			shown.Removed = append(shown.Removed, id)
		case err != nil:
			return err
		default:
			shown.Documents = append(shown.Documents, document)
		}
	}
	return web.JSON(c, fiber.StatusOK, shown)
}

// changedRequest reads what may go with a cursor.
func changedRequest(q query) (where *schema.Condition, limit int, err error) {
	for name := range q {
		if !slices.Contains([]string{"cursor", "where", "limit"}, name) {
			return nil, 0, collections.Errorf(collections.Invalid, name, "%s does not go with cursor: use where and limit, as when you got it.", name)
		}
	}
	if q["cursor"] == "" {
		return nil, 0, collections.Errorf(collections.Invalid, "cursor", "cursor is empty: start with updatedAfter=0, whose answer has one.")
	}
	if where, err = q.condition("where"); err != nil {
		return nil, 0, err
	}
	limit, err = q.number("limit", 1, 1000)
	return where, limit, err
}

// touched lists the documents a pull tells of, each once.
func touched(pull *collections.SyncResponse) []string {
	var ids []string
	for _, d := range pull.Documents {
		ids = append(ids, d.ID)
	}
	for _, change := range pull.Changes {
		ids = append(ids, change.Change.Doc)
	}
	for _, key := range pull.Forget {
		ids = append(ids, key.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
