package mongo_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/mongo"
)

var owner = collections.Actor{User: "u1", Name: "olga", Role: collections.Owner}

const countedType = `{"type":"object","properties":{"title":{"type":"string"},"done":{"type":"number","x-merge":"counter"}}}`

// openEngine is one server of several on a database.
func openEngine(t *testing.T, uri, name string) *collections.Engine {
	t.Helper()
	s, err := mongo.Open(t.Context(), mongo.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	e, err := collections.Open(t.Context(), collections.Config{Store: s, Server: name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close(context.Background()) })
	return e
}

// Two servers on one database, which both make records and both count in one: each comes
// to have what the other wrote, and every count is there once.
func TestTwoEngines(t *testing.T) {
	const each = 8
	mongo.EachServer(t, func(t *testing.T, uri string) {
		uri = mongo.NewDatabase(t, uri)
		a, b := openEngine(t, uri, "a"), openEngine(t, uri, "b")
		if _, err := a.SaveDraft(t.Context(), owner, collections.Draft{Name: "job", Schema: []byte(countedType)}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := a.Publish(t.Context(), owner, "job", nil); err != nil {
			t.Fatal(err)
		}
		shared, err := a.Create(t.Context(), owner, "job", "", map[string]any{"title": "shared", "done": 0.0})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, func() error { _, err := b.Get(t.Context(), owner, "job", shared.ID); return err })
		var waiting sync.WaitGroup
		for i, e := range []*collections.Engine{a, b} {
			waiting.Go(func() {
				for n := range each {
					if _, err := e.Create(t.Context(), owner, "job", "", map[string]any{"title": fmt.Sprint(i, n)}); err != nil {
						t.Errorf("server %d: %v", i, err)
					}
					eventually(t, func() error { return count(t.Context(), e, shared.ID) })
				}
			})
		}
		waiting.Wait()
		for _, e := range []*collections.Engine{a, b} {
			eventually(t, func() error { return sees(t.Context(), e, shared.ID, 2*each) })
		}
	})
}

// count adds one to the count of a record, as it is.
func count(ctx context.Context, e *collections.Engine, id string) error {
	d, err := e.Get(ctx, owner, "job", id)
	if err != nil {
		return err
	}
	from, _ := d.Value["done"].(float64)
	_, err = e.PatchFrom(ctx, owner, "job", id, map[string]any{"done": from + 1}, map[string]any{"done": from})
	return err
}

// sees is nil when a server has all that both wrote.
func sees(ctx context.Context, e *collections.Engine, id string, want int) error {
	page, err := e.List(ctx, owner, "job", collections.ListRequest{Limit: 100})
	if err != nil {
		return err
	}
	d, err := e.Get(ctx, owner, "job", id)
	if err != nil {
		return err
	}
	if len(page.Documents) != want+1 || d.Value["done"] != float64(want) {
		return fmt.Errorf("%d records, want %d; counted to %v, want %d", len(page.Documents), want+1, d.Value["done"], want)
	}
	pulled := map[string]bool{}
	for cursor := ""; ; {
		answer, err := e.Pull(ctx, owner, cursor, []collections.Subscription{{Type: "job"}}, 100)
		if err != nil {
			return err
		}
		for _, d := range answer.Documents {
			pulled[d.ID] = true
		}
		for _, c := range answer.Changes {
			pulled[c.Change.Doc] = true
		}
		if cursor = answer.Cursor; !answer.More {
			break
		}
	}
	if len(pulled) != want+1 {
		return fmt.Errorf("%d records pulled, want %d: %v", len(pulled), want+1, slices.Sorted(maps.Keys(pulled)))
	}
	return nil
}

// eventually waits until something succeeds.
func eventually(t *testing.T, do func() error) {
	deadline := time.Now().Add(time.Minute)
	for {
		err := do()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Error(err)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
