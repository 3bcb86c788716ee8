package storetest

import (
	"errors"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

func testTrim(t *testing.T, h Harness) {
	t.Run("entries up to the position are gone, and numbering goes on", func(t *testing.T) { testTrimmedLog(t, h.open(t)) })
	t.Run("a log that is trimmed to its head keeps its head", func(t *testing.T) { testTrimmedWhole(t, h) })
	t.Run("history begins after the floor", func(t *testing.T) { testTrimmedHistory(t, h.open(t)) })
	t.Run("a refused change keeps its receipt", func(t *testing.T) { testTrimmedReceipts(t, h.open(t)) })
	t.Run("trimming past the head is an error, and trims nothing", func(t *testing.T) {
		s := h.open(t)
		must(t, s.Commit(t.Context(), batchOf("main", 1, 2)))
		for _, upto := range []collections.Position{{"main": 3}, {"main": 1, "none": 1}} {
			if err := s.Trim(t.Context(), upto); err == nil {
				t.Fatalf("Trim took %v", upto)
			}
			same(t, "log", len(readLog(t, s, 0, 9)), 2)
		}
	})
}

func floor(t *testing.T, s collections.Store) collections.Position {
	t.Helper()
	p, err := s.Floor(t.Context())
	must(t, err)
	return p
}

func testTrimmedLog(t *testing.T, s collections.Store) {
	const last = 40
	for n := uint64(1); n <= last; n++ {
		must(t, s.Commit(t.Context(), batchOf("main", n)))
		must(t, s.Commit(t.Context(), batchOf("other", n)))
	}
	same(t, "floor", floor(t, s), collections.Position{})
	for _, upto := range []uint64{1, 2, 9, 5, 0, 9, 23} { // one behind the floor changes nothing
		must(t, s.Trim(t.Context(), collections.Position{"main": upto}))
	}
	same(t, "floor", floor(t, s), collections.Position{"main": 23})
	same(t, "head", head(t, s), collections.Position{"main": last, "other": last})
	for _, after := range []uint64{0, 1, 22} {
		if _, err := s.Log(t.Context(), "main", after, 10); !errors.Is(err, collections.ErrTrimmed) {
			t.Fatalf("the log after %d: error %v, want ErrTrimmed", after, err)
		}
	}
	same(t, "main read to", readThrough(t, s, "main", 23, 7), uint64(last))
	same(t, "other read to", readThrough(t, s, "other", 0, 7), uint64(last))
	must(t, s.Commit(t.Context(), batchOf("main", last+1)))
	same(t, "the next entry", readLog(t, s, last, 9), batchOf("main", last+1).Entries)
}

func testTrimmedWhole(t *testing.T, h Harness) {
	s := h.Open(t)
	must(t, s.Commit(t.Context(), batchOf("main", 1, 2, 3)))
	must(t, s.Trim(t.Context(), collections.Position{"main": 3}))
	if h.Reopen != nil {
		s = h.Reopen(t, s)
	}
	t.Cleanup(func() { s.Close() })
	same(t, "floor", floor(t, s), collections.Position{"main": 3})
	same(t, "head", head(t, s), collections.Position{"main": 3})
	same(t, "log", readLog(t, s, 3, 9), []collections.Entry{})
	if err := s.Commit(t.Context(), batchOf("main", 1)); !errors.Is(err, collections.ErrTaken) {
		t.Fatalf("the log forgot its head: %v", err)
	}
	must(t, s.Commit(t.Context(), batchOf("main", 4)))
	same(t, "log", readLog(t, s, 3, 9), batchOf("main", 4).Entries)
}

func testTrimmedHistory(t *testing.T, s collections.Store) {
	_, want := commitHistories(t, s)
	for cut := range want {
		must(t, s.Trim(t.Context(), collections.Position{want[cut].Stream: want[cut].N}))
		left := []collections.Entry{}
		at := floor(t, s)
		for _, e := range want {
			if e.N > at[e.Stream] {
				left = append(left, e)
			}
		}
		same(t, "history", readHistory(t, s, docID(1), collections.Place{}, 100), left)
		same(t, "history after what is gone", readHistory(t, s, docID(1), want[cut].Place, 100), left)
	}
}

func testTrimmedReceipts(t *testing.T, s collections.Store) {
	b := batchOf("main", 1, 2)
	refused := collections.Receipt{Replica: device, N: 3, Refused: &collections.Error{Code: collections.Invalid, Message: schema.Sentence{Text: "No, %d times.", One: "No.", Args: []any{2}}}}
	b.Receipts = []collections.Receipt{{Replica: device, N: 1, Doc: docID(1)}, {Replica: device, N: 2, Doc: docID(2)}, refused}
	must(t, s.Commit(t.Context(), b))
	must(t, s.Trim(t.Context(), collections.Position{"main": 2}))
	got, err := s.Receipt(t.Context(), device, 3)
	must(t, err)
	same(t, "receipt", got, &refused)
}

func testPurge(t *testing.T, h Harness) {
	s := h.open(t)
	commitHistories(t, s)
	full := fullRecord("work-order", docID(9), 1)
	full.Deleted = false
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Records: []collections.RecordWrite{write(full)}}))
	at, log := head(t, s), len(readLog(t, s, 0, 100))
	search := &collections.Query{Type: "work-order", Words: []string{"pum"}, Limit: 9}
	found, err := s.Find(t.Context(), search)
	must(t, err)
	same(t, "found", len(found), 1)

	gone := []collections.Key{{Type: "work-order", ID: docID(1)}, full.Key}
	must(t, s.Purge(t.Context(), append(gone, collections.Key{Type: "work-order", ID: "none"}, collections.Key{Type: "none", ID: docID(1)})))
	must(t, s.Purge(t.Context(), nil))
	for _, key := range gone {
		if _, err := s.Record(t.Context(), key.Type, key.ID); !errors.Is(err, collections.ErrNotFound) {
			t.Fatalf("%v was purged: error %v, want ErrNotFound", key, err)
		}
		same(t, "history", readHistory(t, s, key.ID, collections.Place{}, 9), []collections.Entry{})
	}
	found, err = s.Find(t.Context(), search)
	must(t, err)
	same(t, "found", found, []*collections.Record{})
	same(t, "another's history", len(readHistory(t, s, docID(2), collections.Place{}, 99)) > 0, true)
	if _, err := s.Record(t.Context(), "asset", docID(1)); err != nil {
		t.Fatalf("the other type's document of that id: %v", err)
	}
	same(t, "head", head(t, s), at)
	same(t, "log", len(readLog(t, s, 0, 100)), log)
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Records: []collections.RecordWrite{write(full)}}))
	same(t, "made anew", record(t, s, docID(9)), &full)
}
