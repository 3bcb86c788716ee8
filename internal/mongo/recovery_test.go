package mongo

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"github.com/fieldstack/fieldstack/collections"
)

var errKilled = errors.New("killed")

// killedAt makes a store die at call n from now on: before the call, or after it, when it
// was made and nobody hears of it. It says whether it came to that.
func killedAt(s *Store, n int, before bool) (died func() bool) {
	calls := 0
	s.fault = func(what string, do func() error) error {
		calls++
		if calls < n || calls == n && before {
			if calls == n {
				return errKilled
			}
			return do()
		}
		if calls == n {
			_ = do()
		}
		return errKilled
	}
	return func() bool { return calls >= n }
}

// carryOn are ways in which somebody else comes upon what a dead store left. Each gives
// how many batches of the stream main there must be then at least.
var carryOn = map[string]func(t *testing.T, s *Store, n uint64){
	"in the same stream": func(t *testing.T, s *Store, n uint64) {
		must(t, s.Commit(t.Context(), sampleBatch("main", n+1)))
		if got := checkSamples(t, s); got != n+1 {
			t.Fatalf("%d batches, want %d", got, n+1)
		}
	},
	"in another stream": func(t *testing.T, s *Store, n uint64) {
		b := sampleBatch("other", 1)
		b.Receipts, b.Replicas = nil, nil
		b.Items = []collections.Item{
			{Kind: "k", Key: "count", Rev: n, Data: []byte(`"taken over"`)}, {Kind: "k", Key: "new 2", Rev: n - 1, Data: []byte(`"mine"`)}}
		must(t, s.Commit(t.Context(), b))
		for key, want := range map[string]string{"count": `"taken over"`, "new 2": `"mine"`} {
			item, err := s.Item(t.Context(), "k", key)
			must(t, err)
			if string(item.Data) != want {
				t.Fatalf("item %q is %s, want %s", key, item.Data, want)
			}
		}
		state, err := s.Replica(t.Context(), device)
		must(t, err)
		if state.N != n {
			t.Fatalf("the replica is at %d, want %d", state.N, n)
		}
	},
	"by writing one item and deleting another": func(t *testing.T, s *Store, n uint64) {
		must(t, s.PutItem(t.Context(), collections.Item{Kind: "k", Key: "count", Rev: n, Data: []byte(`7`)}))
		must(t, s.DeleteItem(t.Context(), "k", "new 2"))
		item, err := s.Item(t.Context(), "k", "count")
		must(t, err)
		if string(item.Data) != "7" || item.Rev != n+1 {
			t.Fatalf("the item is %s, revision %d", item.Data, item.Rev)
		}
		if _, err := s.Item(t.Context(), "k", "new 2"); !errors.Is(err, collections.ErrNotFound) {
			t.Fatalf("a deleted item: %v", err)
		}
	},
}

// A writer that dies at any call of a commit leaves its batch there whole or not at all,
// and whoever comes next carries on, whatever it wants.
func TestCrash_EveryCall(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		for name, goOn := range carryOn {
			t.Run(name, func(t *testing.T) { crashEverywhere(t, uri, goOn) })
		}
	})
}

func crashEverywhere(t *testing.T, uri string, goOn func(t *testing.T, s *Store, n uint64)) {
	for call, over := 1, false; !over; call++ {
		for _, before := range []bool{true, false} {
			named := newDatabase(t, uri)
			a := mustOpen(t, named)
			must(t, a.Commit(t.Context(), sampleBatch("main", 1)))
			died := killedAt(a, call, before)
			err := a.Commit(t.Context(), sampleBatch("main", 2))
			over = !died()
			if over {
				must(t, err)
			}
			b := mustOpen(t, named)
			b.lockWait = 30 * time.Millisecond
			n := checkSamples(t, b)
			if n < 1 || err == nil && n != 2 {
				t.Fatalf("killed at call %d (before it: %v): %d batches, and Commit said %v", call, before, n, err)
			}
			t.Logf("killed at call %d (before it: %v): %d batches, and Commit said %v", call, before, n, err)
			goOn(t, b, n)
			must(t, b.Commit(t.Context(), &collections.Batch{Stream: "main"})) // finishes what is open
			checkUnlocked(t, touchAll(t, b))
			must(t, b.Close())
			checkClosed(t, mustOpen(t, named))
			a.fault = nil
		}
	}
}

// touchAll writes everything that a dead batch may have locked.
func touchAll(t *testing.T, s *Store) *Store {
	t.Helper()
	state, err := s.Replica(t.Context(), device)
	must(t, err)
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "other 2", Replicas: []collections.ReplicaState{*state}}))
	must(t, s.DeleteItem(t.Context(), "k", "count"))
	must(t, s.DeleteItem(t.Context(), "k", "new 2"))
	return s
}

// checkClosed verifies that no batch is marked as half applied.
func checkClosed(t *testing.T, s *Store) {
	t.Helper()
	open, err := s.sure.Collection(logName).CountDocuments(t.Context(), bson.D{{Key: "open", Value: true}})
	must(t, err)
	if open != 0 {
		t.Fatalf("%d batches are half applied", open)
	}
}

// A writer that sleeps at any call of a commit, while another comes by and needs what it
// holds, wakes to find its batch there, or its number taken and nothing of it written.
func TestZombie_EveryCall(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		for call, over := 1, false; !over; call++ {
			over = sleepAt(t, uri, call)
		}
	})
}

func sleepAt(t *testing.T, uri string, call int) (over bool) {
	named := newDatabase(t, uri)
	a, b := mustOpen(t, named), mustOpen(t, named)
	must(t, a.Commit(t.Context(), sampleBatch("main", 1)))
	b.lockWait = 30 * time.Millisecond
	calls, put := 0, error(nil)
	a.fault = func(what string, do func() error) error {
		if calls++; calls == call {
			put = b.PutItem(t.Context(), collections.Item{Kind: "k", Key: "count", Rev: 1, Data: []byte(`"other"`)})
		}
		return do()
	}
	err := a.Commit(t.Context(), sampleBatch("main", 2))
	a.fault = nil
	entries, failed := b.Log(t.Context(), "main", 0, 9)
	must(t, failed)
	item, failed := b.Item(t.Context(), "k", "count")
	must(t, failed)
	written := err == nil
	said := fmt.Sprintf("asleep at call %d: Commit said %v, the other %v, %d entries, the item is %s", call, err, put, len(entries), item.Data)
	switch {
	case written && (len(entries) != 2 || calls >= call && put == nil):
		t.Fatalf("both won, or the batch is not there. %s", said)
	case !written && !errors.Is(err, collections.ErrTaken) && !errors.Is(err, collections.ErrStale):
		t.Fatalf("an error that says nothing. %s", said)
	case !written && (len(entries) != 1 || put != nil || string(item.Data) != `"other"`):
		t.Fatalf("nobody won, or half of the batch is there. %s", said)
	}
	if !written {
		again := sampleBatch("main", 2)
		again.Items[0].Rev = 2
		must(t, a.Commit(t.Context(), again))
	}
	return calls < call
}
