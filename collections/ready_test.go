package collections_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// moodyStore answers reads of items as a test says, and says whether it can be written.
type moodyStore struct {
	collections.Store
	item  func(ctx context.Context) error // nil: the store's own
	write error
}

func (s *moodyStore) Item(ctx context.Context, kind, key string) (*collections.Item, error) {
	if s.item != nil {
		return nil, s.item(ctx)
	}
	return s.Store.Item(ctx, kind, key)
}

func (s *moodyStore) Writable() error { return s.write }

// An engine is ready while its store answers and can be written, until it is closed.
func TestReady(t *testing.T) {
	store := &moodyStore{Store: storetest.Memory()}
	e, err := collections.Open(t.Context(), collections.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Ready(t.Context()); err != nil {
		t.Errorf("with a store that works: %v", err)
	}
	store.item = func(context.Context) error { return errDisk }
	if err := e.Ready(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("with a store that cannot be read: %v", err)
	}
	store.item = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := e.Ready(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with a store that does not answer: %v", err)
	}
	store.item, store.write = nil, errDisk
	if err := e.Ready(t.Context()); !errors.Is(err, errDisk) {
		t.Errorf("with a store that cannot be written: %v", err)
	}
	store.write = nil
	if err := e.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	var known *collections.Error
	if err := e.Ready(t.Context()); !errors.As(err, &known) || known.Code != collections.Unavailable {
		t.Errorf("when it is closed: %v", err)
	}
}
