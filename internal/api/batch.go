package api

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
)

// batchJSON answers many writes: one result for each, in the order they were given.
type batchJSON struct {
	Added    []collections.WriteResult `json:"added"`
	Modified []collections.WriteResult `json:"modified"`
	Removed  []collections.WriteResult `json:"removed"`
}

// batch takes {added: [{id?, value}], modified: [{id, value, from?}], removed: [id]}. One
// that is refused does not stop the others.
func (a *api) batch(c *fiber.Ctx, actor collections.Actor, m *members) error {
	writes, counts, err := readBatch(m)
	if err != nil {
		return err
	}
	results, err := a.engine.WriteAll(c.UserContext(), actor, c.Params("type"), writes)
	if err != nil {
		return err
	}
	added, modified := counts[0], counts[0]+counts[1]
	return web.JSON(c, fiber.StatusOK, batchJSON{results[:added], results[added:modified], results[modified:]})
}

// readBatch reads the writes, and how many of each kind there are.
func readBatch(m *members) (writes []collections.Write, counts [3]int, err error) {
	added, modified, removed := m.list("added"), m.list("modified"), m.list("removed")
	if err := m.end(); err != nil {
		return nil, counts, err
	}
	counts = [3]int{len(added), len(modified), len(removed)}
	if n := len(added) + len(modified) + len(removed); n > collections.MaxChanges {
		return nil, counts, collections.Errorf(collections.TooLarge, "", "The batch holds %d writes: send at most %d at once.", n, collections.MaxChanges)
	}
	for i, v := range added {
		w, err := membersOf(v, fmt.Sprintf("/added/%d", i))
		if err != nil {
			return nil, counts, err
		}
		writes = append(writes, collections.Write{ID: w.optionalText("id"), Value: w.value("value")})
		if err := w.end(); err != nil {
			return nil, counts, err
		}
	}
	for i, v := range modified {
		w, err := membersOf(v, fmt.Sprintf("/modified/%d", i))
		if err != nil {
			return nil, counts, err
		}
		writes = append(writes, collections.Write{ID: w.text("id"), Value: w.value("value"), From: w.optionalValue("from"), Modify: true})
		if err := w.end(); err != nil {
			return nil, counts, err
		}
	}
	for i, v := range removed {
		id, ok := v.(string)
		if !ok {
			return nil, counts, wanted(fmt.Sprintf("/removed/%d", i), "the id of a document, as a text")
		}
		writes = append(writes, collections.Write{ID: id, Remove: true})
	}
	return writes, counts, nil
}
