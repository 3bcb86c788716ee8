package collections_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// openBroken is openDepot on a store that a test can break.
func openBroken(t *testing.T) (*depot, *brokenStore) {
	t.Helper()
	store := &brokenStore{Store: storetest.Memory()}
	d := openDepotOn(t, store)
	d.publish("order", orderSchema)
	return d, store
}

// waitFor waits until what is asked for is so: it is about to be.
func waitFor(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 10 s for %s", what)
		}
	}
}

// Ensure pushes that arrive while a commit is on its way share the next one.
func TestCommit_GroupsPushes(t *testing.T) {
	const pushes = 100
	d, store := openBroken(t)
	release := store.hold(t)
	before := store.commits.Load()
	var people sync.WaitGroup
	push := func(i int) {
		c := creation(crdt.Replica(i+1), 1, docID(i+1), fmt.Sprint("order ", i))
		results, err := d.push(collections.Actor{User: fmt.Sprint(i), Name: "x", Role: collections.Worker}, c.Replica, c)
		if err != nil || !results[0].OK {
			t.Errorf("push %d: %s, %v", i, asJSON(t, results), err)
		}
	}
	people.Go(func() { push(0) })
	waitFor(t, "the first commit", func() bool { return store.commits.Load() == before+1 })
	for i := 1; i < pushes; i++ {
		people.Go(func() { push(i) })
	}
	waitFor(t, "all pushes to stand in line", func() bool { return d.Waiting() == pushes-1 })
	release()
	people.Wait()
	if commits := store.commits.Load() - before; commits != 2 {
		t.Errorf("%d pushes took %d commits, want 2", pushes, commits)
	}
	if s := d.Stats(); s.Accepted != pushes || s.Head["main"] != uint64(pushes)+1 {
		t.Errorf("stats are %+v", s)
	}
	d.checkReplay("order")
}

// creation is a change that makes an order.
func creation(replica crdt.Replica, n uint64, id, title string) *crdt.Change {
	return &crdt.Change{
		Replica: replica, N: n, Stamp: crdt.NewTime(1, 0), Type: "order", Version: 1, Doc: id,
		Ops: []crdt.Op{{Kind: crdt.OpCreate}, set("title", title)},
	}
}

// Ensure changes of one commit see what those before them in it did, whoever sent them.
func TestCommit_RoundSeesItself(t *testing.T) {
	d, store := openBroken(t)
	id := d.create(olga, "order", `{"title":"Pump","hours":0}`)
	release := store.hold(t)
	before := store.commits.Load()
	var people sync.WaitGroup
	people.Go(func() { d.patch(olga, "order", id, `{"status":"open"}`) })
	waitFor(t, "the first commit", func() bool { return store.commits.Load() == before+1 })
	for range 50 {
		people.Go(func() {
			if _, err := d.Patch(context.Background(), olga, "order", id, map[string]any{"hours": 5.0}); err != nil {
				t.Error(err)
			}
		})
	}
	waitFor(t, "all to stand in line", func() bool { return d.Waiting() == 50 })
	release()
	people.Wait()
	// Whoever was first added 5, the others found it there.
	if hours := d.document("order", id).Value()["hours"]; hours != 5.0 {
		t.Errorf("hours are %v, want 5", hours)
	}
	d.checkReplay("order")
}

