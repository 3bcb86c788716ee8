package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// The laws of doc.go, each held against random histories in the midst of them: what
// the replicas have heard differs, and some of it waits.

// eachWorld runs a law in several worlds of their own, which live long and have three
// replicas or more.
func eachWorld(t *testing.T, law func(t *testing.T, w *crdttest.Peers)) {
	t.Helper()
	for seed := *first; seed < *first+uint64(howMany(200)); seed++ {
		law(t, crdttest.NewPeers(seed, crdttest.Size{Replicas: 3 + int(seed%3), Edits: 1 << 20}))
		if t.Failed() {
			t.Fatalf("-seed %d -worlds 1", seed)
		}
	}
}

// live lets things happen in a world.
func live(t *testing.T, w *crdttest.Peers, happenings int) {
	t.Helper()
	for range happenings {
		if _, err := w.Step(); err != nil {
			t.Fatalf("seed %d: %v", w.Seed, err)
		}
	}
}

// Law 1, and 2: whatever came in whatever order and however often, the document is
// what the model says of the changes that came, after each step; and when all have
// come, all documents are equal to the byte.
func TestLaw_SameChangesSameDocument(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		w.Strict = true
		live(t, w, 100)
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

// Law 1 again, for changes one by one: two that both can be applied commute, and the
// second time a change does nothing.
func TestLaw_CommuteAndTwice(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		live(t, w, 20)
		base := w.Replicas[0].Doc.Clone()
		a, errA := w.Edit(w.Replicas[1])
		b, errB := w.Edit(w.Replicas[2])
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if a == nil || b == nil {
			return
		}
		ab, ba := apply(t, base, a, b), apply(t, base, b, a)
		equal(t, ab, ba)
		equal(t, ab, apply(t, base, a, a, b, a, b))
	})
}

// Law 3: reading what was written gives the document again, which goes on as the
// one that was written would have. (Worlds reread documents too; here it happens to
// every document after all that happens.)
func TestLaw_DecodeEncode(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		w.Strict = true
		for range 60 {
			live(t, w, 1)
			for _, r := range w.Replicas {
				if err := w.Reload(r); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// Law 4: merging is what applying the changes of both is, in either order, in any
// grouping, and once more changes nothing.
func TestLaw_Merge(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		live(t, w, 60)
		a, b, c := w.Replicas[0], w.Replicas[1], w.Replicas[2]
		before := crdttest.Bytes(a.Doc) + crdttest.Bytes(b.Doc)
		ab := merge(t, a.Doc, b.Doc)
		equal(t, ab, merge(t, b.Doc, a.Doc))
		equal(t, ab, apply(t, a.Doc, b.Received...))
		equal(t, ab, merge(t, ab, b.Doc))
		equal(t, a.Doc, merge(t, a.Doc, a.Doc))
		equal(t, merge(t, ab, c.Doc), merge(t, a.Doc, merge(t, b.Doc, c.Doc)))
		if before != crdttest.Bytes(a.Doc)+crdttest.Bytes(b.Doc) {
			t.Fatal("a merge changes what it merges")
		}
	})
}

// Law 5: after applying Diff(d, v, plan) the value is v. A maximum that would have to
// go down is an error instead, and nothing else is.
func TestLaw_Diff(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		live(t, w, 30)
		for _, r := range w.Replicas {
			wanted := w.Value()
			before := crdttest.Bytes(r.Doc)
			ops, err := r.Doc.Diff(r.ID, wanted, crdttest.Plan())
			if before != crdttest.Bytes(r.Doc) {
				t.Fatal("a diff changes its document")
			}
			if err != nil {
				if !crdttest.LosesExtreme(r.Doc.Value(), wanted) {
					t.Fatalf("%v\nfrom %s\nto %s", err, crdt.Canonical(r.Doc.Value()), crdt.Canonical(wanted))
				}
				continue
			}
			c := &crdt.Change{Replica: r.ID, N: r.Doc.Seen()[r.ID] + 1, Prev: r.Doc.Seen()[r.ID],
				Stamp: crdt.NewTime(crdt.MaxMillis, 0), Ops: ops}
			d := apply(t, r.Doc, c)
			if got := crdt.Canonical(d.Value()); got != crdt.Canonical(wanted) {
				t.Fatalf("wanted %s\ngot %s", crdt.Canonical(wanted), got)
			}
			if again, err := d.Diff(r.ID, wanted, crdttest.Plan()); len(again) != 0 || err != nil {
				t.Fatalf("a second diff gives %v, %v", again, err)
			}
		}
	})
}

// Law 6: a change that is refused leaves every byte as it was, and Check says the
// same as Apply.
func TestLaw_RefusedChangesNothing(t *testing.T) {
	refused := 0
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		live(t, w, 25)
		for range 20 {
			r := w.Replicas[0]
			if c := w.Damaged(r); c != nil {
				checked := r.Doc.Check(c)
				before := crdttest.Bytes(r.Doc)
				effect, err := r.Doc.Clone().Apply(c)
				if (err == nil) != (checked == nil) && effect != crdt.Held {
					t.Fatalf("Check says %v and Apply %v of %s", checked, err, crdt.AppendChange(nil, c))
				}
				if _, err := r.Doc.Apply(c); err != nil {
					refused++
					if before != crdttest.Bytes(r.Doc) {
						t.Fatalf("refused with %q, and yet something changed", err)
					}
				}
			}
		}
	})
	if refused < howMany(200) {
		t.Errorf("only %d changes were refused: the test proves little", refused)
	}
}

// apply gives a copy of d that was given the changes.
func apply(t *testing.T, d *crdt.Document, changes ...*crdt.Change) *crdt.Document {
	t.Helper()
	d = d.Clone()
	for _, c := range changes {
		if _, err := d.Apply(c); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func merge(t *testing.T, a, b *crdt.Document) *crdt.Document {
	t.Helper()
	m, err := crdt.Merge(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// equal compares documents to the byte.
func equal(t *testing.T, got, want *crdt.Document) {
	t.Helper()
	if crdttest.Bytes(got) != crdttest.Bytes(want) {
		t.Fatalf("documents differ:\n%q\n%q", crdttest.Bytes(got), crdttest.Bytes(want))
	}
}
