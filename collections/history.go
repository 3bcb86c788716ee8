package collections

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Event is one line of a document's history, as its reader may see it.
type Event struct {
	Place   string       `json:"place"` // opaque; for After
	At      int64        `json:"at"`    // ms since 1970 UTC, when the server accepted it
	By      string       `json:"by"`
	Device  crdt.Replica `json:"device"`
	N       uint64       `json:"n"`
	Stamp   crdt.Time    `json:"stamp"` // when it was done, by the device's clock
	Version int          `json:"version"`
	Fields  []FieldEvent `json:"fields"` // never empty
}

// FieldEvent is what one change did to one top-level field: the value it wrote, and
// whether that value shows now or met a newer one.
type FieldEvent struct {
	Field  string          `json:"field"` // "" for the document itself: created, deleted, restored
	Label  string          `json:"label"`
	Did    string          `json:"did"`              // created, deleted, restored, set, removed, added, raised, lowered, text, rows, included, excluded; changed: several of these
	Text   schema.Sentence `json:"text"`             // "Status: in_progress"
	Before any             `json:"before,omitempty"` // the field before the change, in log order
	After  any             `json:"after,omitempty"`
	Lost   bool            `json:"lost,omitempty"`   // what it wrote did not become the field's value: a newer one was there
	Losses []Loss          `json:"losses,omitempty"` // the values that were lost so, whole
}

// Loss is a value that a change wrote and that does not show, because a newer one was
// there. Writing it to Path again brings it back.
type Loss struct {
	Path  []string `json:"path"`  // as in crdt.Op.Path
	Wrote any      `json:"wrote"` // null where it wrote that the field be absent
}

// The bounds of one page of history.
const (
	defaultEvents = 100
	maxEvents     = 1000
)

// History reads a document's history, oldest first; field "" for all fields. limit 0
// means 100; it is at most 1,000. Next is "" at the end. HistoryBegins says whether it
// is all there. It reads what the log has of the document up to the page, because only
// the changes before tell what one has changed.
func (e *Engine) History(ctx context.Context, a Actor, typ, id, field, after string, limit int) (events []*Event, next string, err error) {
	g, err := e.grant(a, typ)
	if err != nil {
		return nil, "", err
	}
	if _, err := e.get(ctx, g, typ, id); err != nil {
		return nil, "", err
	}
	if limit < 0 || limit > maxEvents {
		return nil, "", Errorf(Invalid, "limit", "A page of history has 1 to %d events, not %d.", maxEvents, limit)
	}
	if limit == 0 {
		limit = defaultEvents
	}
	place, err := decodePlace(after)
	if err != nil {
		return nil, "", err
	}
	for {
		h := &historian{e: e, grant: g, field: field, limit: limit, after: place, events: []*Event{}}
		folded, err := h.tell(ctx, Key{typ, id})
		if !folded {
			return h.events, h.next, err
		}
	}
}

// Timeline is History from its end: the newest events first, of those before a place ("":
// all), at most limit, 0 for 100. next is the place to go on before, "" at the beginning.
func (e *Engine) Timeline(ctx context.Context, a Actor, typ, id, field, before string, limit int) (events []*Event, next string, err error) {
	g, err := e.grant(a, typ)
	if err != nil {
		return nil, "", err
	}
	if _, err := e.get(ctx, g, typ, id); err != nil {
		return nil, "", err
	}
	if limit < 0 || limit > maxEvents {
		return nil, "", Errorf(Invalid, "limit", "A page of history has 1 to %d events, not %d.", maxEvents, limit)
	}
	place, err := decodePlace(before)
	if err != nil {
		return nil, "", err
	}
	for {
		h := &historian{e: e, grant: g, field: field, limit: cmp.Or(limit, defaultEvents), newest: true, before: place, events: []*Event{}}
		folded, err := h.tell(ctx, Key{typ, id})
		if folded {
			continue
		}
		if h.more {
			next = h.events[0].Place
		}
		slices.Reverse(h.events)
		return h.events, next, err
	}
}

// tell tells a page. Its start may be folded away meanwhile: then nothing that was told
// is to be trusted.
func (h *historian) tell(ctx context.Context, key Key) (folded bool, err error) {
	from, err := h.e.base(ctx, key)
	if err != nil {
		return false, err
	}
	if h.doc, err = from.document(); err != nil {
		return false, fmt.Errorf("collections: what the history of %s/%s builds on is damaged: %w", key.Type, key.ID, err)
	}
	if h.from = from; from.has(h.after) {
		h.after = Place{} // a page that ended there: all that is left comes after it
	}
	told := h.read(ctx, key.Type, key.ID)
	now, err := h.e.base(ctx, key)
	if err != nil {
		return false, err
	}
	return now.rev != from.rev, told
}

