package storetest

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// Store is an in-memory [collections.Store]. Queries look through all there is.
type Store struct {
	mu       sync.RWMutex // guards all below
	closed   bool
	epoch    string
	head     collections.Position
	floor    collections.Position
	terms    map[string]uint64
	log      []collections.Entry // in commit order
	records  map[collections.Key]Document
	receipts map[change]collections.Receipt
	replicas map[crdt.Replica]collections.ReplicaState
	items    map[itemKey]collections.Item
}

type (
	change struct {
		replica crdt.Replica
		n       uint64
	}
	itemKey struct{ kind, key string }
)

var _ collections.Store = (*Store)(nil)

// Memory makes an empty in-memory store.
func Memory() *Store {
	return &Store{
		epoch:    rand.Text(),
		head:     collections.Position{},
		floor:    collections.Position{},
		terms:    map[string]uint64{},
		records:  map[collections.Key]Document{},
		receipts: map[change]collections.Receipt{},
		replicas: map[crdt.Replica]collections.ReplicaState{},
		items:    map[itemKey]collections.Item{},
	}
}

var errClosed = errors.New("storetest: the store is closed")

// usable is asked with mu held.
func (s *Store) usable(ctx context.Context) error {
	if s.closed {
		return errClosed
	}
	return ctx.Err()
}

// read runs f while nobody writes.
func (s *Store) read(ctx context.Context, f func() error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	return f()
}

// write runs f while nobody else reads or writes.
func (s *Store) write(ctx context.Context, f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	return f()
}

// Epoch implements [collections.Store].
func (s *Store) Epoch(ctx context.Context) (epoch string, err error) {
	err = s.read(ctx, func() error { epoch = s.epoch; return nil })
	return epoch, err
}

// Head implements [collections.Store].
func (s *Store) Head(ctx context.Context) (head collections.Position, err error) {
	err = s.read(ctx, func() error { head = maps.Clone(s.head); return nil })
	return head, err
}

// Record implements [collections.Store].
func (s *Store) Record(ctx context.Context, typ, id string) (*collections.Record, error) {
	found, err := s.Records(ctx, []collections.Key{{Type: typ, ID: id}})
	if err == nil && found[0] == nil {
		err = collections.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Records implements [collections.Store].
func (s *Store) Records(ctx context.Context, keys []collections.Key) (found []*collections.Record, err error) {
	err = s.read(ctx, func() error {
		for _, key := range keys {
			found = append(found, readRecord(s.records[key].Record))
		}
		return nil
	})
	return found, err
}

// Find implements [collections.Store].
func (s *Store) Find(ctx context.Context, q *collections.Query) (found []*collections.Record, err error) {
	if err := checkQuery(q); err != nil {
		return nil, err
	}
	err = s.read(ctx, func() error {
		for _, d := range Select(q, maps.Values(s.records)) {
			found = append(found, readRecord(d.Record))
		}
		return nil
	})
	return found, err
}

// Count implements [collections.Store].
func (s *Store) Count(ctx context.Context, q *collections.Query) (n int, err error) {
	all := *q
	all.Limit = math.MaxInt
	err = s.read(ctx, func() error { n = len(Select(&all, maps.Values(s.records))); return nil })
	return n, err
}

// Receipt implements [collections.Store].
func (s *Store) Receipt(ctx context.Context, replica crdt.Replica, n uint64) (found *collections.Receipt, err error) {
	err = s.read(ctx, func() error {
		receipt, ok := s.receipts[change{replica, n}]
		if !ok {
			return collections.ErrNotFound
		}
		found = copyReceipt(receipt)
		return nil
	})
	return found, err
}

// Replica implements [collections.Store].
func (s *Store) Replica(ctx context.Context, replica crdt.Replica) (found *collections.ReplicaState, err error) {
	err = s.read(ctx, func() error {
		state, ok := s.replicas[replica]
		if !ok {
			return collections.ErrNotFound
		}
		found = &state
		return nil
	})
	return found, err
}

// Item implements [collections.Store].
func (s *Store) Item(ctx context.Context, kind, key string) (found *collections.Item, err error) {
	err = s.read(ctx, func() error {
		item, ok := s.items[itemKey{kind, key}]
		if !ok {
			return collections.ErrNotFound
		}
		item = copyItem(item)
		found = &item
		return nil
	})
	return found, err
}

// Items implements [collections.Store].
func (s *Store) Items(ctx context.Context, kind, after string, limit int) (found []collections.Item, err error) {
	if limit < 1 {
		return nil, fmt.Errorf("storetest: a limit is at least 1, not %d", limit)
	}
	err = s.read(ctx, func() error {
		for _, item := range s.items {
			if item.Kind == kind && item.Key > after {
				found = append(found, copyItem(item))
			}
		}
		return nil
	})
	slices.SortFunc(found, func(a, b collections.Item) int { return cmp.Compare(a.Key, b.Key) })
	return found[:min(len(found), limit)], err
}

// PutItem implements [collections.Store].
func (s *Store) PutItem(ctx context.Context, item collections.Item) error {
	return s.write(ctx, func() error {
		if s.stale(item) {
			return collections.ErrStale
		}
		s.put(item)
		return nil
	})
}

// DeleteItem implements [collections.Store].
func (s *Store) DeleteItem(ctx context.Context, kind, key string) error {
	return s.write(ctx, func() error {
		delete(s.items, itemKey{kind, key})
		return nil
	})
}

// EnsureIndex implements [collections.Store]; there is nothing to do.
func (s *Store) EnsureIndex(ctx context.Context, typ string, field []string) error {
	return s.read(ctx, func() error { return checkField(field) })
}

// Close implements [collections.Store].
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

func copyRecord(r *collections.Record) *collections.Record {
	if r == nil {
		return nil
	}
	c := *r
	c.Value, c.Meta = slices.Clone(r.Value), slices.Clone(r.Meta)
	c.Problems, c.Words = slices.Clone(r.Problems), slices.Clone(r.Words)
	return &c
}

// readRecord is what a reader gets: nobody is to lean on words coming back.
func readRecord(r *collections.Record) *collections.Record {
	c := copyRecord(r)
	if c != nil {
		c.Words = nil
	}
	return c
}

func copyReceipt(r collections.Receipt) *collections.Receipt {
	if r.Refused != nil {
		refused := *r.Refused
		r.Refused = &refused
	}
	return &r
}

func copyItem(i collections.Item) collections.Item {
	i.Data = slices.Clone(i.Data)
	return i
}
