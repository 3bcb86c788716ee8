package api

import (
	"fmt"
	"math"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
)

// sync takes {replica, cursor, since?, subscribe?, changes, limit?, device?} and answers each
// change, and with what the log has after the cursor.
func (a *api) sync(c *fiber.Ctx) error {
	who, err := web.Who(c)
	if err != nil {
		return err
	}
	m, err := readBody(c)
	if err != nil {
		return err
	}
	request, err := syncRequest(m)
	if err != nil {
		return err
	}
	done, err := a.syncs.take(c.UserContext())
	if err != nil {
		return err
	}
	defer done()
	request.Credential, request.Label, request.Enrolled = who.Credential, who.Label, who.Kind == auth.Device
	response, err := a.engine.Sync(c.UserContext(), who.Actor, request)
	if err != nil {
		return err
	}
	return web.JSON(c, fiber.StatusOK, response)
}

func syncRequest(m *members) (*collections.SyncRequest, error) {
	r := &collections.SyncRequest{Cursor: m.optionalText("cursor"), Since: m.optionalText("since"), Limit: int(m.number("limit", collections.MaxPull))}
	if err := r.Replica.UnmarshalText([]byte(m.text("replica"))); err != nil {
		m.fail(wanted("/replica", "16 digits 0-9a-f, not all zero"))
	}
	changes, subscribe := m.list("changes"), m.list("subscribe")
	subscribed, device := m.has("subscribe"), m.optionalValue("device")
	if err := m.end(); err != nil {
		return nil, err
	}
	if len(changes) > collections.MaxChanges {
		return nil, collections.Errorf(collections.TooLarge, "/changes", "The push holds %d changes: send at most %d at once.", len(changes), collections.MaxChanges)
	}
	if err := readChanges(r, changes); err != nil {
		return nil, err
	}
	var err error
	if r.Device, err = deviceReport(device); err != nil || !subscribed {
		return r, err
	}
	r.Subscribe, err = subscriptions(subscribe, "/subscribe")
	return r, err
}

// deviceReport reads {label?, app?, unsent?, oldest?, refused?, types?}: what a device says
// about itself. What it holds is bounded by the engine; here only its form is checked.
func deviceReport(object map[string]any) (*collections.DeviceReport, error) {
	if object == nil {
		return nil, nil
	}
	m := &members{at: "/device", object: object}
	r := &collections.DeviceReport{
		Label: m.optionalText("label"), App: m.optionalText("app"),
		Unsent: int(m.number("unsent", math.MaxInt32)), Refused: int(m.number("refused", math.MaxInt32)),
		Oldest: m.number("oldest", crdt.MaxMillis), Types: map[string]int{},
	}
	versions := m.optionalValue("types")
	if err := m.end(); err != nil {
		return nil, err
	}
	v := &members{at: "/device/types", object: versions}
	for name := range versions {
		r.Types[name] = int(v.number(name, math.MaxInt32))
	}
	return r, v.end()
}

// readChanges reads each change by itself: one that cannot be read is answered under
// its number like any that is refused, and the others go on.
func readChanges(r *collections.SyncRequest, changes []any) error {
	r.Changes = make([]*crdt.Change, len(changes))
	r.Errors = make([]*collections.Error, len(changes))
	for i, v := range changes {
		change, err := crdt.ChangeFromValue(v, crdt.Limits{})
		if err == nil {
			r.Changes[i] = change
			continue
		}
		n, ok := numberOf(v)
		if !ok {
			return collections.Errorf(collections.Invalid, fmt.Sprintf("/changes/%d/n", i),
				"The change has no number that can be read: number a device's changes 1, 2, 3.")
		}
		r.Changes[i] = &crdt.Change{Replica: r.Replica, N: n}
		r.Errors[i] = unreadable(err)
	}
	return nil
}

// numberOf gives the number of a change that cannot be read as a whole.
func numberOf(v any) (uint64, bool) {
	object, _ := v.(map[string]any)
	n, ok := object["n"].(float64)
	whole := uint64(n)
	return whole, ok && n >= 1 && n <= crdt.MaxSeq && float64(whole) == n
}

func unreadable(err error) *collections.Error {
	at := ""
	message := err.Error()
	if where, ok := err.(*crdt.ValueError); ok {
		at, message = where.Path, where.Message
	}
	return collections.Errorf(collections.Invalid, at, "%s", message)
}

// subscriptions reads [{type, where?}, …]. The list is never nil: an empty one means
// nothing, where none at all means everything.
func subscriptions(list []any, at string) ([]collections.Subscription, error) {
	subscribe := []collections.Subscription{}
	for i, v := range list {
		m, err := membersOf(v, fmt.Sprintf("%s/%d", at, i))
		if err != nil {
			return nil, err
		}
		subscribe = append(subscribe, collections.Subscription{Type: m.text("type"), Where: m.condition("where")})
		if err := m.end(); err != nil {
			return nil, err
		}
	}
	return subscribe, nil
}
