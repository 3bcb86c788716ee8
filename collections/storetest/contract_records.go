package storetest

import (
	"errors"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

func testRecords(t *testing.T, h Harness) {
	t.Run("a record comes back as it was written", func(t *testing.T) {
		s := h.open(t)
		first := recordOf("work-order", docID(1), 1, `{}`)
		for _, r := range []collections.Record{first, fullRecord("work-order", docID(1), 2), recordOf("work-order", docID(1), 3, `{"a":1}`)} {
			must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Records: []collections.RecordWrite{write(r)}}))
			same(t, "record", record(t, s, docID(1)), &r)
			for i, p := range record(t, s, docID(1)).Problems {
				same(t, "what a problem says in any language", p.Message.Text, r.Problems[i].Message.Text)
			}
		}
	})
	t.Run("a record that is not there is ErrNotFound, and nil among many", func(t *testing.T) { testMissing(t, h.open(t)) })
	t.Run("a record that moved on is left alone and named, all else is written", func(t *testing.T) { testStale(t, h.open(t)) })
	t.Run("a revision that does not follow its base is an error", func(t *testing.T) {
		s := h.open(t)
		r := recordOf("work-order", docID(1), 3, `{}`)
		if err := s.Commit(t.Context(), &collections.Batch{Stream: "main", Records: []collections.RecordWrite{{Base: 0, Record: r}}}); err == nil {
			t.Fatal("Commit took it")
		}
	})
	t.Run("what is given and what is given back belongs to the caller", func(t *testing.T) { testOwnership(t, h.open(t)) })
}

func record(t *testing.T, s collections.Store, id string) *collections.Record {
	t.Helper()
	r, err := s.Record(t.Context(), "work-order", id)
	must(t, err)
	return r
}

func testMissing(t *testing.T, s collections.Store) {
	a, b := fullRecord("work-order", docID(1), 1), recordOf("asset", docID(1), 1, `{"b":1}`)
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Records: []collections.RecordWrite{write(a), write(b)}}))
	for _, key := range []collections.Key{{Type: "work-order", ID: docID(2)}, {Type: "none", ID: docID(1)}, {}} {
		if _, err := s.Record(t.Context(), key.Type, key.ID); !errors.Is(err, collections.ErrNotFound) {
			t.Fatalf("%v: error %v, want ErrNotFound", key, err)
		}
	}
	got, err := s.Records(t.Context(), []collections.Key{b.Key, {Type: "asset", ID: "x"}, a.Key, b.Key, {Type: "none", ID: docID(1)}})
	must(t, err)
	same(t, "records", got, []*collections.Record{&b, nil, &a, &b, nil})
	none, err := s.Records(t.Context(), nil)
	must(t, err)
	same(t, "no records", none, []*collections.Record{})
}

func testStale(t *testing.T, s collections.Store) {
	kept := recordOf("work-order", docID(1), 1, `{"kept":true}`)
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Records: []collections.RecordWrite{write(kept)}}))
	again := recordOf("work-order", docID(1), 1, `{"kept":false}`)   // is there already
	ahead := recordOf("work-order", docID(1), 3, `{"kept":false}`)   // builds on what is not there yet
	nothing := recordOf("work-order", docID(2), 2, `{"kept":false}`) // builds on what is not there at all
	fine := recordOf("work-order", docID(3), 1, `{"fine":true}`)
	b := batchOf("main", 1)
	b.Records = []collections.RecordWrite{write(again), write(ahead), write(nothing), write(fine)}
	b.Receipts = []collections.Receipt{{Replica: device, N: 1}}
	b.Items = []collections.Item{{Kind: "k", Key: "k", Data: []byte(`1`)}}
	err := s.Commit(t.Context(), b)
	var stale *collections.StaleError
	if !errors.As(err, &stale) || !errors.Is(err, collections.ErrStale) {
		t.Fatalf("error %v, want a StaleError", err)
	}
	same(t, "named", stale.Keys, []collections.Key{again.Key, ahead.Key, nothing.Key})
	same(t, "left alone", record(t, s, docID(1)), &kept)
	same(t, "written", record(t, s, docID(3)), &fine)
	if _, err := s.Record(t.Context(), "work-order", docID(2)); !errors.Is(err, collections.ErrNotFound) {
		t.Fatalf("a record without its base is there: %v", err)
	}
	same(t, "head", head(t, s), collections.Position{"main": 1})
	_, err = s.Receipt(t.Context(), device, 1)
	must(t, err)
	_, err = s.Item(t.Context(), "k", "k")
	must(t, err)
}