// Ensure a commit that failed is answered Unavailable, has no effect, and that the
// same push has its effect once when it is sent again.
func TestCommit_StoreFails(t *testing.T) {
	for name, commit := range map[string]func(*brokenStore) func(context.Context, *collections.Batch) error{
		"nothing was written": func(*brokenStore) func(context.Context, *collections.Batch) error {
			return func(context.Context, *collections.Batch) error { return errDisk }
		},
		"number taken": func(*brokenStore) func(context.Context, *collections.Batch) error {
			return func(context.Context, *collections.Batch) error { return collections.ErrTaken }
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, store := openBroken(t)
			id := d.create(olga, "order", `{"title":"Pump","hours":1}`)
			before := d.dump("order")
			add := &crdt.Change{
				Replica: 0xa, N: 1, Type: "order", Version: 1, Doc: id,
				Ops: []crdt.Op{{Kind: crdt.OpAdd, Path: []string{"hours"}, Value: 2.0, Has: true}},
			}
			store.onCommit(commit(store))
			_, err := d.push(wim, 0xa, add)
			wantCode(t, err, collections.Unavailable)
			_, err = d.Patch(t.Context(), olga, "order", id, map[string]any{"title": "lost"})
			wantCode(t, err, collections.Unavailable)
			if after := d.dump("order"); after != before {
				t.Errorf("a failed commit left something:\n%s\nbefore:\n%s", after, before)
			}
			store.onCommit(nil)
			for range 2 {
				if results, err := d.push(wim, 0xa, add); err != nil || !results[0].OK {
					t.Fatalf("sent again: %s, %v", asJSON(t, results), err)
				}
			}
			if hours := d.document("order", id).Value()["hours"]; hours != 3.0 {
				t.Errorf("hours are %v, want 3", hours)
			}
			d.checkReplay("order")
		})
	}
}

// Ensure a commit of which the store does not know how it ended is looked up: what is
// in the log stands, with everything that belongs to it.
func TestCommit_UnknownOutcome(t *testing.T) {
	for name, arrives := range map[string]func(b *collections.Batch) *collections.Batch{
		"all of it arrived": func(b *collections.Batch) *collections.Batch { return b },
		"all but the records arrived": func(b *collections.Batch) *collections.Batch {
			cut := *b
			cut.Records = nil
			return &cut
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, store := openBroken(t)
			store.onCommit(func(ctx context.Context, b *collections.Batch) error {
				if len(b.Entries) == 0 {
					return store.Store.Commit(ctx, b)
				}
				if err := store.Store.Commit(ctx, arrives(b)); err != nil {
					return err
				}
				return errDisk
			})
			bad := creation(0xa, 2, docID(2), "x")
			bad.Ops = bad.Ops[:1] // refused: the title is missing
			changes := []*crdt.Change{creation(0xa, 1, docID(1), "Pump"), bad}
			first, err := d.push(wim, 0xa, changes...)
			if err != nil || !first[0].OK || first[1].OK {
				t.Fatalf("answered %s, %v", asJSON(t, first), err)
			}
			if state, err := d.store.Replica(t.Context(), 0xa); err != nil || state.N != 2 {
				t.Errorf("the replica is at %+v (%v)", state, err)
			}
			store.onCommit(nil)
			again, err := d.push(wim, 0xa, changes...)
			if err != nil || asJSON(t, again) != asJSON(t, first) {
				t.Errorf("sent again: %s, %v\nfirst: %s", asJSON(t, again), err, asJSON(t, first))
			}
			d.checkReplay("order")
		})
	}
}

// Ensure that when somebody else moved a record on meanwhile, the change is merged into
// what is there now.
func TestCommit_StaleRecord(t *testing.T) {
	d, store := openBroken(t)
	id := d.create(olga, "order", `{"title":"Pump"}`)
	store.onCommit(func(ctx context.Context, b *collections.Batch) error {
		store.onCommit(nil)
		// Another server has written the record meanwhile, without our knowing.
		record, err := store.Record(ctx, "order", id)
		if err != nil {
			return err
		}
		record.Rev++
		write := collections.RecordWrite{Base: record.Rev - 1, Record: *record}
		if err := store.Store.Commit(ctx, &collections.Batch{Stream: "main", Records: []collections.RecordWrite{write}}); err != nil {
			return err
		}
		return store.Store.Commit(ctx, b)
	})
	d.patch(olga, "order", id, `{"title":"Pump 4"}`)
	if got := d.document("order", id).Value()["title"]; got != "Pump 4" {
		t.Errorf("the title is %v", got)
	}
	d.checkReplay("order")
}

