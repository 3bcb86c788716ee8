package crdttest

import (
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// check holds a replica against the model, now and then or, in a strict world, always.
func (p *Peers) check(r *Replica) error {
	if !p.Strict && !p.look(16) {
		return nil
	}
	return r.Check()
}

// Check compares a replica's document with what the changes it was given come to.
func (r *Replica) Check() error { return isModel(r.Doc, Model(r.Received)) }

// isModel compares a document with what the model says, in all that it tells.
func isModel(d *crdt.Document, want State) error {
	if err := Compare(d, want); err != nil {
		return err
	}
	if seen := d.Seen(); !maps.Equal(seen, want.Seen) {
		return fmt.Errorf("the document has seen %v, and the model says %v", seen, want.Seen)
	}
	return nil
}

// exchange lets everybody ask everybody.
func (p *Peers) exchange() {
	for _, r := range p.Replicas {
		for _, from := range p.Replicas {
			if r != from {
				p.ask(r, from)
			}
		}
	}
}

// agree checks that all replicas hold the same document to the byte, which is what the
// model says of all changes that are left, that nothing waits where nothing was lost,
// and that nothing that was typed is gone.
func (p *Peers) agree() error {
	left := p.Replicas[0].known
	for _, r := range p.Replicas[1:] {
		if !maps.Equal(r.known, left) {
			return fmt.Errorf("replica %d has %d changes and replica 0 has %d", r.place, len(r.known), len(left))
		}
		if a, b := Bytes(p.Replicas[0].Doc), Bytes(r.Doc); a != b {
			return fmt.Errorf("replicas 0 and %d differ:\n%q\n%q\n%s", r.place, a, b, differenceAt(a, b))
		}
	}
	p.note("all have %q", Bytes(p.Replicas[0].Doc))
	return agreed(p.Replicas[0].Doc, slices.DeleteFunc(slices.Clone(p.Changes), func(c *crdt.Change) bool {
		return !left[crdt.Dot{Replica: c.Replica, Seq: c.N}]
	}), len(left) == len(p.Changes))
}

// agreed checks a document that was given changes, here in an order in which none
// comes before what it leans on; complete says that no change is missing among them.
func agreed(d *crdt.Document, changes []*crdt.Change, complete bool) error {
	want := Model(changes)
	if err := isModel(d, want); err != nil {
		return err
	}
	if complete && want.Waiting > 0 {
		return fmt.Errorf("%d changes wait though nothing is missing", want.Waiting)
	}
	plain := crdt.NewDocument()
	for _, c := range changes {
		effect, err := plain.Apply(c)
		if err != nil || complete && effect != crdt.Applied {
			return fmt.Errorf("in the order they were made, change %s/%d has effect %d: %v", c.Replica, c.N, effect, err)
		}
	}
	if a, b := Bytes(d), Bytes(plain); a != b {
		return fmt.Errorf("in the order they were made, the changes give\n%q\nand not\n%q\n%s", b, a, differenceAt(a, b))
	}
	if _, err := reread(d); err != nil {
		return err
	}
	if !complete {
		return nil
	}
	return nothingTypedIsGone(d, changes)
}

// nothingTypedIsGone counts what was typed into each text and what of it was cut. It
// is the plainest of all checks, and asks no model.
func nothingTypedIsGone(d *crdt.Document, changes []*crdt.Change) error {
	typed, cut := map[string]int{}, map[string]map[crdt.Dot]bool{}
	paths := map[string][]string{}
	for _, c := range changes {
		for i := range c.Ops {
			op := &c.Ops[i]
			k := key(op.Path)
			switch op.Kind {
			case crdt.OpInsert:
				paths[k] = op.Path
				typed[k] += utf8.RuneCountInString(op.Text)
			case crdt.OpCut:
				if cut[k] == nil {
					cut[k] = map[crdt.Dot]bool{}
				}
				for _, e := range cutBy(op) {
					cut[k][e] = true
				}
			}
		}
	}
	for k, path := range paths {
		if want, got := typed[k]-len(cut[k]), utf8.RuneCountInString(d.Text(path...)); got != want {
			return fmt.Errorf("of %d code points typed into %q and %d cut, %d are left", typed[k], path, len(cut[k]), got)
		}
	}
	return nil
}