func testOwnership(t *testing.T, s collections.Store) {
	scribble := func(r *collections.Record) {
		clear(r.Value)
		clear(r.Meta)
		r.Problems[0].Message = schema.Verbatim("scribbled")
		for i := range r.Words {
			r.Words[i] = "scribbled"
		}
	}
	given, want := fullRecord("work-order", docID(1), 1), fullRecord("work-order", docID(1), 1)
	item := collections.Item{Kind: "k", Key: "k", Data: []byte(`{"a":1}`)}
	refused := &collections.Error{Code: collections.Invalid, Message: schema.Sentence{Text: "No, %d.", Args: []any{3}}}
	must(t, s.Commit(t.Context(), &collections.Batch{
		Stream: "main", Records: []collections.RecordWrite{write(given)}, Items: []collections.Item{item},
		Receipts: []collections.Receipt{{Replica: device, N: 1, Refused: refused}},
	}))
	scribble(&given)
	clear(item.Data)
	refused.Message = schema.Sentence{Text: "%s of %d", Args: []any{"scribbled", 7}}
	for range 2 {
		got := record(t, s, docID(1))
		same(t, "record", got, &want)
		scribble(got)
		kept, err := s.Item(t.Context(), "k", "k")
		must(t, err)
		same(t, "item", string(kept.Data), `{"a":1}`)
		clear(kept.Data)
		receipt, err := s.Receipt(t.Context(), device, 1)
		must(t, err)
		same(t, "receipt", receipt.Refused.Message.String(), "No, 3.")
		receipt.Refused.Message = schema.Sentence{Text: "%s of %d", Args: []any{"scribbled", 7}}
	}
}

func testReceipts(t *testing.T, h Harness) {
	s := h.open(t)
	accepted := collections.Receipt{Replica: device, N: crdt.MaxSeq, Digest: [32]byte{0, 1, 31: 0xff}, Stamp: ^crdt.Time(0), Doc: docID(1)}
	refused := collections.Receipt{
		Replica: 1, N: crdt.MaxSeq, Doc: docID(2), FirstID: 3, LastID: crdt.MaxSeq,
		Refused: &collections.Error{Code: collections.LeansOn, Message: schema.Verbatim("It leans on a change that was refused."), Field: "/a", Expect: 4},
	}
	must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Receipts: []collections.Receipt{accepted, refused}}))
	for _, want := range []collections.Receipt{accepted, refused} {
		got, err := s.Receipt(t.Context(), want.Replica, want.N)
		must(t, err)
		same(t, "receipt", got, &want)
	}
	for _, key := range []collections.Receipt{{Replica: 1, N: 1}, {Replica: 2, N: crdt.MaxSeq}} {
		if _, err := s.Receipt(t.Context(), key.Replica, key.N); !errors.Is(err, collections.ErrNotFound) {
			t.Fatalf("receipt %d of %v: error %v, want ErrNotFound", key.N, key.Replica, err)
		}
	}
}

func testReplicas(t *testing.T, h Harness) {
	s := h.open(t)
	if _, err := s.Replica(t.Context(), device); !errors.Is(err, collections.ErrNotFound) {
		t.Fatalf("a replica that never wrote: error %v, want ErrNotFound", err)
	}
	states := []collections.ReplicaState{
		{Replica: device, User: "u1", N: 1, Stamp: 5, Seen: 6},
		{Replica: device, Rev: 1, User: "u1", N: crdt.MaxSeq, Stamp: ^crdt.Time(0), Seen: 7, Last: collections.Place{Stream: "ü", N: crdt.MaxSeq}},
		{Replica: 1, User: "u2", N: 3},
	}
	for _, state := range states {
		must(t, s.Commit(t.Context(), &collections.Batch{Stream: "main", Replicas: []collections.ReplicaState{state}}))
	}
	want := map[crdt.Replica]collections.ReplicaState{device: states[1], 1: states[2]}
	for replica, state := range want {
		state.Rev++
		got, err := s.Replica(t.Context(), replica)
		must(t, err)
		same(t, "replica", got, &state)
	}
	for _, rev := range []uint64{0, 1, 3} {
		testStaleReplica(t, s, collections.ReplicaState{Replica: device, Rev: rev, N: 5})
	}
	testStaleReplica(t, s, collections.ReplicaState{Replica: 2, Rev: 1, N: 5})
}

