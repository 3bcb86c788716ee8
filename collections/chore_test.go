package collections_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// reach is the store as one server reaches it: cut off, it answers nothing.
type reach struct {
	*storetest.Store
	mu  sync.Mutex
	cut bool
}

var errCut = errors.New("the network is gone")

func (r *reach) cutOff(cut bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = cut
}

func (r *reach) gone() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cut {
		return errCut
	}
	return nil
}

func (r *reach) Item(ctx context.Context, kind, key string) (*collections.Item, error) {
	if err := r.gone(); err != nil {
		return nil, err
	}
	return r.Store.Item(ctx, kind, key)
}

func (r *reach) PutItem(ctx context.Context, item collections.Item) error {
	if err := r.gone(); err != nil {
		return err
	}
	return r.Store.PutItem(ctx, item)
}

// choring is one server that takes part in a chore.
type choring struct {
	*reach
	stop  context.CancelFunc
	ended chan struct{}
	mu    sync.Mutex
	doing bool
	times int
}

func (c *choring) does() bool { c.mu.Lock(); defer c.mu.Unlock(); return c.doing }

func (c *choring) begun() int { c.mu.Lock(); defer c.mu.Unlock(); return c.times }

func (c *choring) set(doing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.doing = doing; doing {
		c.times++
	}
}

// take begins a server's part. do runs while it has the chore, after it was noted.
func take(t *testing.T, store *storetest.Store, owner string, do func(ctx context.Context)) *choring {
	c := &choring{reach: &reach{Store: store}, ended: make(chan struct{})}
	ctx, stop := context.WithCancel(t.Context())
	c.stop = stop
	chore := collections.NewChore(collections.ChoreConfig{Items: c, Name: "sweep", Owner: owner, Now: time.Now})
	go func() {
		defer close(c.ended)
		chore.Run(ctx, func(ctx context.Context) {
			c.set(true)
			defer c.set(false)
			do(ctx)
		})
	}()
	return c
}

func untilDone(ctx context.Context) { <-ctx.Done() }

// Ensure of two servers one does the chore, that the other one does it at once when that
// one stops, and within little more than ten seconds when it cannot be heard any more,
// by when the one before has stopped by itself.
func TestChore_TakenOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := storetest.Memory()
		a := take(t, store, "a", untilDone)
		synctest.Wait()
		b := take(t, store, "b", untilDone)
		time.Sleep(time.Minute)
		if !a.does() || b.does() || a.begun() != 1 {
			t.Fatalf("a does it: %v, b: %v; a began %d times", a.does(), b.does(), a.begun())
		}
		if owners, err := collections.Chores(t.Context(), store); err != nil || !maps.Equal(owners, map[string]string{"sweep": "a"}) {
			t.Errorf("who has chores: %v (%v)", owners, err)
		}
		a.stop()
		<-a.ended
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if !b.does() {
			t.Fatal("b does not have it after a stopped")
		}
		c := take(t, store, "c", untilDone)
		time.Sleep(time.Minute + 500*time.Millisecond)
		b.cutOff(true)
		for passed := time.Duration(0); !c.does(); passed += 100 * time.Millisecond {
			if passed > collections.HoldLife+3*time.Second {
				t.Fatalf("nobody does it %s after its holder fell silent", passed)
			}
			time.Sleep(100 * time.Millisecond)
		}
		if b.does() {
			t.Error("two do it at once")
		}
		b.cutOff(false)
		time.Sleep(time.Minute)
		if b.does() || !c.does() {
			t.Errorf("after b came back: b %v, c %v", b.does(), c.does())
		}
		for _, server := range []*choring{b, c} {
			server.stop()
			<-server.ended
		}
		if owners, err := collections.Chores(t.Context(), store); err != nil || len(owners) > 0 {
			t.Errorf("after all stopped: %v (%v)", owners, err)
		}
	})
}

// Ensure a chore that fails, or is done, is begun again, and that a short silence of the
// store interrupts nothing.
func TestChore_GoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := take(t, storetest.Memory(), "a", func(context.Context) { panic("of the test") })
		time.Sleep(10 * time.Second)
		if a.begun() < 3 {
			t.Errorf("begun %d times", a.begun())
		}
		a.stop()
		<-a.ended
		b := take(t, storetest.Memory(), "b", untilDone)
		time.Sleep(10500 * time.Millisecond) // between two beats
		b.cutOff(true)
		time.Sleep(4 * time.Second)
		b.cutOff(false)
		time.Sleep(time.Minute)
		if b.begun() != 1 || !b.does() {
			t.Errorf("begun %d times, done now: %v", b.begun(), b.does())
		}
		b.stop()
		<-b.ended
	})
}
