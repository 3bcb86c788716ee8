package mongo

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"github.com/fieldstack/fieldstack/collections"
)

// What all of the store stands on: of those who write a document on a condition that the
// write itself undoes, one does. FerretDB alone does not pass this (114 of 100 were seen):
// the front of the nested module makes it so.
func TestOneStep(t *testing.T) {
	const goal, people = 60, 4
	testServers(t, func(t *testing.T, uri string) {
		s := mustOpen(t, newDatabase(t, uri))
		c := s.here.Collection("counts")
		_, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x"}, {Key: "r", Value: 0}})
		must(t, err)
		var updates, inserts atomic.Int64
		var waiting sync.WaitGroup
		for range people {
			waiting.Go(func() {
				for n := range goal {
					result, err := c.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "x"}, {Key: "r", Value: n}},
						bson.D{{Key: "$set", Value: bson.D{{Key: "r", Value: n + 1}}}})
					if err != nil {
						t.Error(err)
						return
					}
					updates.Add(result.MatchedCount)
					if _, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: fmt.Sprint(n)}}); err == nil {
						inserts.Add(1)
					}
				}
			})
		}
		waiting.Wait()
		if updates.Load() != goal || inserts.Load() != goal {
			t.Errorf("%d updates and %d inserts succeeded, want %d of each", updates.Load(), inserts.Load(), goal)
		}
	})
}

// Of two stores that race for a stream, for a replica, or for an item, one wins each time.
func TestRace(t *testing.T) {
	const goal = 20
	testServers(t, func(t *testing.T, uri string) {
		for what, batch := range map[string]func(writer int, n uint64) *collections.Batch{
			"stream": func(_ int, n uint64) *collections.Batch {
				b := sampleBatch("main", n)
				b.Items, b.Replicas, b.Records = nil, nil, nil
				return b
			},
			"replica": func(writer int, n uint64) *collections.Batch {
				return &collections.Batch{Stream: fmt.Sprint("s", writer), Replicas: sampleBatch("main", n).Replicas}
			},
			"item": func(writer int, n uint64) *collections.Batch {
				return &collections.Batch{Stream: fmt.Sprint("s", writer), Items: sampleBatch("main", n).Items[:1]}
			},
			"all": func(_ int, n uint64) *collections.Batch {
				b := sampleBatch("main", n)
				b.Records = nil
				return b
			},
		} {
			t.Run(what, func(t *testing.T) { race(t, uri, goal, batch) })
		}
	})
}

// race has two writers write the numbers up to goal, and counts who wrote which.
func race(t *testing.T, uri string, goal uint64, batch func(writer int, n uint64) *collections.Batch) {
	named := newDatabase(t, uri)
	var waiting sync.WaitGroup
	wins := make([]map[uint64]bool, 2)
	for writer := range wins {
		wins[writer] = map[uint64]bool{}
		s := mustOpen(t, named)
		waiting.Go(func() {
			for n := uint64(1); n <= goal; {
				switch err := s.Commit(t.Context(), batch(writer, n)); {
				case err == nil:
					wins[writer][n] = true
					n++
				case errors.Is(err, collections.ErrTaken), errors.Is(err, collections.ErrStale):
					if at := reached(t, s, n); at >= n {
						n = at + 1
					}
				default:
					t.Errorf("writer %d, number %d: %v", writer, n, err)
					return
				}
			}
		})
	}
	waiting.Wait()
	for n := uint64(1); n <= goal; n++ {
		if wins[0][n] == wins[1][n] {
			t.Errorf("number %d: the first writer wrote it: %v, the second: %v", n, wins[0][n], wins[1][n])
		}
	}
	checkUnlocked(t, mustOpen(t, named))
}

// reached is how far the numbers of any kind have come.
func reached(t *testing.T, s *Store, n uint64) (at uint64) {
	heads, err := s.Head(t.Context())
	if err != nil {
		t.Error(err)
	}
	at = heads["main"]
	if state, err := s.Replica(t.Context(), device); err == nil {
		at = max(at, state.Rev)
	}
	if item, err := s.Item(t.Context(), "k", "count"); err == nil {
		at = max(at, item.Rev)
	}
	return at
}

// A stream whose term was raised takes nothing of who held it before, whatever that one
// believes to know of it.
func TestFence(t *testing.T) {
	testServers(t, func(t *testing.T, uri string) {
		named := newDatabase(t, uri)
		zombie, heir := mustOpen(t, named), mustOpen(t, named)
		held := sampleBatch("main", 1)
		held.Term = 3
		must(t, zombie.Commit(t.Context(), held))
		must(t, heir.Commit(t.Context(), &collections.Batch{Stream: "main", Term: 4}))
		for range 2 { // by what it believes, and by what it then sees
			late := sampleBatch("main", 2)
			late.Term = 3
			if err := zombie.Commit(t.Context(), late); !errors.Is(err, collections.ErrTaken) {
				t.Fatalf("a batch of an older term: error %v, want ErrTaken", err)
			}
		}
		if n := checkSamples(t, heir); n != 1 {
			t.Fatalf("%d batches, want 1", n)
		}
		next := sampleBatch("main", 2)
		next.Term = 4
		must(t, heir.Commit(t.Context(), next))
		checkUnlocked(t, heir)
	})
}
