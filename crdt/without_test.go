package crdt_test

import (
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

func TestWithout_LeavesNoTrace(t *testing.T) {
	d := devices(t, 2, object{"title": "Pump", "who": "secret0", "tags": array{"secret1"}, "notes": "secret2"})
	d[0].puts("secret3", "who")
	d[1].puts("secret4", "who") // kept in the meta of the other
	meet(d...)
	d[0].types(0, 0, "secret5")
	last := d[0].types(0, 0, "secret6")
	d[1].hears(last) // is held
	cut := d[1].doc.Without("who", "tags", "notes")
	value, meta := cut.Encode()
	if string(value) != `{"title":"Pump"}` || strings.Contains(string(meta), "secret") {
		t.Errorf("%s %q", value, meta)
	}
	d[1].shows("secret4", "who") // the document itself is as it was
	if cut.NextID(d[0].id) != d[1].doc.NextID(d[0].id) {
		t.Error("whose elements were cut out would number others the same")
	}
}

func TestWithout_GoesOnLikeTheWhole(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *crdttest.Peers) {
		live(t, w, 30)
		r := w.Replicas[0]
		cut := r.Doc.Without("notes", "parts")
		whole := r.Doc.Clone()
		for _, c := range w.Shuffled(w.Changes) {
			if _, err := whole.Apply(c); err != nil {
				t.Fatal(err)
			}
			if _, err := cut.Apply(without(c, "notes", "parts")); err != nil {
				t.Fatal(err)
			}
		}
		wanted := whole.Value()
		delete(wanted, "notes")
		delete(wanted, "parts")
		if got := crdt.Canonical(cut.Value()); got != crdt.Canonical(wanted) {
			t.Fatalf("%s\nis not\n%s", got, crdt.Canonical(wanted))
		}
	})
}

// without is a change as somebody gets it who may not see some fields.
func without(c *crdt.Change, fields ...string) *crdt.Change {
	cut := *c
	cut.Ops = nil
next:
	for _, op := range c.Ops {
		for _, field := range fields {
			if len(op.Path) > 0 && op.Path[0] == field {
				continue next
			}
		}
		cut.Ops = append(cut.Ops, op)
	}
	return &cut
}
