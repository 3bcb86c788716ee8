package crdttest

import (
	"math"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// Damaged gives a change that r could make, with something wrong in it, mostly bad
// enough to be refused; nil if the change it began with came out empty. r's document
// stays as it is.
func (p *Peers) Damaged(r *Replica) *crdt.Change {
	e := r.Doc.Edit(r.ID, Plan())
	RandomEdits(p.Rand, e, r.Doc)
	c := changeTo(r.Doc, r.ID, r.Doc.Seen()[r.ID]+1, r.clock.next(p.now), e.Ops())
	if len(c.Ops) == 0 {
		return nil
	}
	i := p.Rand.IntN(len(c.Ops))
	p.damage(c, &c.Ops[i])
	return c
}

// damage breaks one thing about an operation.
func (w *World) damage(c *crdt.Change, op *crdt.Op) {
	own := crdt.Dot{Replica: c.Replica, Seq: 1 << 40}
	switch w.Rand.IntN(12) {
	case 0:
		op.Path = append(slices.Clone(op.Path), "below")
	case 1:
		op.Path = nil
	case 2:
		op.ID = 1
	case 3:
		op.ID = math.MaxUint64
	case 4:
		op.After, op.Row = own, own
	case 5:
		op.Before = own
	case 6:
		op.Value = []any{map[string]any{}}
	case 7:
		op.Value = math.NaN()
	case 8:
		op.Kind = pick(w.Rand, []crdt.Kind{crdt.OpSet, crdt.OpAdd, crdt.OpInsert, crdt.OpPlace, crdt.OpEnsure, "explode"})
	case 9:
		op.Spans = []crdt.Span{{Start: own, Len: math.MaxUint64}}
	case 10:
		op.Path = []string{"parts", own.String(), "title"}
	case 11:
		op.Over = []crdt.Dot{own, {}}
	}
}
