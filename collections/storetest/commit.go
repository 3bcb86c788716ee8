package storetest

import (
	"context"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
)

// Commit implements [collections.Store].
func (s *Store) Commit(ctx context.Context, b *collections.Batch) error {
	if err := checkBatch(b); err != nil {
		return err
	}
	return s.write(ctx, func() error {
		if !s.follows(b) {
			return collections.ErrTaken
		}
		if slices.ContainsFunc(b.Items, s.stale) || slices.ContainsFunc(b.Replicas, s.staleReplica) {
			return collections.ErrStale
		}
		return s.commit(b)
	})
}

// checkBatch refuses what no store could keep: it is the caller's mistake.
func checkBatch(b *collections.Batch) error {
	for _, e := range b.Entries {
		if e.Stream != b.Stream {
			return fmt.Errorf("storetest: an entry of stream %q in a batch of stream %q", e.Stream, b.Stream)
		}
		if e.Kind == collections.EntryChange && (e.Change == nil || e.Change.Type != e.Type) {
			return fmt.Errorf("storetest: entry %d: its change is not of type %q", e.N, e.Type)
		}
	}
	for _, w := range b.Records {
		if w.Record.Rev != w.Base+1 {
			return fmt.Errorf("storetest: record %s/%s: rev %d does not follow base %d",
				w.Record.Type, w.Record.ID, w.Record.Rev, w.Base)
		}
	}
	return nil
}

// follows reports whether the batch's entries are the next of their stream, and its
// term is none that is over.
func (s *Store) follows(b *collections.Batch) bool {
	if b.Term < s.terms[b.Stream] {
		return false
	}
	n := s.head[b.Stream]
	for _, e := range b.Entries {
		if n++; e.N != n {
			return false
		}
	}
	return true
}

// stale reports whether somebody else wrote the item since its Rev.
func (s *Store) stale(item collections.Item) bool {
	return item.Rev != s.items[itemKey{item.Kind, item.Key}].Rev
}

// staleReplica reports whether somebody else moved the replica on since its Rev.
func (s *Store) staleReplica(r collections.ReplicaState) bool {
	return r.Rev != s.replicas[r.Replica].Rev
}

func (s *Store) commit(b *collections.Batch) error {
	s.terms[b.Stream] = b.Term
	for _, e := range b.Entries {
		s.log = append(s.log, e)
		s.head[e.Stream] = e.N
	}
	var stale []collections.Key
	for _, w := range b.Records {
		if revision(s.records[w.Record.Key].Record) != w.Base {
			stale = append(stale, w.Record.Key)
			continue
		}
		s.records[w.Record.Key] = Read(copyRecord(&w.Record))
	}
	for _, r := range b.Receipts {
		s.receipts[change{r.Replica, r.N}] = *copyReceipt(r)
	}
	for _, r := range b.Replicas {
		r.Rev++
		s.replicas[r.Replica] = r
	}
	for _, item := range b.Items {
		s.put(item)
	}
	if len(stale) > 0 {
		return &collections.StaleError{Keys: stale}
	}
	return nil
}

// revision is 0 for a record that is not there.
func revision(r *collections.Record) uint64 {
	if r == nil {
		return 0
	}
	return r.Rev
}

func (s *Store) put(item collections.Item) {
	item = copyItem(item)
	item.Rev++
	s.items[itemKey{item.Kind, item.Key}] = item
}
