package collections_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

var errDisk = errors.New("the disk does not answer")

// brokenStore is a store whose commits go wrong when a test says so, and which counts
// what is asked of it.
type brokenStore struct {
	collections.Store
	commits atomic.Int64
	reads   atomic.Int64
	damaged atomic.Pointer[string] // id of a document that cannot be read

	mu     sync.Mutex
	commit func(ctx context.Context, b *collections.Batch) error // nil: the store's own
	held   chan struct{}                                         // not nil: commits wait until it is closed
}

// onCommit sets what Commit does from now on; nil for what the store does.
func (s *brokenStore) onCommit(do func(ctx context.Context, b *collections.Batch) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commit = do
}

// hold makes commits wait until the function it gives is called, or the test fails: the
// engine could not be closed otherwise.
func (s *brokenStore) hold(t *testing.T) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(chan struct{})
	s.held = held
	release = sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.held = nil
		close(held)
	})
	t.Cleanup(release)
	return release
}

func (s *brokenStore) Commit(ctx context.Context, b *collections.Batch) error {
	s.mu.Lock()
	do, held := s.commit, s.held
	s.mu.Unlock()
	s.commits.Add(1)
	if held != nil {
		<-held
	}
	if do != nil {
		return do(ctx, b)
	}
	return s.Store.Commit(ctx, b)
}

func (s *brokenStore) Record(ctx context.Context, typ, id string) (*collections.Record, error) {
	s.reads.Add(1)
	if damaged := s.damaged.Load(); damaged != nil && *damaged == id {
		return nil, errDisk
	}
	return s.Store.Record(ctx, typ, id)
}

func (s *brokenStore) Records(ctx context.Context, keys []collections.Key) ([]*collections.Record, error) {
	s.reads.Add(int64(len(keys)))
	for _, key := range keys {
		if damaged := s.damaged.Load(); damaged != nil && *damaged == key.ID {
			return nil, errDisk
		}
	}
	return s.Store.Records(ctx, keys)
}

func (s *brokenStore) Find(ctx context.Context, q *collections.Query) ([]*collections.Record, error) {
	found, err := s.Store.Find(ctx, q)
	s.reads.Add(int64(len(found)))
	return found, err
}

func (s *brokenStore) Count(ctx context.Context, q *collections.Query) (int, error) {
	n, err := s.Store.Count(ctx, q)
	s.reads.Add(int64(n))
	return n, err
}

func (s *brokenStore) Log(ctx context.Context, stream string, after uint64, limit int) ([]collections.Entry, error) {
	found, err := s.Store.Log(ctx, stream, after, limit)
	s.reads.Add(int64(len(found)))
	return found, err
}

func (s *brokenStore) History(ctx context.Context, typ, id string, after collections.Place, limit int) ([]collections.Entry, error) {
	found, err := s.Store.History(ctx, typ, id, after, limit)
	s.reads.Add(int64(len(found)))
	return found, err
}

func (s *brokenStore) Receipt(ctx context.Context, replica crdt.Replica, n uint64) (*collections.Receipt, error) {
	s.reads.Add(1)
	return s.Store.Receipt(ctx, replica, n)
}
