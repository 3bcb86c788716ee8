package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
)

// Log implements [collections.Store].
func (s *Store) Log(ctx context.Context, stream string, after uint64, limit int) (found []collections.Entry, err error) {
	err = s.readLog(ctx, limit, func() error {
		if after < s.floor[stream] {
			return collections.ErrTrimmed
		}
		found = s.entries(limit, func(e collections.Entry) bool { return e.Stream == stream && e.N > after })
		return nil
	})
	return found, err
}

// History implements [collections.Store].
func (s *Store) History(ctx context.Context, typ, id string, after collections.Place, limit int) (found []collections.Entry, err error) {
	err = s.readLog(ctx, limit, func() error {
		if s.records[collections.Key{Type: typ, ID: id}].Record == nil {
			return nil
		}
		past := after.N <= s.floor[after.Stream]
		found = s.entries(limit, func(e collections.Entry) bool {
			if !past {
				past = e.Place == after
				return false
			}
			return e.Kind == collections.EntryChange && e.Change.Type == typ && e.Change.Doc == id
		})
		return nil
	})
	return found, err
}

// readLog is read with a limit to check.
func (s *Store) readLog(ctx context.Context, limit int, f func() error) error {
	if limit < 1 {
		return fmt.Errorf("storetest: a limit is at least 1, not %d", limit)
	}
	return s.read(ctx, f)
}

// entries gives the first that are wanted, with mu held.
func (s *Store) entries(limit int, want func(collections.Entry) bool) (found []collections.Entry) {
	for _, e := range s.log {
		if len(found) < limit && want(e) {
			found = append(found, e)
		}
	}
	return found
}

// Trim implements [collections.Store].
func (s *Store) Trim(ctx context.Context, upto collections.Position) error {
	return s.write(ctx, func() error {
		for stream, n := range upto {
			if n > s.head[stream] {
				return fmt.Errorf("storetest: trim up to %d of stream %q, which ends at %d", n, stream, s.head[stream])
			}
		}
		for stream, n := range upto {
			if n > 0 {
				s.floor[stream] = max(s.floor[stream], n)
			}
		}
		s.log = slices.DeleteFunc(s.log, s.trimmed)
		return nil
	})
}

// trimmed reports whether an entry is to go. The receipt of its change goes with it.
func (s *Store) trimmed(e collections.Entry) bool {
	if e.N > s.floor[e.Stream] {
		return false
	}
	if e.Change != nil {
		delete(s.receipts, change{e.Change.Replica, e.Change.N})
	}
	return true
}

// Floor implements [collections.Store].
func (s *Store) Floor(ctx context.Context) (floor collections.Position, err error) {
	err = s.read(ctx, func() error { floor = maps.Clone(s.floor); return nil })
	return floor, err
}

// Purge implements [collections.Store].
func (s *Store) Purge(ctx context.Context, keys []collections.Key) error {
	return s.write(ctx, func() error {
		for _, key := range keys {
			delete(s.records, key)
		}
		return nil
	})
}
