package collections_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// told reads what a live reader is told; nil: nothing.
func told(t *testing.T, text []byte) map[string]any {
	t.Helper()
	if len(text) == 0 {
		return nil
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	delete(got, "now") // two looks, two times
	return got
}

// Ensure that what live readers share is what each would get alone, whoever asks first:
// people who see the same, people who see a part, people from whom a field is hidden.
func TestTell_SameAsPull(t *testing.T) {
	w := newWorld(t, 7)
	twins := []collections.Actor{eve, {User: "u-eva", Name: "eva", Role: collections.Editor}, wim, wilo, {User: "u-wes", Name: "wes", Role: collections.Worker}}
	cursors := make([]string, len(twins))
	shown := 0
	for round := range 150 {
		w.step()
		for _, i := range rand.New(rand.NewPCG(7, uint64(round))).Perm(len(twins)) {
			a := twins[i]
			want, err := w.Pull(t.Context(), a, cursors[i], nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.Tell(t.Context(), a, cursors[i], nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Cursor != want.Cursor || got.More != want.More {
				t.Fatalf("round %d, %s: told to go on at %s (more: %v), a pull at %s (more: %v)", round, a.Name, got.Cursor, got.More, want.Cursor, want.More)
			}
			cursors[i] = got.Cursor
			something := want.Reset || len(want.Types)+len(want.Changes)+len(want.Documents)+len(want.Forget) > 0
			if got.Empty() == something {
				t.Fatalf("round %d, %s: told nothing: %v, a pull brings something: %v", round, a.Name, got.Empty(), something)
			}
			if !something {
				continue
			}
			shown++
			text, err := want.AppendJSON(nil)
			if err != nil {
				t.Fatal(err)
			}
			if a, b := told(t, got.AppendJSON(nil)), told(t, text); !reflect.DeepEqual(a, b) {
				t.Fatalf("round %d, %s: told %v, a pull brings %v", round, twins[i].Name, a, b)
			}
		}
	}
	if shown < 100 {
		t.Errorf("only %d answers had something in them", shown)
	}
}

// Ensure that many readers at one place cost the store what one costs, and that somebody
// who sees less of the same change is not among them.
func TestTell_OneLookForMany(t *testing.T) {
	d, store := openBroken(t)
	d.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	id := d.create(olga, "order", `{"title":"pump"}`)
	readers := make([]collections.Actor, 40)
	cursors := make([]string, len(readers))
	for i := range readers {
		readers[i] = collections.Actor{User: string(rune('a' + i)), Name: string(rune('a' + i)), Role: collections.Editor}
		if i%2 == 1 {
			readers[i].Role = collections.Worker
		}
		cursor, err := d.Here(readers[i], nil)
		if err != nil {
			t.Fatal(err)
		}
		cursors[i] = cursor
	}
	d.patch(olga, "order", id, `{"secret":"4711"}`)
	before := store.reads.Load()
	var all sync.WaitGroup
	texts := make([]string, len(readers))
	for i := range readers {
		all.Go(func() {
			got, err := d.Tell(t.Context(), readers[i], cursors[i], nil)
			if err != nil {
				t.Error(err)
				return
			}
			texts[i] = string(got.AppendJSON(nil))
		})
	}
	all.Wait()
	if reads := store.reads.Load() - before; reads > 2 {
		t.Errorf("%d readers cost %d reads", len(readers), reads)
	}
	for i, text := range texts {
		if has := told(t, []byte(text)) != nil; !has {
			t.Fatalf("reader %d was told nothing", i)
		}
		if secret := readers[i].Role == collections.Editor; secret != strings.Contains(text, "4711") {
			t.Errorf("%s, a %s, was told %s", readers[i].Name, readers[i].Role, text)
		}
	}
}
