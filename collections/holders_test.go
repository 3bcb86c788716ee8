package collections_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// A server that beats holds its stream; one that was killed, or has let go, does not.
func TestHolders(t *testing.T) {
	store := storetest.Memory()
	now := time.Now()
	hold := func(stream, owner string) *collections.Hold {
		h := collections.NewHold(store, "stream", stream, owner, func() time.Time { return now })
		if mine, err := h.Try(t.Context()); !mine || err != nil {
			t.Fatal(mine, err)
		}
		return h
	}
	asked := 0
	holders := func(meanwhile func()) []string {
		live, err := collections.Holders(t.Context(), store, func(_ context.Context, d time.Duration) error {
			if asked++; d < collections.HoldLife {
				t.Errorf("it waits for %s, and a holder may be silent for %s", d, collections.HoldLife)
			}
			meanwhile()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return live
	}
	gone := hold("gone", "a")
	if err := gone.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if live := holders(func() {}); len(live) > 0 || asked > 0 {
		t.Fatalf("nobody holds anything, and it says %v after asking %d times", live, asked)
	}
	hold("killed", "b")
	alive := hold("alive", "c")
	beat := func() {
		if err := alive.Keep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if live := holders(beat); !slices.Equal(live, []string{"alive"}) {
		t.Fatalf("holders: %v", live)
	}
	if live := holders(func() {}); len(live) > 0 {
		t.Fatalf("holders that do not beat: %v", live)
	}
	if live := holders(func() { hold("new", "d") }); !slices.Equal(live, []string{"new"}) {
		t.Fatalf("a server that came meanwhile: %v", live)
	}
	stopped := errors.New("stopped")
	if _, err := collections.Holders(t.Context(), store, func(context.Context, time.Duration) error { return stopped }); !errors.Is(err, stopped) {
		t.Fatal(err)
	}
}
