package crdt_test

import (
	"flag"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// The laws of doc.go, each held against random histories. A failure names its seed;
// -worlds and -seed run more of them, or that one again.
var (
	worlds = flag.Int("worlds", 150, "random histories per law")
	first  = flag.Uint64("seed", 1, "seed of the first")
)

// eachWorld runs a law in several worlds of their own.
func eachWorld(t *testing.T, law func(t *testing.T, w *crdttest.World)) {
	t.Helper()
	for seed := *first; seed < *first+uint64(*worlds); seed++ {
		w := crdttest.NewWorld(seed)
		law(t, w)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// live lets a world take some steps, each of which is checked against the model.
func live(t *testing.T, w *crdttest.World, steps int) {
	t.Helper()
	for range steps {
		if _, err := w.Step(); err != nil {
			t.Fatalf("seed %d: %v", w.Seed, err)
		}
	}
}

// Law 1, and 2: whatever came in whatever order and however often, the document is
// what the model says of the changes that came, after each step; and when all have
// come, all documents are equal to the byte.
func TestLaw_SameChangesSameDocument(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.World) {
		live(t, w, 60)
		for _, r := range w.Replicas {
			if err := w.SendAll(r); err != nil {
				t.Fatalf("seed %d: %v", w.Seed, err)
			}
			if err := r.Check(); err != nil {
				t.Fatalf("seed %d: %v", w.Seed, err)
			}
			if a, b := crdttest.Bytes(r.Doc), crdttest.Bytes(w.Replicas[0].Doc); a != b {
				t.Fatalf("seed %d: the same changes give\n%q\nand\n%q", w.Seed, a, b)
			}
		}
	})
}

// document applies changes to a new document.
func document(t *testing.T, changes []*crdt.Change) *crdt.Document {
	t.Helper()
	d := crdt.NewDocument()
	for _, c := range changes {
		if _, err := d.Apply(c); err != nil {
			t.Fatal(err)
		}
	}
	return d
}
