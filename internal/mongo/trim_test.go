package mongo

import (
	"errors"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// A trim that dies at any call has taken entries from sight or has not, and loses no
// receipt of a refused change; the next one takes what it left.
func TestTrim_EveryCall(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		for call, over := 1, false; !over; call++ {
			for _, before := range []bool{true, false} {
				over = trimAndDie(t, uri, call, before)
			}
		}
	})
}

func trimAndDie(t *testing.T, uri string, call int, before bool) (over bool) {
	const all, trimmed = 3, 2
	named := newDatabase(t, uri)
	a := mustOpen(t, named)
	for n := uint64(1); n <= all; n++ {
		must(t, a.Commit(t.Context(), sampleBatch("main", n)))
	}
	died := killedAt(a, call, before)
	err := a.Trim(t.Context(), collections.Position{"main": trimmed})
	a.fault = nil
	if over = !died(); over {
		must(t, err)
	}
	b := mustOpen(t, named)
	for round := range 2 {
		floors, err := b.Floor(t.Context())
		must(t, err)
		floor := floors["main"]
		if floor != trimmed && (floor != 0 || round > 0 || over) {
			t.Fatalf("killed at call %d (before it: %v): the floor is %d", call, before, floor)
		}
		entries, err := b.Log(t.Context(), "main", floor, 100)
		must(t, err)
		if uint64(len(entries)) != all-floor {
			t.Fatalf("killed at call %d (before it: %v): %d entries after %d", call, before, len(entries), floor)
		}
		if _, err := b.Log(t.Context(), "main", 0, 100); floor > 0 && !errors.Is(err, collections.ErrTrimmed) {
			t.Fatalf("the log from its beginning: error %v, want ErrTrimmed", err)
		}
		for n := uint64(1); n <= all; n++ { // of refused changes
			if _, err := b.Receipt(t.Context(), device, n); err != nil {
				t.Fatalf("killed at call %d (before it: %v): receipt %d: %v", call, before, n, err)
			}
		}
		must(t, b.Trim(t.Context(), collections.Position{"main": trimmed}))
	}
	old, err := b.oldBatches(t.Context(), "main", trimmed, all)
	must(t, err)
	if len(old) != 0 {
		t.Fatalf("killed at call %d (before it: %v): %d batches stay", call, before, len(old))
	}
	must(t, b.Commit(t.Context(), sampleBatch("main", all+1)))
	return over
}
