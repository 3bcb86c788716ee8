package collections_test

import (
	"errors"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// holds makes claims of several servers upon one name, each with a clock of its own.
type holds struct {
	*testing.T
	store *storetest.Store
	clock map[string]*time.Time
}

func (h *holds) claim(owner string) *collections.Hold {
	at := time.Unix(int64(len(h.clock))*1e6, 0) // the clocks disagree
	h.clock[owner] = &at
	return collections.NewHold(h.store, "hold", "chore", owner, func() time.Time { return *h.clock[owner] })
}

func (h *holds) pass(d time.Duration) {
	for _, at := range h.clock {
		*at = at.Add(d)
	}
}

func (h *holds) tries(c *collections.Hold, want bool) {
	h.Helper()
	if got, err := c.Try(h.Context()); err != nil || got != want {
		h.Fatalf("it was taken: %v (%v), want %v", got, err, want)
	}
}

// Ensure one server at a time has a hold: who is silent for too long loses it, a moment
// less is not too long, and who comes back learns that it was lost.
func TestHold_OneAtATime(t *testing.T) {
	h := &holds{T: t, store: storetest.Memory(), clock: map[string]*time.Time{}}
	a, b := h.claim("a"), h.claim("b")
	h.tries(a, true)
	h.tries(b, false)
	for range 5 { // a beats
		h.pass(collections.HoldLife - 1)
		if err := a.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
		h.tries(b, false)
	}
	h.pass(collections.HoldLife - 1)
	h.tries(b, false) // a moment below
	h.pass(1)
	h.tries(b, true)
	if err := a.Keep(t.Context()); !errors.Is(err, collections.ErrLost) {
		t.Fatalf("the one before keeps it: %v", err)
	}
	if a.Mine() || !b.Mine() || b.Term() != 2 {
		t.Errorf("a %v, b %v, term %d", a.Mine(), b.Mine(), b.Term())
	}
	h.tries(a, false)
	if err := b.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.tries(a, true)
	if a.Term() != 3 {
		t.Errorf("term %d, want 3", a.Term())
	}
}
