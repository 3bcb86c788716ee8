package crdt_test

import (
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// Two devices edit one work order in the field and meet again: nobody is overwritten.
func Example() {
	plan := &crdt.Plan{Strategy: crdt.Map, Fields: map[string]*crdt.Plan{
		"hours": {Strategy: crdt.Counter},
		"notes": {Strategy: crdt.Text},
		"tags":  {Strategy: crdt.Set},
	}}
	const anna, boris = crdt.Replica(0xa), crdt.Replica(0xb)
	clock := &crdt.Clock{}
	change := func(r crdt.Replica, n uint64, d *crdt.Document, ops []crdt.Op) *crdt.Change {
		return &crdt.Change{
			Replica: r, N: n, Prev: d.Seen()[r], Stamp: clock.Next(1_764_000_000_000),
			Type: "work-order", Version: 1, Doc: "0198c0de", Ops: ops,
		}
	}

	// Anna makes the work order and Boris gets it.
	onAnna, onBoris := crdt.NewDocument(), crdt.NewDocument()
	ops, _ := onAnna.Diff(anna, map[string]any{"title": "Pump 7", "notes": "It leaks."}, plan)
	made := change(anna, 1, onAnna, ops)
	onAnna.Apply(made)
	onBoris.Apply(made)

	// Without a signal, both go on.
	e := onAnna.Edit(anna, plan)
	e.Splice([]string{"notes"}, 8, 0, " at the seal")
	e.Add([]string{"hours"}, 1.5)
	annas := change(anna, 2, onAnna, e.Ops())
	onAnna.Apply(annas)

	e = onBoris.Edit(boris, plan)
	e.Splice([]string{"notes"}, 9, 0, " Parts ordered.")
	e.Add([]string{"hours"}, 0.5)
	e.Include([]string{"tags"}, "urgent")
	boriss := change(boris, 1, onBoris, e.Ops())
	onBoris.Apply(boriss)

	// They meet, and each gets the other's change.
	onAnna.Apply(boriss)
	onBoris.Apply(annas)
	fmt.Println(crdt.Canonical(onAnna.Value()))
	fmt.Println(crdt.EqualValues(onAnna.Value(), onBoris.Value()))

	// Output:
	// {"hours":2,"notes":"It leaks at the seal. Parts ordered.","tags":["urgent"],"title":"Pump 7"}
	// true
}
