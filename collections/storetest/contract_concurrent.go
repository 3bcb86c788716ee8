package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

func testConcurrent(t *testing.T, h Harness) {
	t.Run("of those who race for a number one wins, and readers see no gap", func(t *testing.T) { testRace(t, h) })
	t.Run("items count up without losing any", func(t *testing.T) { testCountUp(t, h) })
}

// testRace has writers race for the same numbers of one stream, each with its own
// revision of one document, while readers watch.
func testRace(t *testing.T, h Harness) {
	s := h.open(t)
	goal := uint64(h.rounds(200))
	ctx, stop := context.WithCancel(t.Context())
	var writers, readers sync.WaitGroup
	wins := make([]uint64, 4)
	for w := range wins {
		writers.Go(func() {
			for n := uint64(1); n <= goal; n++ {
				b := counted(n)
				if h.Lagging {
					b.Records = nil // whoever is next may come before them
				}
				switch err := s.Commit(t.Context(), b); {
				case err == nil:
					wins[w]++
				case errors.Is(err, collections.ErrTaken), errors.Is(err, collections.ErrStale):
					n = headOf(t, s) // somebody was faster: go on after them
				default:
					t.Errorf("commit %d: %v", n, err)
					return
				}
			}
		})
	}
	for range 3 {
		readers.Go(func() { watch(ctx, t, s, h.Lagging) })
	}
	writers.Wait()
	stop()
	readers.Wait()
	if !h.Lagging {
		checkCounted(t, s)
	}
	same(t, "commits", readThrough(t, s, "main", 0, 50), goal)
	same(t, "wins", wins[0]+wins[1]+wins[2]+wins[3], goal)
}

func headOf(t *testing.T, s collections.Store) uint64 {
	position, err := s.Head(t.Context())
	if err != nil {
		t.Errorf("Head: %v", err)
	}
	return position["main"]
}

// watch reads until ctx ends: what it sees only grows, and never lags behind what it
// has seen of something else, unless records may lag behind the log.
func watch(ctx context.Context, t *testing.T, s collections.Store, lagging bool) {
	at := uint64(0)
	for ctx.Err() == nil {
		entries, err := s.Log(t.Context(), "main", at, 50)
		if err != nil {
			t.Errorf("Log: %v", err)
			return
		}
		for _, e := range entries {
			if at++; e.N != at {
				t.Errorf("read entry %d, want %d", e.N, at)
				return
			}
		}
		if at == 0 || lagging {
			continue
		}
		found, err := s.Find(t.Context(), &collections.Query{Type: "work-order", Limit: 10})
		if err != nil || len(found) != 1 {
			t.Errorf("Find: %d documents, %v", len(found), err)
			return
		}
		r := found[0]
		if r.Last.N < at || string(r.Value) != fmt.Sprintf(`{"n":%d}`, r.Rev) {
			t.Errorf("the log was read to %d, yet the record is %s of entry %d, revision %d", at, r.Value, r.Last.N, r.Rev)
			return
		}
	}
}

func testCountUp(t *testing.T, h Harness) {
	s := h.open(t)
	const people = 4
	each := h.rounds(50)
	var waiting sync.WaitGroup
	for range people {
		waiting.Go(func() {
			for range each {
				if err := countUp(t.Context(), s); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	waiting.Wait()
	item, err := s.Item(t.Context(), "k", "count")
	must(t, err)
	same(t, "count", string(item.Data), strconv.Itoa(people*each))
	same(t, "revision", item.Rev, uint64(people*each))
}

// countUp adds one to an item, however often others are faster.
func countUp(ctx context.Context, s collections.Store) error {
	for {
		item := collections.Item{Kind: "k", Key: "count", Data: []byte("0")}
		switch stored, err := s.Item(ctx, "k", "count"); {
		case err == nil:
			item = *stored
		case !errors.Is(err, collections.ErrNotFound):
			return err
		}
		n, err := strconv.Atoi(string(item.Data))
		if err != nil {
			return err
		}
		item.Data = strconv.AppendInt(nil, int64(n+1), 10)
		if err := s.PutItem(ctx, item); !errors.Is(err, collections.ErrStale) {
			return err
		}
	}
}
