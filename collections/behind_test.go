package collections_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// deafStore gives no heads of the log while it is deaf.
type deafStore struct {
	collections.Store
	deaf atomic.Bool
}

func (s *deafStore) Head(ctx context.Context) (collections.Position, error) {
	if s.deaf.Load() {
		return nil, errDisk
	}
	return s.Store.Head(ctx)
}

// Of servers that share a store, one that hears nothing of the others for a while is not
// ready, and is again when it hears; one that has the store to itself never asks.
func TestBehind(t *testing.T) {
	var ahead atomic.Int64 // of the clock
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	open := func(name string, store collections.Store) *collections.Engine {
		e, err := collections.Open(t.Context(), collections.Config{Store: store, Server: name, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = e.Close(context.Background()) })
		return e
	}
	if entries, heard, shared := open("", storetest.Memory()).Behind(); entries != nil || heard != 0 || shared {
		t.Errorf("alone: %v, %v, %v", entries, heard, shared)
	}
	store := &deafStore{Store: storetest.Memory()}
	e := open("one", store)
	if _, heard, shared := e.Behind(); heard > 10*time.Second || !shared || e.Ready(t.Context()) != nil {
		t.Errorf("at the start it heard %v ago, ready: %v", heard, e.Ready(t.Context()))
	}
	store.deaf.Store(true)
	until(t, "it to look in vain", func() bool { _, heard, _ := e.Behind(); return heard > 600*time.Millisecond })
	_, heard, _ := e.Behind()
	for _, step := range []struct {
		silence time.Duration
		ready   bool
	}{{14 * time.Second, true}, {16 * time.Second, false}} {
		ahead.Store(int64(step.silence - heard))
		err := e.Ready(t.Context())
		var known *collections.Error
		if (err == nil) != step.ready || err != nil && (!errors.As(err, &known) || !strings.Contains(known.Error(), "what others write")) {
			t.Errorf("after %v: %v", step.silence, err)
		}
	}
	store.deaf.Store(false)
	until(t, "it to hear again", func() bool { return e.Ready(t.Context()) == nil })
}

// until waits for something.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited for %s", what)
		}
	}
}