// Ensure what one writer's mistake is does not reach the others of its commit.
func TestCommit_OnesMistake(t *testing.T) {
	d, store := openBroken(t)
	id := d.create(olga, "order", `{"title":"Pump"}`)
	bad := d.order(2, `{"title":"cannot be read"}`)
	store.damaged.Store(&bad)
	release := store.hold(t)
	before := store.commits.Load()
	var people sync.WaitGroup
	people.Go(func() { d.patch(olga, "order", id, `{"status":"open"}`) })
	waitFor(t, "the first commit", func() bool { return store.commits.Load() == before+1 })
	var failed [4]error
	gone, leave := context.WithCancel(context.Background())
	people.Go(func() { failed[0] = d.CommitPanicking(docID(7)) })
	people.Go(func() { _, failed[1] = d.push(wim, 0xa, creation(0xa, 5, docID(8), "gap")) })
	people.Go(func() {
		_, failed[2] = d.Create(gone, olga, "order", docID(9), map[string]any{"title": "nobody waits"})
	})
	people.Go(func() { _, failed[3] = d.Patch(context.Background(), olga, "order", bad, map[string]any{"title": "x"}) })
	people.Go(func() { d.patch(olga, "order", id, `{"title":"Pump 4"}`) })
	waitFor(t, "all to stand in line", func() bool { return d.Waiting() == 5 })
	leave()
	release()
	people.Wait()
	store.damaged.Store(nil)
	if failed[0] == nil || !errors.Is(failed[2], context.Canceled) || !errors.Is(failed[3], errDisk) {
		t.Errorf("errors are %v", failed)
	}
	wantCode(t, failed[1], collections.ReplicaGap)
	if got := d.document("order", id).Value(); crdt.Canonical(got) != `{"status":"open","title":"Pump 4"}` {
		t.Errorf("the order is %s", crdt.Canonical(got))
	}
	for _, entry := range d.log() {
		if entry.Type == docID(7) {
			t.Error("what the broken writer did is in the log")
		}
	}
	if len(d.records("order")) != 2 {
		t.Errorf("%d orders are there, want the two", len(d.records("order")))
	}
	d.checkReplay("order")
}

// Ensure Close answers everybody who is under way, refuses who comes later, and only
// then closes the store.
func TestClose_Drains(t *testing.T) {
	d, store := openBroken(t)
	release := store.hold(t)
	before := store.commits.Load()
	var people sync.WaitGroup
	const writers = 20
	done := make([]error, writers)
	write := func(i int) {
		_, done[i] = d.Create(context.Background(), olga, "order", "", map[string]any{"title": "x"})
	}
	people.Go(func() { write(0) })
	waitFor(t, "the first commit", func() bool { return store.commits.Load() == before+1 })
	for i := 1; i < writers; i++ {
		people.Go(func() { write(i) })
	}
	waitFor(t, "all to stand in line", func() bool { return d.Waiting() == writers-1 })
	late, stop := context.WithCancel(context.Background())
	stop()
	if err := d.Close(late); !errors.Is(err, context.Canceled) {
		t.Errorf("closing with no time gives %v", err)
	}
	_, err := d.Create(t.Context(), olga, "order", "", map[string]any{"title": "late"})
	wantCode(t, err, collections.Unavailable)
	waiter, cursor := make(chan error, 1), d.cursor(olga)
	go func() { waiter <- d.Wait(context.Background(), cursor) }()
	release()
	people.Wait()
	records := d.records("order")
	if err := d.Close(context.Background()); err != nil {
		t.Error(err)
	}
	for i, err := range done {
		if err != nil {
			t.Errorf("writer %d, who was there before: %v", i, err)
		}
	}
	if len(records) != writers {
		t.Errorf("%d orders are there, want %d", len(records), writers)
	}
	if err := <-waiter; err != nil {
		wantCode(t, err, collections.Unavailable)
	}
	if _, err := store.Head(t.Context()); err == nil {
		t.Error("the store is open still")
	}
}

// cursor is where somebody is who has read everything.
func (d *depot) cursor(a collections.Actor) string {
	d.Helper()
	cursor := ""
	for {
		answer, err := d.Pull(d.Context(), a, cursor, nil, 0)
		if err != nil {
			d.Fatalf("pull: %v", err)
		}
		if cursor = answer.Cursor; !answer.More {
			return cursor
		}
	}
}
