package sqlite

import (
	"errors"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// Receipts of accepted changes go with their entries also where these were never folded
// into a block, as on a server that hears little.
func TestTrim_TakesReceiptsOfRows(t *testing.T) {
	s := mustOpen(t, "")
	ctx := t.Context()
	b := &collections.Batch{Stream: "main"}
	for n := range uint64(5) {
		e := collections.Entry{
			Place: collections.Place{Stream: "main", N: n + 1}, Kind: collections.EntryChange, At: 1, By: "anna", Type: "order",
			Change: &crdt.Change{Replica: 7, N: n + 1, Prev: n, Type: "order", Version: 1, Doc: "d", Ops: []crdt.Op{{Kind: crdt.OpCreate}}},
		}
		b.Entries = append(b.Entries, e)
		b.Receipts = append(b.Receipts, receiptFor(&e))
	}
	if err := s.Commit(ctx, b); err != nil {
		t.Fatal(err)
	}
	if err := s.Trim(ctx, collections.Position{"main": 3}); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(5) {
		_, err := s.Receipt(ctx, 7, n+1)
		if gone := errors.Is(err, collections.ErrNotFound); gone != (n < 3) || err != nil && !gone {
			t.Errorf("receipt %d after a trim to 3: error %v", n+1, err)
		}
	}
}
