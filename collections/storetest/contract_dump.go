package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

func testDump(t *testing.T, h Harness) {
	if _, ok := h.open(t).(collections.Dumper); !ok {
		t.Skip("this store does not give all it holds")
	}
	t.Run("what is dumped and loaded elsewhere is the same store", func(t *testing.T) { testDumped(t, h) })
	t.Run("parts may come twice, and in another order", func(t *testing.T) { testLoadedAnyhow(t, h) })
	t.Run("a dump goes on after each of its marks", func(t *testing.T) { testDumpGoesOn(t, h) })
	t.Run("entries come after those they build on", func(t *testing.T) { testDumpOrder(t, h) })
	t.Run("a loaded store goes on", func(t *testing.T) { testLoadedGoesOn(t, h) })
}

// dumped is a store that holds something of everything.
func dumped(t *testing.T, h Harness) collections.Dumper {
	t.Helper()
	s := h.open(t)
	n := 0
	for _, stream := range []string{"main", "other"} {
		for at := uint64(1); at <= uint64(h.rounds(60)); at++ {
			n++
			must(t, s.Commit(t.Context(), batchToDump(stream, at, n)))
		}
	}
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "fenced", Term: 4}))
	full := fullRecord("work-order", docID(500), 1)
	full.Words = []string{"1", "2", "it", "null", "q", "s", "é"} // some of those that follow from its value
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Term: 2, Records: []collections.RecordWrite{write(full)}}))
	must(t, s.PutItem(t.Context(), collections.Item{Kind: "draft", Key: "it's/$d", Data: []byte(`{"a":"<&>"}`)}))
	must(t, s.PutItem(t.Context(), collections.Item{Kind: "draft", Key: "gone", Data: []byte(`1`)}))
	must(t, s.DeleteItem(t.Context(), "draft", "gone"))
	must(t, s.Trim(t.Context(), collections.Position{"main": 3}))
	return s.(collections.Dumper)
}

// batchToDump is entry at of a stream, the n-th over all: two changes of three about one of
// a few documents, each of another device, accepted and refused ones among them. Those of
// the stream other build on main.
func batchToDump(stream string, at uint64, n int) *collections.Batch {
	replica := device + 1 + crdt.Replica(n%3)
	c := changeOf(uint64(n), "work-order", docID(n%7))
	c.Replica = replica
	e := entryOf(stream, at, c)
	if stream == "other" {
		e.After = collections.Position{"main": at/2 + 1}
	}
	b := &collections.Batch{Stream: stream, Term: 2, Entries: []collections.Entry{e}}
	r := recordOf("work-order", docID(n%7), uint64((n-1)/7)+1, fmt.Sprintf(`{"n":%d,"title":"pump %d"}`, n, n))
	r.Last, r.Words = e.Place, []string{"pump", fmt.Sprint(n)}
	b.Records = []collections.RecordWrite{write(r)}
	accepted := collections.Receipt{Replica: replica, N: uint64(n), Digest: [32]byte{byte(n), 1}, Stamp: c.Stamp, Doc: c.Doc}
	refused := collections.Receipt{
		Replica: replica, N: uint64(n + 1000), Digest: [32]byte{byte(n)}, Doc: c.Doc, FirstID: 3, LastID: 5,
		Refused: collections.Errorf(collections.Invalid, "/a", "%s is %d too long.", "Title", n),
	}
	b.Receipts = []collections.Receipt{accepted, refused}
	b.Replicas = []collections.ReplicaState{{Replica: replica, Rev: uint64((n - 1) / 3), User: "u", N: uint64(n), Stamp: c.Stamp, Seen: int64(n), Last: e.Place}}
	b.Items = []collections.Item{{Kind: "engine", Key: "level/" + stream, Rev: at - 1, Data: fmt.Appendf(nil, `{"n":%d}`, at)}}
	return b
}

