package collections_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// failing is a store of which one write fails, and all that come after it, as when a
// server stops there.
type failing struct {
	collections.Store
	mu      sync.Mutex
	left    int  // writes until it fails; below 0: never
	arrives bool // the write that fails arrives all the same
	failed  bool
}

func (s *failing) write(do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed {
		return errDisk
	}
	if s.left--; s.left != -1 {
		return do()
	}
	s.failed = true
	if s.arrives {
		if err := do(); err != nil {
			return err
		}
	}
	return errDisk
}

// failAfter says how many writes go well from now on; below 0: all.
func (s *failing) failAfter(writes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left, s.failed = writes, false
}

func (s *failing) Commit(ctx context.Context, b *collections.Batch) error {
	return s.write(func() error { return s.Store.Commit(ctx, b) })
}

func (s *failing) PutItem(ctx context.Context, item collections.Item) error {
	return s.write(func() error { return s.Store.PutItem(ctx, item) })
}

func (s *failing) DeleteItem(ctx context.Context, kind, key string) error {
	return s.write(func() error { return s.Store.DeleteItem(ctx, kind, key) })
}

func (s *failing) Trim(ctx context.Context, upto collections.Position) error {
	return s.write(func() error { return s.Store.Trim(ctx, upto) })
}

func (s *failing) Purge(ctx context.Context, keys []collections.Key) error {
	return s.write(func() error { return s.Store.Purge(ctx, keys) })
}

// Ensure that wherever a fold is broken off, the next one after a restart finishes it,
// and that meanwhile and afterwards everybody reads and writes as if nothing had been.
func TestFold_BrokenOff(t *testing.T) {
	for _, arrives := range []bool{false, true} {
		step := 0
		for broke := true; broke; step++ {
			t.Run(fmt.Sprintf("write %d, arrives %v", step, arrives), func(t *testing.T) {
				broke = brokenOff(t, step, arrives)
			})
		}
		if step < 8 {
			t.Errorf("a fold is only %d writes: this proves too little", step)
		}
	}
}

func brokenOff(t *testing.T, step int, arrives bool) (broke bool) {
	s := &shadow{Store: storetest.Memory()}
	f := &failing{Store: s, left: -2, arrives: arrives}
	d := openDepotKeeping(t, keepStore{f}, keepDays)
	d.publish("order", orderSchema)
	// Each is another case: quiet, in the trash, busy, busy with a base from before, in
	// the trash with a base from before.
	var ids []string
	for i := range 5 {
		ids = append(ids, d.create(olga, "order", fmt.Sprintf(`{"title":"order %d","hours":1,"notes":"abc"}`, i)))
	}
	d.pass(401)
	for _, id := range ids[3:] {
		d.patch(olga, "order", id, `{"hours":2}`)
	}
	d.fold()
	for _, id := range []string{ids[1], ids[4]} {
		if err := d.Delete(t.Context(), olga, "order", id); err != nil {
			t.Fatal(err)
		}
	}
	d.patch(olga, "order", ids[0], `{"notes":"abcd"}`)
	d.pass(401)
	v := d.device(eve, 0xe1)
	v.sync()
	d.patch(olga, "order", ids[2], `{"hours":3}`)
	d.patch(olga, "order", ids[3], `{"hours":4}`)

	f.failAfter(step)
	_, err := d.Fold(t.Context(), nil)
	broke = f.failed
	if broke && err == nil {
		t.Log("the fold did not notice; the next does what is left")
	}
	if err := d.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	f.failAfter(-2)
	d.open()
	page, err := d.Pull(t.Context(), eve, "", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range d.records("order") {
		if record.Deleted && record.Updated < page.Emptied {
			t.Errorf("the trash is said to be emptied up to %d, and %s is in it from %d", page.Emptied, record.ID, record.Updated)
		}
	}
	v.put("order", ids[2], `{"title":"from the device"}`)
	v.sync()
	d.patch(olga, "order", ids[0], `{"hours":7}`)
	d.checkFolded(s, "order")
	d.fold()
	d.checkFolded(s, "order")
	if n := len(d.records("order")); n != 3 {
		t.Errorf("%d orders are there, want 3", n)
	}
	if log := d.log(); len(log) != 4 {
		t.Errorf("the log has %d entries, want the 4 that are new", len(log))
	}
	for i, id := range []string{ids[0], ids[2], ids[3]} {
		events, _, err := d.History(t.Context(), olga, "order", id, "", "", 0)
		if want := []int{1, 2, 1}[i]; err != nil || len(events) != want || events[0].Fields[0].Before == nil {
			t.Errorf("history of %d tells %s (%v), want %d events upon what was before", i, asJSON(t, events), err, want)
		}
	}
	if v.outdated > 0 || len(v.refused) > 0 {
		t.Errorf("the device was outdated %d times, refused %v", v.outdated, v.refused)
	}
	if bases, err := d.store.Items(t.Context(), "base", "", 10); err != nil || len(bases) != 3 {
		t.Errorf("%d documents are kept as they were (%v), want those of the 3 that were written to", len(bases), err)
	}
	return broke
}

// Ensure folding goes on while many people write to the very documents that are folded.
func TestFold_WhileAllWrite(t *testing.T) {
	d, s := openArchive(t, time.Second)
	const orders, writers, each = 5, 4, 60
	for i := range orders {
		d.order(i+1, `{"title":"x","hours":0,"notes":"abc"}`)
	}
	var people sync.WaitGroup
	for w := range writers {
		people.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 4))
			for range each {
				d.millis.Add(100)
				id := docID(1 + random.IntN(orders))
				if _, err := d.Patch(context.Background(), olga, "order", id, map[string]any{"hours": float64(random.IntN(1000))}); err != nil {
					t.Error(err)
				}
				if _, _, err := d.History(context.Background(), olga, "order", id, "", "", 0); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done, stop := context.WithCancel(context.Background())
	var folds sync.WaitGroup
	folds.Go(func() {
		for done.Err() == nil {
			if _, err := d.Fold(done, nil); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
				return
			}
		}
	})
	people.Wait()
	stop()
	folds.Wait()
	d.pass(1)
	d.fold()
	d.checkFolded(s, "order")
	if log := d.log(); len(log) != 0 {
		t.Errorf("the log still has %d entries", len(log))
	}
}
