package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

func testLog(t *testing.T, h Harness) {
	t.Run("a new store has no entries", func(t *testing.T) {
		s := h.open(t)
		same(t, "head", head(t, s), collections.Position{})
		same(t, "log", readLog(t, s, 0, 10), []collections.Entry{})
	})
	t.Run("entries come back as they were committed", func(t *testing.T) { testEntries(t, h.open(t)) })
	t.Run("entries that do not follow on are ErrTaken, and nothing is written", func(t *testing.T) { testTaken(t, h.open(t)) })
	t.Run("each stream counts for itself", func(t *testing.T) { testStreams(t, h.open(t)) })
	t.Run("a term that is over is ErrTaken, and nothing is written", func(t *testing.T) { testTerms(t, h.open(t)) })
	t.Run("reading stops at a gap", func(t *testing.T) { testGap(t, h) })
	t.Run("a limit below 1 is an error", func(t *testing.T) {
		if _, err := h.open(t).Log(t.Context(), "main", 0, 0); err == nil {
			t.Fatal("Log read with limit 0")
		}
	})
	t.Run("an entry of another stream than the batch's is an error", func(t *testing.T) {
		s := h.open(t)
		err := s.Commit(t.Context(), &collections.Batch{Stream: "main", Entries: []collections.Entry{
			entryOf("other", 1, changeOf(1, "work-order", docID(1)))}})
		if err == nil {
			t.Fatal("Commit took it")
		}
		same(t, "head", head(t, s), collections.Position{})
	})
}

func head(t *testing.T, s collections.Store) collections.Position {
	t.Helper()
	p, err := s.Head(t.Context())
	must(t, err)
	return p
}

// readLog reads the stream main.
func readLog(t *testing.T, s collections.Store, after uint64, limit int) []collections.Entry {
	t.Helper()
	entries, err := s.Log(t.Context(), "main", after, limit)
	must(t, err)
	return entries
}

// everyKind is a change with an operation of every kind and every member in use.
func everyKind() *crdt.Change {
	dot := func(n uint64) crdt.Dot { return crdt.Dot{Replica: device, Seq: n} }
	saw := crdt.Vector{device: 4, 7: 2}
	c := changeOf(1, "work-order", docID(1))
	c.Ops = []crdt.Op{
		{Kind: crdt.OpCreate},
		{Kind: crdt.OpSet, Path: []string{"a", "$b.c\"'"}, Value: map[string]any{"x": []any{nil, 1.5, "é\u2028"}}, Has: true},
		{Kind: crdt.OpUnset, Path: []string{"b"}},
		{Kind: crdt.OpAssign, Path: []string{"c"}, ID: 1, Value: nil, Has: true, Over: []crdt.Dot{dot(9)}},
		{Kind: crdt.OpAdd, Path: []string{"d"}, Value: -2.5, Has: true},
		{Kind: crdt.OpInclude, Path: []string{"e"}, ID: 2, Value: "tag", Has: true},
		{Kind: crdt.OpExclude, Path: []string{"e"}, Value: "tag", Has: true, Over: []crdt.Dot{dot(2), dot(3)}},
		{Kind: crdt.OpInsert, Path: []string{"f"}, ID: 3, After: dot(1), Before: dot(2), Text: "wörk 😀"},
		{Kind: crdt.OpCut, Path: []string{"f"}, Spans: []crdt.Span{{Start: dot(3), Len: 2}}},
		{Kind: crdt.OpMove, Path: []string{"g"}, Row: dot(5), ID: 30, After: dot(6)},
		{Kind: crdt.OpDrop, Path: []string{"g"}, Row: dot(5), Saw: saw},
		{Kind: crdt.OpDelete, Saw: saw},
	}
	return c
}

func testEntries(t *testing.T, s collections.Store) {
	entries := []collections.Entry{
		entryOf("main", 1, everyKind()),
		{Place: collections.Place{Stream: "main", N: 2}, Kind: collections.EntryType, At: 5, By: "ада", Type: "asset", Version: 3},
		{Place: collections.Place{Stream: "main", N: 3}, Kind: collections.EntryRules, At: 6, By: "", Type: "asset"},
	}
	entries[0].After = collections.Position{"ü": 7, "other": 1 << 40}
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Entries: entries}))
	same(t, "log", readLog(t, s, 0, 10), entries)
	same(t, "head", head(t, s), collections.Position{"main": 3})
}