// testStaleReplica proves that a replica that somebody else moved on keeps a whole batch
// from being written.
func testStaleReplica(t *testing.T, s collections.Store, state collections.ReplicaState) {
	t.Helper()
	at := head(t, s)
	b := batchOf("main", at["main"]+1)
	b.Replicas = []collections.ReplicaState{{Replica: 77, N: 1}, state}
	b.Receipts = []collections.Receipt{{Replica: state.Replica, N: 5}}
	b.Items = []collections.Item{{Kind: "k", Key: "stale", Data: []byte(`1`)}}
	b.Records = []collections.RecordWrite{write(recordOf("work-order", docID(5), 1, `{}`))}
	if err := s.Commit(t.Context(), b); !errors.Is(err, collections.ErrStale) {
		t.Fatalf("replica %v of rev %d: error %v, want ErrStale", state.Replica, state.Rev, err)
	}
	same(t, "head", head(t, s), at)
	_, err1 := s.Receipt(t.Context(), state.Replica, 5)
	_, err2 := s.Replica(t.Context(), 77)
	_, err3 := s.Item(t.Context(), "k", "stale")
	_, err4 := s.Record(t.Context(), "work-order", docID(5))
	for _, err := range []error{err1, err2, err3, err4} {
		if !errors.Is(err, collections.ErrNotFound) {
			t.Fatalf("something of a stale batch is there: %v", err)
		}
	}
}

// testKept proves that all of a store is there when it is opened again.
func testKept(t *testing.T, h Harness) {
	if h.Reopen == nil {
		t.Skip("this store keeps nothing")
	}
	s := h.Open(t)
	b := batchOf("main", 1, 2, 3)
	full := fullRecord("work-order", docID(1), 1)
	b.Records = []collections.RecordWrite{write(full)}
	b.Receipts = []collections.Receipt{{Replica: device, N: 3, Stamp: 9}}
	b.Replicas = []collections.ReplicaState{{Replica: device, User: "u", N: 3}}
	b.Items = []collections.Item{{Kind: "k", Key: "k", Data: []byte(`1`)}}
	must(t, s.Commit(t.Context(), b))
	must(t, s.EnsureIndex(t.Context(), "work-order", []string{"a"}))
	epoch, err := s.Epoch(t.Context())
	must(t, err)

	s = h.Reopen(t, s)
	t.Cleanup(func() { s.Close() })
	again, err := s.Epoch(t.Context())
	must(t, err)
	if epoch == "" || again != epoch {
		t.Fatalf("epoch %q became %q", epoch, again)
	}
	same(t, "head", head(t, s), collections.Position{"main": 3})
	same(t, "log", readLog(t, s, 0, 9), b.Entries)
	same(t, "record", record(t, s, docID(1)), &full)
	receipt, err := s.Receipt(t.Context(), device, 3)
	must(t, err)
	same(t, "receipt", receipt, &b.Receipts[0])
	state, err := s.Replica(t.Context(), device)
	must(t, err)
	b.Replicas[0].Rev = 1
	same(t, "replica", state, &b.Replicas[0])
	items, err := s.Items(t.Context(), "k", "", 9)
	must(t, err)
	same(t, "items", items, []collections.Item{{Kind: "k", Key: "k", Rev: 1, Data: []byte(`1`)}})
	found, err := s.Find(t.Context(), &collections.Query{
		Type: "work-order", Words: []string{"pum"}, State: collections.Any,
		Sort: []collections.Sort{{Field: []string{"a"}}}, Limit: 5})
	must(t, err)
	same(t, "found", found, []*collections.Record{&full})
	if err := s.Commit(t.Context(), batchOf("main", 3)); !errors.Is(err, collections.ErrTaken) {
		t.Fatalf("the log forgot its head: %v", err)
	}
	must(t, s.Commit(t.Context(), batchOf("main", 4)))
}
