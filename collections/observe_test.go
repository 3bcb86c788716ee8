package collections_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// witness remembers what an engine told.
type witness struct {
	mu       sync.Mutex
	sum      collections.Stats
	synced   []crdt.Replica
	designed []string
}

func (w *witness) Answered(round collections.Stats) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sum.Accepted += round.Accepted
	w.sum.Refused += round.Refused
	w.sum.Merged += round.Merged
	w.sum.Conflicts += round.Conflicts
}

func (w *witness) Synced(_ collections.Actor, device crdt.Replica) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.synced = append(w.synced, device)
}

func (w *witness) Designed(a collections.Actor, d collections.Designed) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.designed = append(w.designed, fmt.Sprintf("%s %s %s %d", a.Name, d.Did, d.Type, d.Version))
}

// take gives what was counted since it was last asked.
func (w *witness) take() collections.Stats {
	w.mu.Lock()
	defer w.mu.Unlock()
	sum := w.sum
	w.sum = collections.Stats{}
	return sum
}

func watched(t *testing.T) (*depot, *witness) {
	w := &witness{}
	d := openDepotOn(t, storetest.Memory())
	_ = d.Engine.Close(context.Background())
	d.store, d.observer = storetest.Memory(), w
	d.open()
	d.publish("order", orderSchema)
	w.take()
	return d, w
}

// TestObserver_Merges counts what met work that its author had not seen, and nothing else.
func TestObserver_Merges(t *testing.T) {
	for _, c := range []struct {
		name              string
		hers, his         string
		merged, conflicts uint64
	}{
		{"other fields", `{"title":"A"}`, `{"hours":2}`, 1, 0},
		{"the same field", `{"title":"A"}`, `{"title":"B"}`, 1, 1},
		{"the same field to the same value", `{"title":"A"}`, `{"title":"A"}`, 1, 0},
		{"amounts that add up", `{"hours":1}`, `{"hours":2}`, 1, 0},
		{"nothing of hers", ``, `{"title":"B"}`, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, w := watched(t)
			hers, his := d.device(eve, 0xe1), d.device(wim, 0xa1)
			hers.put("order", docID(1), `{"title":"first"}`)
			hers.sync()
			his.sync()
			w.take()
			his.put("order", docID(1), c.his)
			if c.hers != "" {
				hers.put("order", docID(1), c.hers)
			}
			hers.sync()
			his.sync()
			if got := w.take(); got.Merged != c.merged || got.Conflicts != c.conflicts {
				t.Errorf("merged %d, conflicts %d; want %d, %d", got.Merged, got.Conflicts, c.merged, c.conflicts)
			}
		})
	}
}

// TestObserver_OwnWorkIsNoMerge: a device whose answer was lost meets only itself.
func TestObserver_OwnWorkIsNoMerge(t *testing.T) {
	d, w := watched(t)
	v := d.device(eve, 0xe1)
	v.put("order", docID(1), `{"title":"first"}`)
	if _, err := d.Sync(t.Context(), eve, v.request(0)); err != nil {
		t.Fatal(err)
	}
	v.put("order", docID(1), `{"title":"second"}`)
	v.put("order", docID(1), `{"title":"third"}`)
	v.sync()
	if got := w.take(); got.Accepted != 3 || got.Merged != 0 {
		t.Errorf("accepted %d, merged %d; want 3, 0", got.Accepted, got.Merged)
	}
	if !slices.Contains(w.synced, 0xe1) {
		t.Errorf("synced: %v", w.synced)
	}
}

// TestObserver_AfterRestart counts by who wrote last where memory does not reach back.
func TestObserver_AfterRestart(t *testing.T) {
	d, w := watched(t)
	hers, his := d.device(eve, 0xe1), d.device(wim, 0xa1)
	hers.put("order", docID(1), `{"title":"first"}`)
	hers.sync()
	his.sync()
	his.put("order", docID(1), `{"title":"his"}`)
	d.millis.Add(1000)
	hers.put("order", docID(1), `{"title":"hers"}`)
	hers.sync()
	d.restart()
	w.take()
	his.sync()
	if got := w.take(); got.Merged != 1 || got.Conflicts != 1 {
		t.Errorf("merged %d, conflicts %d; want 1, 1: what came later had been made earlier, and lost", got.Merged, got.Conflicts)
	}
}

// TestObserver_Designed tells of versions, rules and drafts, once they are so.
func TestObserver_Designed(t *testing.T) {
	d, w := watched(t)
	d.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	if _, err := d.SaveDraft(t.Context(), dana, collections.Draft{Name: "order", Schema: []byte(orderSchema)}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := d.DiscardDraft(t.Context(), dana, "order"); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"dana published order 1", "dana changed the rules order 0", "dana discarded the draft order 0"}
	if !slices.Equal(w.designed, want) {
		t.Errorf("told %q, want %q", w.designed, want)
	}
}