func testTaken(t *testing.T, s collections.Store) {
	must(t, s.Commit(t.Context(), batchOf("main", 1, 2)))
	for _, numbers := range [][]uint64{{1}, {2}, {4}, {2, 3}, {3, 5}, {3, 3}, {4, 3}, {0}} {
		b := batchOf("main", numbers...)
		b.Records = []collections.RecordWrite{write(recordOf("work-order", docID(1), 1, `{}`))}
		b.Receipts = []collections.Receipt{{Replica: device, N: 9}}
		b.Replicas = []collections.ReplicaState{{Replica: device, N: 9}}
		b.Items = []collections.Item{{Kind: "k", Key: "k", Data: []byte(`1`)}}
		if err := s.Commit(t.Context(), b); !errors.Is(err, collections.ErrTaken) {
			t.Fatalf("entries %v after 2: error %v, want ErrTaken", numbers, err)
		}
		same(t, "head", head(t, s), collections.Position{"main": 2})
	}
	_, err1 := s.Record(t.Context(), "work-order", docID(1))
	_, err2 := s.Receipt(t.Context(), device, 9)
	_, err3 := s.Replica(t.Context(), device)
	_, err4 := s.Item(t.Context(), "k", "k")
	for _, err := range []error{err1, err2, err3, err4} {
		if !errors.Is(err, collections.ErrNotFound) {
			t.Fatalf("something of a batch that was refused is there: %v", err)
		}
	}
	must(t, s.Commit(t.Context(), batchOf("main", 3, 4)))
	same(t, "log", len(readLog(t, s, 0, 10)), 4)
}

// batchOf makes a batch of changes with these numbers.
func batchOf(stream string, numbers ...uint64) *collections.Batch {
	b := &collections.Batch{Stream: stream}
	for _, n := range numbers {
		b.Entries = append(b.Entries, entryOf(stream, n, changeOf(n, "work-order", docID(int(n)))))
	}
	return b
}

func testStreams(t *testing.T, s collections.Store) {
	want := collections.Position{}
	for i := range uint64(30) {
		stream := []string{"main", "b", "ü"}[i%7%3]
		must(t, s.Commit(t.Context(), batchOf(stream, want[stream]+1, want[stream]+2)))
		want[stream] += 2
	}
	same(t, "head", head(t, s), want)
	for limit := 1; limit < 9; limit++ {
		for stream, last := range want {
			same(t, fmt.Sprintf("%s read to the end by %d", stream, limit), readThrough(t, s, stream, 0, limit), last)
		}
	}
	for stream, after := range map[string]uint64{"main": 1 << 40, "b": want["b"], "none": 0} {
		entries, err := s.Log(t.Context(), stream, after, 9)
		must(t, err)
		same(t, "after the head of "+stream, entries, []collections.Entry{})
	}
}

// readThrough reads a stream to its end, by pages of at most limit, and gives its last
// number: each entry is the next one of that stream.
func readThrough(t *testing.T, s collections.Store, stream string, at uint64, limit int) uint64 {
	t.Helper()
	for {
		entries, err := s.Log(t.Context(), stream, at, limit)
		must(t, err)
		if len(entries) > limit {
			t.Fatalf("Log gave %d entries, limit %d", len(entries), limit)
		}
		if len(entries) == 0 {
			return at
		}
		for _, e := range entries {
			if at++; e.N != at || e.Stream != stream {
				t.Fatalf("stream %q: entry %v, want %d", stream, e.Place, at)
			}
		}
	}
}

// testTerms proves the fence: who held a stream before writes nothing to it any more.
func testTerms(t *testing.T, s collections.Store) {
	held := func(stream string, term uint64, numbers ...uint64) *collections.Batch {
		b := batchOf(stream, numbers...)
		b.Term = term
		return b
	}
	must(t, s.Commit(t.Context(), held("main", 0, 1)))
	must(t, s.Commit(t.Context(), held("main", 2, 2)))
	must(t, s.Commit(t.Context(), held("main", 2, 3)))
	must(t, s.Commit(t.Context(), held("main", 5))) // the fence
	for _, b := range []*collections.Batch{held("main", 4, 4), held("main", 0, 4), held("main", 4)} {
		b.Items = []collections.Item{{Kind: "k", Key: "zombie", Data: []byte(`1`)}}
		b.Records = []collections.RecordWrite{write(recordOf("work-order", docID(1), 1, `{}`))}
		if err := s.Commit(t.Context(), b); !errors.Is(err, collections.ErrTaken) {
			t.Fatalf("term %d after 5: error %v, want ErrTaken", b.Term, err)
		}
	}
	_, err1 := s.Item(t.Context(), "k", "zombie")
	_, err2 := s.Record(t.Context(), "work-order", docID(1))
	if !errors.Is(err1, collections.ErrNotFound) || !errors.Is(err2, collections.ErrNotFound) {
		t.Fatalf("something of a batch that was refused is there: %v, %v", err1, err2)
	}
	must(t, s.Commit(t.Context(), held("other", 1, 1))) // each stream has terms of its own
	must(t, s.Commit(t.Context(), held("main", 5, 4)))
	same(t, "head", head(t, s), collections.Position{"main": 4, "other": 1})
	same(t, "log", readThrough(t, s, "main", 0, 2), uint64(4))
}

func testGap(t *testing.T, h Harness) {
	if h.Lose == nil {
		t.Skip("this store has no way to lose an entry")
	}
	s := h.open(t)
	must(t, s.Commit(t.Context(), batchOf("main", 1, 2, 3, 4)))
	h.Lose(t, s, collections.Place{Stream: "main", N: 3})
	same(t, "entries before the gap", len(readLog(t, s, 0, 10)), 2)
	same(t, "entries from the gap on", readLog(t, s, 2, 10), []collections.Entry{})
}
