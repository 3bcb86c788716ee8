package mongo

import (
	"errors"
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

const device crdt.Replica = 0xfedcba9876543210

// sampleBatch is a batch that holds something of everything: entry n of a stream, the
// record that it is about, a receipt, a replica and two items, one of them new with n.
func sampleBatch(stream string, n uint64) *collections.Batch {
	doc := fmt.Sprintf("%s-%d", stream, n)
	change := &crdt.Change{
		Replica: device, N: n, Prev: n - 1, Stamp: crdt.NewTime(1_700_000_000_000+int64(n), 3), Type: "work-order", Version: 1, Doc: doc,
		Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"title"}, Value: fmt.Sprint("title ", n), Has: true}},
	}
	return &collections.Batch{
		Stream: stream,
		Entries: []collections.Entry{{
			Place: collections.Place{Stream: stream, N: n}, Kind: collections.EntryChange, At: 5, By: "ines", Type: "work-order", Change: change}},
		Records: []collections.RecordWrite{{Record: collections.Record{
			Key: collections.Key{Type: "work-order", ID: doc}, Rev: 1, Version: 1, Value: []byte(`{"a":1}`), Meta: []byte{1},
			Last: collections.Place{Stream: stream, N: n}}}},
		Receipts: []collections.Receipt{{Replica: device, N: n, Refused: collections.Errorf(collections.Invalid, "", "No.")}},
		Replicas: []collections.ReplicaState{{Replica: device, Rev: n - 1, User: "u", N: n}},
		Items: []collections.Item{
			{Kind: "k", Key: "count", Rev: n - 1, Data: fmt.Append(nil, n)},
			{Kind: "k", Key: fmt.Sprint("new ", n), Data: []byte(`"new"`)},
		},
	}
}

// checkSamples verifies that a store holds the first batches of the stream main, all that
// each holds besides records, and nothing of the next; it gives how many.
func checkSamples(t *testing.T, s *Store) uint64 {
	t.Helper()
	entries, err := s.Log(t.Context(), "main", 0, 1000)
	must(t, err)
	n := uint64(len(entries))
	heads, err := s.Head(t.Context())
	must(t, err)
	if heads["main"] != n {
		t.Fatalf("the head is %d, and the log ends at %d", heads["main"], n)
	}
	state, err := s.Replica(t.Context(), device)
	if n > 0 {
		must(t, err)
		if state.N != n || state.Rev != n {
			t.Fatalf("after %d batches the replica is at %d, revision %d", n, state.N, state.Rev)
		}
	} else if !errors.Is(err, collections.ErrNotFound) {
		t.Fatalf("a replica without a batch: %v, %v", state, err)
	}
	for m := uint64(1); m <= n+1; m++ {
		_, err1 := s.Receipt(t.Context(), device, m)
		_, err2 := s.Item(t.Context(), "k", fmt.Sprint("new ", m))
		if m <= n {
			must(t, errors.Join(err1, err2))
		} else if !errors.Is(err1, collections.ErrNotFound) || !errors.Is(err2, collections.ErrNotFound) {
			t.Fatalf("batch %d is not in the log, and there is something of it: %v, %v", m, err1, err2)
		}
	}
	items, err := s.Items(t.Context(), "k", "", 1000)
	must(t, err)
	if want := n + min(n, 1); uint64(len(items)) != want {
		t.Fatalf("%d items, want %d: %v", len(items), want, items)
	}
	for _, item := range items {
		if item.Key == "count" && (item.Rev != n || string(item.Data) != fmt.Sprint(n)) {
			t.Fatalf("after %d batches the count is %s, revision %d", n, item.Data, item.Rev)
		}
	}
	return n
}

// checkUnlocked verifies that nothing is locked and no batch is half applied any more, once
// all that anybody had to do is done.
func checkUnlocked(t *testing.T, s *Store) {
	t.Helper()
	page, err := s.thingsAfter(t.Context(), "", "z", 1000)
	must(t, err)
	for _, thing := range page {
		if thing.Lock != nil || thing.Rev == 0 {
			t.Fatalf("%q is still locked: %+v", thing.ID, thing)
		}
	}
}

// is is the condition that a field has a value.
func is(field, value string) *schema.Condition {
	return &schema.Condition{Op: "is", Field: []string{field}, Value: value}
}