// partsOf is a dump as parts, after a mark.
func partsOf(t *testing.T, s collections.Dumper, mark string) (parts []*collections.Part) {
	t.Helper()
	must(t, collections.Dump(t.Context(), s, mark, func(p *collections.Part) error {
		kept := *p // as JSON has it: nothing is shared with the store
		text, err := collections.AppendPart(nil, p)
		must(t, err)
		back, err := collections.ParsePart(text)
		must(t, err)
		back.Mark = kept.Mark
		parts = append(parts, back)
		return nil
	}))
	return parts
}

// textsOf is all of a dump, in an order that no store has: what two stores that are the
// same have in common.
func textsOf(t *testing.T, parts []*collections.Part) (texts []string) {
	t.Helper()
	for _, p := range parts {
		of, err := p.Texts()
		must(t, err)
		for _, text := range of {
			texts = append(texts, string(p.Kind)+" "+string(text))
		}
	}
	slices.Sort(texts)
	return texts
}

// load makes a store of parts.
func load(t *testing.T, h Harness, parts []*collections.Part) collections.Dumper {
	t.Helper()
	s := h.open(t)
	for _, p := range parts {
		must(t, p.Complete())
		must(t, s.(collections.Loader).LoadPart(t.Context(), p))
	}
	must(t, s.(collections.Loader).Loaded(t.Context()))
	return s.(collections.Dumper)
}

func testDumped(t *testing.T, h Harness) {
	s := dumped(t, h)
	parts := partsOf(t, s, "")
	texts := textsOf(t, parts)
	if size, err := s.DumpSize(t.Context()); err != nil || size < int64(len(texts))/2 {
		t.Fatalf("DumpSize: %d of %d things, %v", size, len(texts), err)
	}
	same(t, "nothing comes twice", len(slices.Compact(slices.Clone(texts))), len(texts))
	n := 2 * h.rounds(60)
	for what, want := range map[string]int{`receipts {"replica"`: 2*n - 3, `entries {"stream"`: n - 3, "records {": min(n, 7) + 1} {
		got := 0
		for _, text := range texts {
			if bytes.HasPrefix([]byte(text), []byte(what)) {
				got++
			}
		}
		if got != want && !(what == `receipts {"replica"` && got == 2*n) {
			t.Errorf("the dump has %d of %s, want %d", got, what, want)
		}
	}
	copied := load(t, h, parts)
	same(t, "the copy, dumped", textsOf(t, partsOf(t, copied, "")), texts)
	checkSameStore(t, copied, s)
	if h.Reopen != nil {
		again := h.Reopen(t, copied)
		t.Cleanup(func() { again.Close() })
		same(t, "the copy, opened again and dumped", textsOf(t, partsOf(t, again.(collections.Dumper), "")), texts)
	}
}

// checkSameStore compares what two stores answer.
func checkSameStore(t *testing.T, got, want collections.Store) {
	t.Helper()
	epoch1, err1 := got.Epoch(t.Context())
	epoch2, err2 := want.Epoch(t.Context())
	must(t, errors.Join(err1, err2))
	same(t, "epoch", epoch1, epoch2)
	same(t, "head", head(t, got), head(t, want))
	same(t, "floor", floor(t, got), floor(t, want))
	for n := range 7 {
		same(t, "record", record(t, got, docID(n)), record(t, want, docID(n)))
		same(t, "history", readHistory(t, got, docID(n), collections.Place{}, 1000), readHistory(t, want, docID(n), collections.Place{}, 1000))
	}
	for _, word := range []string{"pump", "1", "none"} {
		q := &collections.Query{Type: "work-order", Words: []string{word}, Limit: 100, State: collections.Any}
		found1, err1 := got.Find(t.Context(), q)
		found2, err2 := want.Find(t.Context(), q)
		must(t, errors.Join(err1, err2))
		same(t, "found by "+word, found1, found2)
	}
}

