package crdt_test

import (
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// apply gives the changes to a new document in this order. With reading, the document
// is written down and read again after each.
func (k *vectorCase) apply(t *testing.T, order []int, reading bool) *crdt.Document {
	t.Helper()
	d := crdt.NewDocument()
	for _, i := range order {
		if _, err := d.Apply(k.changes[i]); err != nil {
			t.Fatalf("change %d is refused: %v", i, err)
		}
		if reading {
			d = reread(t, d)
		}
	}
	return d
}

func reread(t *testing.T, d *crdt.Document) *crdt.Document {
	t.Helper()
	value, meta := d.Encode()
	d, err := crdt.Decode(value, meta)
	if err != nil {
		t.Fatalf("a document cannot be read again: %v", err)
	}
	return d
}

// check holds a document that was given all changes against the case. Its meta is
// left to TestVectors_Meta where it is about to be written anew.
func (k *vectorCase) check(t *testing.T, d *crdt.Document) {
	t.Helper()
	value, meta := d.Encode()
	if got, want := string(value), k.value(t); got != want {
		t.Errorf("the value is\n%s\nwant\n%s", got, want)
	}
	if d.Exists() != k.exists() || d.Deleted() != k.Deleted {
		t.Errorf("exists is %v and deleted %v", d.Exists(), d.Deleted())
	}
	if !maps.Equal(d.Seen(), k.Seen) {
		t.Errorf("seen is %v, want %v", d.Seen(), k.Seen)
	}
	if got := hex.EncodeToString(meta); got != k.Meta && !*updateMeta {
		t.Errorf("the meta is\n%s\nwant\n%s", got, k.Meta)
	}
	k.checkRest(t, d)
}

// checkRest looks for what is held, and for what was dropped.
func (k *vectorCase) checkRest(t *testing.T, d *crdt.Document) {
	t.Helper()
	for _, i := range k.Held {
		if effect, err := d.Clone().Apply(k.changes[i]); effect != crdt.Held || err != nil {
			t.Errorf("change %d is not held: %v, %v", i, effect, err)
		}
	}
	for _, i := range k.Dropped {
		if _, err := d.Clone().Apply(k.changes[i]); err == nil {
			t.Errorf("change %d was dropped and is now taken", i)
		}
	}
}

// step gives one change to d.
func (k *vectorCase) step(t *testing.T, d *crdt.Document, s *vectorStep) {
	t.Helper()
	c := k.changes[s.Apply]
	k.checkMissing(t, d, s)
	before := crdttest.Bytes(d)
	effect, err := d.Apply(c)
	if names := []string{"applied", "duplicate", "held"}; err == nil && names[effect] != s.Effect || err != nil && s.Effect != "refused" {
		t.Errorf("the effect is %v, %v; want %s", effect, err, s.Effect)
	}
	var refusal *crdt.OpError
	if errors.As(err, &refusal) && (refusal.Index != s.Op || !slices.Equal(refusal.Path, s.Path)) {
		t.Errorf("operation %d is blamed, at %v", refusal.Index, refusal.Path)
	}
	if moved := before != crdttest.Bytes(d); moved && (s.Effect == "duplicate" || s.Effect == "refused") {
		t.Error("a change that did nothing changed the document")
	}
	if got := crdt.Canonical(d.Value()); s.Value != nil && got != canonical(t, s.Value) {
		t.Errorf("the value is %s, want %s", got, s.Value)
	}
	if s.Deleted != nil && d.Deleted() != *s.Deleted {
		t.Errorf("deleted is %v", d.Deleted())
	}
}

// checkMissing holds what the change waits for against the step.
func (k *vectorCase) checkMissing(t *testing.T, d *crdt.Document, s *vectorStep) {
	t.Helper()
	ref, missing := d.Missing(k.changes[s.Apply])
	if s.Effect != "refused" && missing != (s.Effect == "held") {
		t.Errorf("something is missing: %v", missing)
	}
	if want := s.Missing; want != nil && ref != (crdt.Ref{Element: want.Element, Prev: want.Prev}) {
		t.Errorf("%v is missing, want %v", ref, *want)
	}
}

// encoded is the meta of the document, as it has to be written in the vectors.
func (k *vectorCase) encoded(t *testing.T) string {
	t.Helper()
	d := crdt.NewDocument()
	for _, s := range k.Steps {
		d.Apply(k.changes[s.Apply]) // TestVectors_Steps looks at the errors
	}
	if orders := k.Orders.of(len(k.changes)); len(orders) > 0 {
		d = k.apply(t, orders[0], false)
	}
	_, meta := d.Encode()
	return hex.EncodeToString(meta)
}

func (k *vectorCase) exists() bool { return k.Exists == nil || *k.Exists }

// value is what the document must show, in canonical JSON.
func (k *vectorCase) value(t *testing.T) string { return canonical(t, k.Value) }

func canonical(t *testing.T, text []byte) string {
	t.Helper()
	v, err := crdt.ParseValue(text, crdt.Limits{})
	if err != nil {
		t.Fatalf("%s is no value: %v", text, err)
	}
	return crdt.Canonical(v)
}

// of lists the orders in which n changes are to be applied.
func (o *vectorOrders) of(n int) [][]int {
	if !o.all {
		return o.lists
	}
	return permutations(n)
}

// permutations lists all orders of n things.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, shorter := range permutations(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), at, n-1))
		}
	}
	return all
}

// of lists the pairs of documents to be merged, each by its changes.
func (m *vectorMerges) of(n int) [][2][]int {
	if !m.all {
		return m.pairs
	}
	pairs := [][2][]int{{}}
	for i := range n {
		var longer [][2][]int
		for _, p := range pairs {
			one, other := append(slices.Clone(p[0]), i), append(slices.Clone(p[1]), i)
			longer = append(longer, [2][]int{one, p[1]}, [2][]int{p[0], other}, [2][]int{one, other})
		}
		pairs = longer
	}
	return pairs
}
