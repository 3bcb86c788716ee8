package copying

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

var owner = collections.Actor{User: "owner", Name: "owner", Role: collections.Owner}

// An engine writes all the while its store is written to a file. What is restored of it
// holds all that was acknowledged before, each record as its log says, and takes writes.
func TestRestore_OfLiveEngine(t *testing.T) {
	store, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "data.db")})
	if err != nil {
		t.Fatal(err)
	}
	engine := openEngine(t, store)
	publishPump(t, engine)
	var before []string
	for range 30 {
		before = append(before, write(t, engine, "", 100)...)
	}
	ctx, stop := context.WithCancel(t.Context())
	var writing sync.WaitGroup
	during := make([]int, 2)
	for i := range during {
		writing.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				write(t, engine, before[n%len(before)], 3) // edits of what is there, and new ones
				during[i]++
			}
		})
	}
	var file bytes.Buffer
	err = collections.WriteDump(t.Context(), store, &file, nil)
	stop()
	writing.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if during[0]+during[1] < 2 {
		t.Error("hardly anything was written meanwhile")
	}

	to := storetest.Memory()
	if _, err := Restore(t.Context(), &file, to, "new"); err != nil {
		t.Fatal(err)
	}
	restored := openEngine(t, to)
	for _, id := range before {
		if _, err := restored.Get(t.Context(), owner, "pump", id); err != nil {
			t.Fatalf("%s was acknowledged before the backup began: %v", id, err)
		}
	}
	checkLevel(t, to)
	write(t, restored, before[0], 2)
}

func openEngine(t *testing.T, store collections.Store) *collections.Engine {
	t.Helper()
	engine, err := collections.Open(t.Context(), collections.Config{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return engine
}

func publishPump(t *testing.T, engine *collections.Engine) {
	t.Helper()
	schema := []byte(`{"type":"object","title":"Pump","properties":{"name":{"type":"string","title":"Name"},"n":{"type":"number","title":"N"}}}`)
	if _, err := engine.SaveDraft(t.Context(), owner, collections.Draft{Name: "pump", Schema: schema}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := engine.Publish(t.Context(), owner, "pump", nil); err != nil {
		t.Fatal(err)
	}
}

// write makes records, and edits one where its id is given; it gives the ids.
func write(t *testing.T, engine *collections.Engine, edited string, records int) (ids []string) {
	t.Helper()
	writes := make([]collections.Write, records)
	for i := range writes {
		writes[i].Value = map[string]any{"name": fmt.Sprint("pump ", i), "n": float64(i)}
	}
	if edited != "" {
		writes[0] = collections.Write{ID: edited, Modify: true, Value: map[string]any{"name": "edited", "n": float64(records)}}
	}
	results, err := engine.WriteAll(context.Background(), owner, "pump", writes)
	if err != nil {
		t.Error(err)
	}
	for _, r := range results {
		if r.Error != nil {
			t.Error(r.Error)
			continue
		}
		ids = append(ids, r.ID)
	}
	return ids
}

// checkLevel verifies that each document that the log tells of is there, and that its
// record tells of its last entry.
func checkLevel(t *testing.T, store collections.Store) {
	t.Helper()
	heads, err := store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for stream, head := range heads {
		last := map[string]uint64{}
		for at := uint64(0); at < head; {
			entries, err := store.Log(t.Context(), stream, at, 1000)
			if err != nil || len(entries) == 0 {
				t.Fatalf("the log after %d of %d: %v", at, head, err)
			}
			for _, e := range entries {
				if at = e.N; e.Change != nil {
					last[e.Change.Doc] = e.N
				}
			}
		}
		for id, n := range last {
			r, err := store.Record(t.Context(), "pump", id)
			if err != nil || r.Last.N != n {
				t.Fatalf("record %s, of which entry %d is the last: %+v, %v", id, n, r, err)
			}
		}
	}
}