// HistoryBegins says since when a document's history is told, in ms since 1970 UTC: what
// was before was folded away. 0: it is told from the document's creation on.
func (e *Engine) HistoryBegins(ctx context.Context, a Actor, typ, id string) (int64, error) {
	d, err := e.Get(ctx, a, typ, id)
	if err != nil {
		return 0, err
	}
	b, err := e.base(ctx, Key{typ, id})
	if err != nil || b.rev > 0 {
		return b.at(), err
	}
	oldest, err := e.store.History(ctx, typ, id, Place{}, 1)
	if err != nil {
		return 0, fmt.Errorf("collections: read the history of %s/%s: %w", typ, id, err)
	}
	if len(oldest) == 0 {
		return d.Updated, nil
	}
	return 0, nil
}

// historian reads a document's log from its start and tells a page of it.
type historian struct {
	e      *Engine
	grant  *Grant
	field  string
	from   *base // what doc holds from the start
	after  Place // tell what comes after it; zero: all
	limit  int
	newest bool           // the last so many instead of the first
	before Place          // where newest ends; zero: at the end
	more   bool           // there are events before those of newest
	doc    *crdt.Document // as the changes read so far have made it
	events []*Event
	next   string
}

// read goes through the log until the page is full.
func (h *historian) read(ctx context.Context, typ, id string) error {
	for at := (Place{}); ; {
		entries, err := h.e.store.History(ctx, typ, id, at, logPage)
		if err != nil {
			return fmt.Errorf("collections: read the history of %s/%s: %w", typ, id, err)
		}
		for i := range entries {
			full, err := h.take(&entries[i])
			if err != nil || full {
				return err
			}
		}
		if len(entries) < logPage {
			break
		}
		at = entries[len(entries)-1].Place
	}
	if h.after.N > 0 && !h.e.floor.Load().has(h.after) {
		return noPlace()
	}
	return nil
}

// take tells one entry, or only applies it; full says that it would be one too many.
func (h *historian) take(entry *Entry) (full bool, err error) {
	if h.from.has(entry.Place) {
		return false, nil
	}
	if entry.Stream == h.before.Stream && entry.N >= h.before.N {
		return true, nil
	}
	untold := h.after != Place{}
	if entry.Place == h.after {
		h.after = Place{}
	}
	if untold {
		return false, h.apply(entry)
	}
	t := &teller{change: entry.Change, before: h.doc.Value(), wasDeleted: h.doc.Deleted(), doc: h.doc}
	if err := h.apply(entry); err != nil {
		return false, err
	}
	if t.schemas, err = h.schemas(entry.Change); err != nil {
		return false, err
	}
	t.after = h.doc.Value()
	fields := t.tell(func(key string) bool {
		return !h.grant.Hidden[key] && (h.field == "" || h.field == key)
	})
	if len(fields) == 0 {
		return false, nil
	}
	if len(h.events) == h.limit {
		if !h.newest {
			h.next = h.events[h.limit-1].Place
			return true, nil
		}
		h.events, h.more = append(h.events[:0], h.events[1:]...), true
	}
	c := entry.Change
	h.events = append(h.events, &Event{
		Place: encodePlace(entry.Place), At: entry.At, By: entry.By,
		Device: c.Replica, N: c.N, Stamp: c.Stamp, Version: c.Version, Fields: fields,
	})
	return false, nil
}

func (h *historian) apply(entry *Entry) error {
	if _, err := h.doc.Apply(entry.Change); err != nil {
		return fmt.Errorf("collections: replay entry %s %d: %w", entry.Stream, entry.N, err)
	}
	return nil
}

// schemas gives what fields are called, as the reader may know it: today, and when the
// change was made, for those that are no more.
func (h *historian) schemas(c *crdt.Change) ([]*schema.Schema, error) {
	var known []*schema.Schema
	for _, t := range []*Type{h.e.reg.latest(c.Type), h.e.reg.version(c.Type, c.Version)} {
		if t == nil {
			continue
		}
		seen, err := h.e.reg.view(t, h.grant.Hidden)
		if err != nil {
			return nil, err
		}
		known = append(known, seen.Schema)
	}
	return known, nil
}

// encodePlace makes a place opaque.
func encodePlace(p Place) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatUint(p.N, 10) + " " + p.Stream))
}

// decodePlace reads what encodePlace wrote; "" is the start.
func decodePlace(text string) (Place, error) {
	if text == "" {
		return Place{}, nil
	}
	plain, err := base64.RawURLEncoding.Strict().DecodeString(text)
	number, stream, ok := strings.Cut(string(plain), " ")
	n, err2 := strconv.ParseUint(number, 10, 64)
	if err != nil || err2 != nil || !ok || n == 0 {
		return Place{}, noPlace()
	}
	return Place{Stream: stream, N: n}, nil
}

func noPlace() *Error {
	return Errorf(Invalid, "after", "That is no place in this history: start from its beginning.")
}
