package api

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
)

// pageJSON is one page of a list. Cursor comes with the first page of ?updatedAfter=.
type pageJSON struct {
	Documents []*collections.Document `json:"documents"`
	Next      string                  `json:"next,omitempty"`
	Total     *int                    `json:"total,omitempty"`
	Cursor    string                  `json:"cursor,omitempty"`
}

func (a *api) list(c *fiber.Ctx) error {
	actor, err := web.Actor(c)
	if err != nil {
		return err
	}
	q, err := readQuery(c, "where", "sort", "search", "after", "limit", "count", "state", "updatedAfter", "cursor")
	if err != nil {
		return err
	}
	if _, changed := q["cursor"]; changed {
		return a.changed(c, actor, q)
	}
	request, err := listRequest(q)
	if err != nil {
		return err
	}
	// The cursor is taken before the list is read: what comes in between is told twice
	// rather than never.
	cursor := ""
	if _, since := q["updatedAfter"]; since && request.After == "" {
		if cursor, err = a.engine.Here(actor, subscription(c, request.Where)); err != nil {
			return err
		}
	}
	page, err := a.engine.List(c.UserContext(), actor, c.Params("type"), request)
	if err != nil {
		return err
	}
	shown := pageJSON{Documents: page.Documents, Next: page.Next, Cursor: cursor}
	if request.Count {
		shown.Total = &page.Total
	}
	return answer(c, shown)
}

func subscription(c *fiber.Ctx, where *schema.Condition) []collections.Subscription {
	return []collections.Subscription{{Type: c.Params("type"), Where: where}}
}

func listRequest(q query) (r collections.ListRequest, err error) {
	r = collections.ListRequest{Search: q["search"], After: q["after"], Sort: readSort(q["sort"])}
	var errs [6]error
	r.Where, errs[0] = q.condition("where")
	r.Limit, errs[1] = q.number("limit", 1, 1000)
	r.Count, errs[2] = q.flag("count")
	r.State, errs[3] = q.state()
	r.Since, errs[4] = q.millis("updatedAfter")
	if text, there := q["sort"]; there && text == "" {
		errs[5] = collections.Errorf(collections.Invalid, "sort", "sort is empty: give a field's key, with - in front for the other way round, or leave it out.")
	}
	for _, err := range errs {
		if err != nil {
			return r, err
		}
	}
	return r, nil
}

// readSort reads "status,-due,address.city".
func readSort(text string) []collections.Sort {
	var sort []collections.Sort
	if text == "" {
		return nil
	}
	for key := range strings.SplitSeq(text, ",") {
		name, desc := strings.CutPrefix(key, "-")
		sort = append(sort, collections.Sort{Field: strings.Split(name, "."), Desc: desc})
	}
	return sort
}

func (q query) state() (collections.State, error) {
	switch text, there := q["state"]; {
	case !there || text == "live":
		return collections.Live, nil
	case text == "attention":
		return collections.Attention, nil
	case text == "trash":
		return collections.Trash, nil
	case text == "any":
		return collections.Any, nil
	}
	return 0, collections.Errorf(collections.Invalid, "state", "There is no state %q: use live, attention, trash or any.", clip(q["state"]))
}

// condition reads a condition written as JSON; nil when it is not there.
func (q query) condition(name string) (*schema.Condition, error) {
	text, there := q[name]
	if !there {
		return nil, nil
	}
	v, err := crdt.ParseValue([]byte(text), crdt.Limits{})
	if err != nil {
		return nil, notJSON(err, name, `a condition as JSON, such as {"field":"status","is":"done"}`)
	}
	condition, err := schema.ConditionFromValue(v)
	if err != nil {
		return nil, badCondition(err, name)
	}
	return condition, nil
}

func badCondition(err error, at string) error {
	var wrong *schema.ConditionError
	if errors.As(err, &wrong) {
		at += wrong.Path
	}
	return collections.Errorf(collections.Invalid, at, "%v", err)
}
