package sqlite

import (
	"context"
	"fmt"
	"math/rand"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// server is the replica whose changes have no receipts.
const server crdt.Replica = 1

// twins is a store that folds and one that does not, given the same.
type twins struct {
	*testing.T
	random *rand.Rand
	folded *Store
	plain  *storetest.Store
	head   collections.Position
	sent   map[crdt.Replica]uint64
	revs   map[collections.Key]uint64
	past   []collections.Place
	blocks int // the most there were
}

// A store that folds answers everything as one that does not, whatever is folded and
// trimmed, and however its documents, devices and streams are mixed.
func TestFold_ReadsAsUnfolded(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	blocks := 0
	for range 4 {
		plan := foldPlan{size: 1 + random.Intn(20), keep: random.Intn(30)}
		w := &twins{
			T: t, random: random, folded: mustOpenFolding(t, "", plan), plain: storetest.Memory(),
			head: collections.Position{}, sent: map[crdt.Replica]uint64{}, revs: map[collections.Key]uint64{},
		}
		for range 40 {
			w.commit(1 + random.Intn(6))
			if random.Intn(10) == 0 {
				w.trim()
			}
			if random.Intn(4) == 0 {
				must(t, w.folded.Fold(t.Context()))
				w.compare()
			}
		}
		w.compare()
		blocks = max(blocks, w.blocks)
		must(t, w.folded.Close())
		if _, err := Verify(t.Context(), w.folded.path); err != nil {
			t.Fatalf("Verify: %v", err)
		}
		w.folded = mustOpenFolding(t, w.folded.path, plan)
		w.compare()
	}
	if blocks < 3 {
		t.Fatalf("there were at most %d blocks: too few to prove anything", blocks)
	}
}

// commit commits changes of some devices to some documents, with what goes with them.
func (w *twins) commit(count int) {
	w.Helper()
	stream := []string{"main", "main", "main", "other"}[w.random.Intn(4)]
	b := &collections.Batch{Stream: stream}
	records := map[collections.Key]collections.Record{}
	for range count {
		w.head[stream]++
		place := collections.Place{Stream: stream, N: w.head[stream]}
		w.past = append(w.past, place)
		if w.random.Intn(12) == 0 {
			b.Entries = append(b.Entries, collections.Entry{Place: place, Kind: collections.EntryType, At: int64(w.random.Intn(1000)), By: "dee", Type: "asset", Version: w.random.Intn(9)})
			continue
		}
		key := collections.Key{Type: []string{"asset", "job"}[w.random.Intn(2)], ID: docID(uint64(w.random.Intn(8)))}
		b.Entries = append(b.Entries, w.entry(place, key, b))
		r := records[key]
		if r.Rev == 0 {
			w.revs[key]++
			r = collections.Record{Key: key, Rev: w.revs[key], Value: []byte(`{}`)}
		}
		r.Last = place
		records[key] = r
	}
	for _, r := range records {
		b.Records = append(b.Records, collections.RecordWrite{Base: r.Rev - 1, Record: r})
	}
	for _, s := range []collections.Store{w.folded, w.plain} {
		must(w.T, s.Commit(w.Context(), b))
	}
}

// entry makes a change, with a receipt in the batch unless the server made it itself.
func (w *twins) entry(place collections.Place, key collections.Key, b *collections.Batch) collections.Entry {
	replica := crdt.Replica(w.random.Intn(4)) + server
	w.sent[replica]++
	if w.random.Intn(8) == 0 && replica != server {
		refused := collections.Receipt{Replica: replica, N: w.sent[replica], Doc: key.ID, Refused: &collections.Error{Code: collections.Invalid}}
		b.Receipts = append(b.Receipts, refused)
		w.sent[replica]++
	}
	c := &crdt.Change{
		Replica: replica, N: w.sent[replica], Stamp: crdt.NewTime(w.random.Int63n(1<<40), 0), Type: key.Type, Version: 1, Doc: key.ID,
		Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"title"}, Value: fmt.Sprint("title ", w.random.Intn(50)), Has: true}},
	}
	if w.revs[key] == 0 {
		c.Ops = append([]crdt.Op{{Kind: crdt.OpCreate}}, c.Ops...)
	}
	e := collections.Entry{Place: place, Kind: collections.EntryChange, At: w.random.Int63n(1 << 40), By: fmt.Sprint("user", w.random.Intn(3)), Type: key.Type, Change: c}
	if replica != server {
		r := receiptFor(&e)
		if w.random.Intn(40) == 0 {
			r.Stamp++ // says something that the log does not
		}
		b.Receipts = append(b.Receipts, r)
	}
	return e
}

// trim trims a stream somewhere. Receipts of what was trimmed may go with it, so what
// was sent until now is not asked for any more.
func (w *twins) trim() {
	w.Helper()
	for stream, head := range w.head {
		upto := collections.Position{stream: uint64(w.random.Int63n(int64(head) + 1))}
		for _, s := range []collections.Store{w.folded, w.plain} {
			must(w.T, s.Trim(w.Context(), upto))
		}
	}
}

// compare compares all that can be read, in pages of a random size.
func (w *twins) compare() {
	w.Helper()
	w.blocks = max(w.blocks, blocksOf(w.T, w.folded))
	floor, err := w.plain.Floor(w.Context())
	must(w.T, err)
	limit := 1 + w.random.Intn(30)
	w.same("log", func(s collections.Store) any { return w.readLog(s, floor, limit) })
	for _, typ := range []string{"asset", "job"} {
		for doc := range uint64(9) {
			w.same("history", func(s collections.Store) any { return w.readHistory(s, typ, docID(doc), limit) })
			after := w.past[w.random.Intn(len(w.past))]
			w.same("history after "+fmt.Sprint(after), func(s collections.Store) any {
				found, err := s.History(w.Context(), typ, docID(doc), after, limit)
				must(w.T, err)
				return found
			})
		}
	}
	for _, e := range w.readLog(w.plain, floor, 1_000_000) {
		if c := e.Change; c != nil && c.Replica != server {
			w.same("receipt", func(s collections.Store) any {
				r, err := s.Receipt(w.Context(), c.Replica, c.N)
				must(w.T, err)
				return *r
			})
		}
	}
}