func testLoadedAnyhow(t *testing.T, h Harness) {
	s := dumped(t, h)
	parts := partsOf(t, s, "")
	texts := textsOf(t, parts)
	random := rand.New(rand.NewSource(seed(t)))
	random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	// What has an order keeps it: streams, then entries as they came.
	slices.SortStableFunc(parts, func(a, b *collections.Part) int {
		rank := func(p *collections.Part) int {
			switch p.Kind {
			case collections.PartStreams:
				return 1
			case collections.PartEntries:
				return 2 + int(p.Seq)
			}
			return 0
		}
		return rank(a) - rank(b)
	})
	var twice []*collections.Part
	for i, p := range parts {
		twice = append(twice, p, parts[random.Intn(i+1)], p)
	}
	copied := load(t, h, twice)
	same(t, "the copy, dumped", textsOf(t, partsOf(t, copied, "")), texts)
	checkSameStore(t, copied, s)
}

func testDumpGoesOn(t *testing.T, h Harness) {
	s := dumped(t, h)
	parts := partsOf(t, s, "")
	last := parts[len(parts)-1]
	for i, p := range parts[:len(parts)-1] {
		rest := partsOf(t, s, p.Mark)
		// Items are read anew, all of them, where a dump was cut off in them.
		all := append(slices.Clone(parts[:i+1]), rest...)
		if p.Kind == collections.PartItems {
			all = append(slices.DeleteFunc(slices.Clone(parts[:i+1]), func(p *collections.Part) bool { return p.Kind == collections.PartItems }), rest...)
		}
		same(t, fmt.Sprintf("cut off after part %d, of %s", i, p.Kind), textsOf(t, all), textsOf(t, parts))
	}
	same(t, "after the last part", len(partsOf(t, s, last.Mark)), 0)
}

func testDumpOrder(t *testing.T, h Harness) {
	s := dumped(t, h)
	at := floor(t, s)
	for _, p := range partsOf(t, s, "") {
		seq := uint64(0)
		for _, n := range at {
			seq += n
		}
		if p.Kind == collections.PartEntries {
			same(t, "Seq", p.Seq, seq)
		}
		for _, e := range p.Entries {
			for stream, n := range e.After {
				if at[stream] < n {
					t.Fatalf("entry %v comes before entry %d of %s, on which it builds", e.Place, n, stream)
				}
			}
			same(t, "next of "+e.Stream, e.N, at[e.Stream]+1)
			at[e.Stream] = e.N
		}
	}
	same(t, "dumped up to", at, head(t, s))
}

func testLoadedGoesOn(t *testing.T, h Harness) {
	s := load(t, h, partsOf(t, dumped(t, h), ""))
	per := uint64(h.rounds(60))
	n := int(2*per) + 1
	late := batchToDump("other", per+1, n)
	late.Term, late.Entries[0].After = 1, nil
	late.Items[0].Rev = per
	if err := s.Commit(t.Context(), late); !errors.Is(err, collections.ErrTaken) {
		t.Fatalf("a batch of a term that is over: error %v, want ErrTaken", err)
	}
	if err := s.Commit(t.Context(), &collections.Batch{Stream: "fenced", Term: 3}); !errors.Is(err, collections.ErrTaken) {
		t.Fatalf("a fence of a term that is over: error %v, want ErrTaken", err)
	}
	late.Term = 2
	must(t, s.Commit(t.Context(), late))
	history := readHistory(t, s, docID(n%7), collections.Place{}, 1000)
	same(t, "the last of its history", history[len(history)-1], late.Entries[0])
	same(t, "its record", record(t, s, docID(n%7)), &late.Records[0].Record)
	must(t, s.Trim(t.Context(), head(t, s)))
	same(t, "floor", floor(t, s), head(t, s))
	for _, r := range late.Receipts[1:] {
		got, err := s.Receipt(t.Context(), r.Replica, r.N)
		must(t, err)
		same(t, "receipt of a refused change", got, &r)
	}
	found, err := s.Find(t.Context(), &collections.Query{Type: "work-order", Limit: 9, Where: &schema.Condition{Op: "is", Field: []string{"n"}, Value: float64(n)}})
	must(t, err)
	same(t, "found by its value", len(found), 1)
}
