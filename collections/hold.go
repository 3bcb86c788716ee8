package collections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrLost says that somebody else has what was held.
var ErrLost = errors.New("collections: somebody else holds it now")

// HoldLife is how long a holder may be silent before others take what it holds. A holder
// beats several times in it.
const HoldLife = 10 * time.Second

// Items is the part of a Store that keeps small things.
type Items interface {
	Item(ctx context.Context, kind, key string) (*Item, error)
	PutItem(ctx context.Context, item Item) error
}

// Hold is a claim of one server upon a name that only one may have at a time: a stream of
// the log, or a chore that only one does. It is an item, written by compare-and-set.
//
// No clocks are compared. Its holder counts up a beat; who would like to have it watches
// the beat, and takes it when that has not moved for [HoldLife] on the watcher's own
// clock. A holder that was only slow finds out when it beats again (ErrLost); until then
// it believes what is not true any more. So a hold alone protects nothing: what is done
// under it must be harmless when done twice, or be fenced by [Hold.Term].
//
// It is not safe for concurrent use.
type Hold struct {
	items     Items
	kind, key string
	owner     string // of this server, unique
	now       func() time.Time

	seen  holding
	rev   uint64    // of the item as it was seen, 0: there is none
	since time.Time // when its beat was first seen
}

// holding is what the item says.
type holding struct {
	Owner string `json:"owner"` // "": nobody
	Term  uint64 `json:"term"`  // counts its holders
	Beat  uint64 `json:"beat"`
	Level uint64 `json:"level,omitempty"` // of a stream: entries up to here have all their effect
}

// NewHold makes a claim of an owner, which is a name that no other server has at any
// time. It holds nothing yet. now tells the time, which must not jump.
func NewHold(items Items, kind, key, owner string, now func() time.Time) *Hold {
	return &Hold{items: items, kind: kind, key: key, owner: owner, now: now}
}

// look reads the item and notes when its beat moved.
func (h *Hold) look(ctx context.Context) error {
	item, err := h.items.Item(ctx, h.kind, h.key)
	if errors.Is(err, ErrNotFound) {
		h.seen, h.rev = holding{}, 0
		return nil
	}
	if err != nil {
		return fmt.Errorf("collections: reading who holds %s %s: %w", h.kind, h.key, err)
	}
	return h.note(item)
}

// note takes down what an item says.
func (h *Hold) note(item *Item) error {
	var is holding
	if err := json.Unmarshal(item.Data, &is); err != nil {
		return fmt.Errorf("collections: reading who holds %s %s: %w", h.kind, h.key, err)
	}
	if item.Rev != h.rev || h.since.IsZero() {
		h.since = h.now()
	}
	h.seen, h.rev = is, item.Rev
	return nil
}

// free reports whether nobody holds it, as far as was seen when it was last looked at.
func (h *Hold) free() bool { return h.rev == 0 || h.seen.Owner == "" }

// dead reports whether its holder was silent for so long that it may be taken.
func (h *Hold) dead() bool { return !h.free() && h.now().Sub(h.since) >= HoldLife }

// Mine reports whether this claim held it when it was last looked at or kept.
func (h *Hold) Mine() bool { return h.rev > 0 && h.seen.Owner == h.owner }

// Term counts the holders so far, with this one.
func (h *Hold) Term() uint64 { return h.seen.Term }

// Try takes it if it is free, or its holder is dead, and reports whether it is this
// claim's now. Called now and then it watches the holder there is.
func (h *Hold) Try(ctx context.Context) (bool, error) {
	if err := h.look(ctx); err != nil {
		return false, err
	}
	if h.Mine() {
		return true, nil
	}
	if !h.free() && !h.dead() {
		return false, nil
	}
	return h.take(ctx)
}

// take makes it this claim's, unless somebody else was faster.
func (h *Hold) take(ctx context.Context) (bool, error) {
	next := h.seen
	next.Owner, next.Term, next.Beat = h.owner, next.Term+1, next.Beat+1
	err := h.put(ctx, next)
	if errors.Is(err, ErrLost) {
		return false, nil
	}
	return err == nil, err
}

// Keep beats. ErrLost: somebody else has it. Another error says nothing: try again.
func (h *Hold) Keep(ctx context.Context) error {
	next := h.seen
	next.Beat++
	return h.put(ctx, next)
}

// Release lets go of it, so that the next need not wait.
func (h *Hold) Release(ctx context.Context) error {
	next := h.seen
	next.Owner, next.Beat = "", next.Beat+1
	return h.put(ctx, next)
}

// put writes what it is to say, if it still says what was seen.
func (h *Hold) put(ctx context.Context, next holding) error {
	data, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("collections: who holds %s %s: %w", h.kind, h.key, err)
	}
	err = h.items.PutItem(ctx, Item{Kind: h.kind, Key: h.key, Rev: h.rev, Data: data})
	if err == nil {
		h.seen, h.rev, h.since = next, h.rev+1, h.now()
		return nil
	}
	if !errors.Is(err, ErrStale) {
		return fmt.Errorf("collections: writing who holds %s %s: %w", h.kind, h.key, err)
	}
	// Perhaps it is this very write, of which the answer was lost.
	if lookErr := h.look(ctx); lookErr != nil {
		return lookErr
	}
	if h.seen == next {
		return nil
	}
	return ErrLost
}
