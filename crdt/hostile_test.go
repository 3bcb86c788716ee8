package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// A replica that a deletion says it saw, but of which no change has come, is listed in
// meta; a counter cannot have a sum of it.
func TestDecode_CounterOfAReplicaThatDidNothing(t *testing.T) {
	d := devices(t, 1, object{"hours": 1.0})[0]
	c := d.does(func(e *crdt.Editor) error { e.Delete(); return nil })
	deletion := *c
	deletion.N, deletion.Prev = c.N+1, c.N
	deletion.Ops = []crdt.Op{{Kind: crdt.OpDelete, Saw: crdt.Vector{d.id + 1: 1}}}
	d.hears(&deletion)
	value, meta := d.doc.Encode()
	if _, err := crdt.Decode(value, meta); err != nil {
		t.Fatal(err)
	}
	meta[len(meta)-1]++ // the place of the one replica that added, among those listed
	if _, err := crdt.Decode(value, meta); err == nil {
		t.Error("it can")
	}
}