func (w *twins) same(what string, read func(s collections.Store) any) {
	w.Helper()
	if diff := cmp.Diff(read(w.plain), read(w.folded), cmpopts.EquateEmpty()); diff != "" {
		w.Fatalf("%s (-unfolded +folded):\n%s", what, diff)
	}
}

func (w *twins) readLog(s collections.Store, from collections.Position, limit int) (all []collections.Entry) {
	for _, stream := range []string{"main", "other"} {
		for at := from[stream]; ; {
			page, err := s.Log(w.Context(), stream, at, limit)
			must(w.T, err)
			if len(page) == 0 {
				break
			}
			all, at = append(all, page...), page[len(page)-1].N
		}
	}
	return all
}

func (w *twins) readHistory(s collections.Store, typ, id string, limit int) (all []collections.Entry) {
	for after := (collections.Place{}); ; {
		page, err := s.History(w.Context(), typ, id, after, limit)
		must(w.T, err)
		if all = append(all, page...); len(page) < limit {
			return all
		}
		after = page[len(page)-1].Place
	}
}

// A database of before there were blocks opens, folds, and reads as it did: its rows
// do not know what was before them.
func TestFold_OldDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	old := mustOpen(t, path)
	var want []collections.Entry
	revs := map[string]uint64{}
	for n := uint64(1); n <= 60; n++ {
		e, r := sample(n)
		e.Change.Doc, r.ID = docID(n%4+n/40*4), docID(n%4+n/40*4) // the first four rest from entry 40 on
		revs[r.ID]++
		r.Rev = revs[r.ID]
		if r.Rev > 1 {
			e.Change.Ops = e.Change.Ops[1:]
		}
		must(t, old.Commit(t.Context(), &collections.Batch{Stream: stream, Entries: []collections.Entry{e}, Records: []collections.RecordWrite{{Base: r.Rev - 1, Record: r}}}))
		want = append(want, e)
	}
	forgetPrevs(t, old)
	must(t, old.Close())
	if _, err := Verify(t.Context(), path); err != nil {
		t.Fatalf("Verify before folding: %v", err)
	}
	s := mustOpenFolding(t, path, foldPlan{size: 7, keep: 5})
	must(t, s.Fold(t.Context()))
	if blocksOf(t, s) < 5 {
		t.Fatalf("%d blocks: too few to prove anything", blocksOf(t, s))
	}
	for doc := range uint64(8) {
		found, err := s.History(t.Context(), "work-order", docID(doc), collections.Place{}, 100)
		must(t, err)
		var its []collections.Entry
		for _, e := range want {
			if e.Change.Doc == docID(doc) {
				its = append(its, e)
			}
		}
		if diff := cmp.Diff(its, found); diff != "" || len(its) == 0 {
			t.Fatalf("history of document %d (-want +got):\n%s", doc, diff)
		}
	}
}

// forgetPrevs makes the rows of the log those of a version that did not have prev.
func forgetPrevs(t *testing.T, s *Store) {
	t.Helper()
	rows, err := s.readers.QueryContext(t.Context(), `SELECT `+logTable.list()+`, seq FROM log`)
	must(t, err)
	defer rows.Close()
	sums := map[int64]int64{}
	for rows.Next() {
		var seq int64
		columns, err := logTable.scan(withSeq{rows, &seq})
		must(t, err)
		sums[seq] = sum("log", columns[:9])
	}
	must(t, rows.Err())
	must(t, s.writer.do(t.Context(), func(tx *tx) error {
		for seq, sum := range sums {
			if _, err := tx.exec(`UPDATE log SET prev = NULL, sum = ? WHERE seq = ?`, sum, seq); err != nil {
				return err
			}
		}
		return nil
	}))
}

// Commits go on while the log is folded in the background, and all that was written is
// read by whoever reads meanwhile.
func TestFold_WhileOthersWriteAndRead(t *testing.T) {
	s := mustOpenFolding(t, "", foldPlan{size: 9, keep: 4})
	const last = 300
	ctx, stop := context.WithCancel(t.Context())
	read := make(chan error, 1)
	go func() {
		var err error
		for n := uint64(0); err == nil && ctx.Err() == nil; {
			var page []collections.Entry
			page, err = s.Log(context.Background(), stream, n, 20)
			for _, e := range page {
				if n++; e.N != n {
					err = fmt.Errorf("read entry %d, want %d", e.N, n)
				}
			}
			if n > 0 {
				found, herr := s.History(context.Background(), "work-order", docID(n), collections.Place{}, 5)
				if herr != nil || len(found) != 1 {
					err = fmt.Errorf("history of document %d has %d entries, %v", n, len(found), herr)
				}
			}
			if n >= last {
				n = 0
			}
		}
		read <- err
	}()
	for n := uint64(1); n <= last; n += perBatch {
		b := history(n, perBatch)
		for i := range b.Records {
			b.Records[i].Record.Last = b.Entries[i].Place
		}
		must(t, s.Commit(t.Context(), b))
	}
	stop()
	must(t, <-read)
	must(t, s.Fold(t.Context()))
	checkHistory(t, s, last)
	if blocksOf(t, s) < 30 {
		t.Fatalf("%d blocks only", blocksOf(t, s))
	}
}
