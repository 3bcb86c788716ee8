package crdt

import (
	"errors"
	"fmt"
	"maps"
)

// Compaction folds away what nobody can lean on any more. What may go follows from
// one promise of the caller: there are recent changes, and whoever made one of them,
// or will make one that comes later, had seen every change that is not recent. Those
// others are settled, and the document as it was with them alone is the settled state.
//
// What a later change can name is what its author's editor names:
//
//   - an element of a text that its author sees, to type behind it or to cut it; and
//     whatever stands directly behind that one, seen or removed, to type before it;
//   - a row that its author sees, and likewise the places beside it;
//   - values of conflict fields and additions to sets, which keep nothing of what was
//     removed anyway.
//
// So of a sequence there stays of the settled state what showed in it (also if a
// recent change has removed it: others may not have heard) and behind each of these,
// and at the start, the first of the removed elements that follow it. All other
// removed elements go. What stays is chained: each gets the one before it as its left
// origin and the end as its right one, so that neighbours numbered one after the other
// are one run again.
//
// Why what comes later still finds its place, the same as in a document that was never
// compacted. Let k be the settled element directly behind a visible one, a. Everything
// that anybody puts between the two without having seen others do so has the origins a
// and k, as nobody can put anything behind k who does not see it, and k, being the
// first behind a, is there in every copy. In the tree of FugueMax (sequence_insert.go)
// these new elements are either all left children of k or all right children of a with
// the right origin k, which of the two hangs on k's own origins. Left siblings stand in
// the order of their dots, and so do right siblings of one right origin: the order is
// the same, and so is the place, directly before k. What is put beside new elements has
// origins that are new, or k, whose order does not change. Thus the places of new
// elements follow from the order of the settled ones alone and not from their origins,
// which may be rewritten. An editor names the same elements in every copy, so a change
// made on a compacted document fits all others as they are. And folding in two steps
// leaves what folding in one does, except where recent moves keep places (see places).
//
// That first removed element is the price: without it, what is put behind a would name
// the next visible element in a compacted document and k in another, and where the two
// stand to each other would hang on origins that are gone.
//
// Of removals and edits (trash.go) only what recent changes did stays: each deletion
// that comes later has seen all that is settled.
//
// Some memories stay because nothing promised makes them idle. The stamps of
// registers, and registers that were unset: a later change may have an older stamp, if
// its author's clock is slow. What each replica added to a counter, as it is bounded
// for each replica. The marks of replicas, which tell a repeated change from a new one.
//
// Operations that no editor makes may tell copies apart: an insertion before an element
// that is not the one behind its left origin, a removal that says it saw less than its
// author must have seen. In a document that was compacted they can come out otherwise
// than in one that was not.

// Compact folds away all that nobody can lean on any more: the value stays as it is,
// and so does what becomes of every change that may still come.
//
// The caller gives the recent changes of the document, in any order, and promises that
// whoever made one of them, or makes one that is yet to come, had seen every other
// change that the document holds, under the stamp that it has here. Copies of the
// document need not be compacted, or not alike: they go on showing the same. A change
// of somebody who had not seen enough is refused by [Document.Apply] if it names
// something that is gone, and [OpError] says so.
//
// Compact with the same or more recent changes again does nothing. It is an error, and
// nothing changes, when the document holds changes back, when it lacks one of the
// recent changes, or when one of them breaks the promise in a way that shows.
func (d *Document) Compact(recent []*Change) error {
	if len(d.held) > 0 {
		return errors.New("crdt: the document holds changes that wait for others: compact it once those have come")
	}
	floor, err := d.floorBelow(recent)
	if err != nil || len(floor) == 0 {
		return err
	}
	compacted := d.Clone()
	c := compaction{floor: floor, cuts: map[*textField][]Span{}, moves: map[*listField]bool{}}
	for _, change := range recent {
		c.note(compacted, change)
	}
	if !c.field(compacted.root) {
		return errors.New("crdt: a recent change leans on what had been removed for its author: compact with more recent changes")
	}
	compacted.settle(floor)
	*d = *compacted
	return nil
}

// floorBelow is how much of each replica is settled: all but the recent changes, and
// all that was settled before.
func (d *Document) floorBelow(recent []*Change) (marks, error) {
	floor := maps.Clone(d.seen)
	for _, c := range recent {
		if c.N > d.seen[c.Replica].n {
			return nil, fmt.Errorf("crdt: change %d of %s is called recent and has not come: apply it first", c.N, c.Replica)
		}
		m := floor[c.Replica]
		m.n = min(m.n, c.Prev)
		for i := range c.Ops {
			if c.Ops[i].Makes() > 0 {
				m.seq = min(m.seq, c.Ops[i].ID-1)
			}
		}
		floor[c.Replica] = m
	}
	for r, m := range floor {
		before := d.floor[r]
		floor[r] = mark{max(m.n, before.n), max(m.seq, before.seq)}
		if floor[r].n == 0 {
			delete(floor, r)
		}
	}
	return floor, nil
}

// settled is how many elements of a run are settled, with the marks as the floor.
func (m marks) settled(r run) int {
	last := m[r.id.Replica].seq
	if last < r.id.Seq {
		return 0
	}
	return int(min(uint64(r.n), last-r.id.Seq+1))
}

// compaction is one walk through a document that is being compacted.
type compaction struct {
	floor marks
	cuts  map[*textField][]Span // what recent changes removed
	moves map[*listField]bool   // the lists in which they moved rows
}

// note remembers what a recent change did that does not show in the document.
func (c *compaction) note(d *Document, change *Change) {
	for i := range change.Ops {
		op := &change.Ops[i]
		switch f := d.find(op.Path).(type) {
		case *textField:
			c.cuts[f] = append(c.cuts[f], op.Spans...)
		case *listField:
			c.moves[f] = c.moves[f] || op.Kind == OpMove
		}
	}
}

// field compacts a field and all below it. It reports false if something recent leans
// on what would be gone.
func (c *compaction) field(at node) bool {
	switch f := at.(type) {
	case *mapField:
		for child := range f.children.all() {
			if !c.field(child.field) {
				return false
			}
		}
	case *textField:
		return c.text(f)
	case *listField:
		return c.list(f)
	}
	return true
}

func (c *compaction) text(f *textField) bool {
	cuts := newSpanSet(c.cuts[f])
	gaps := &gapKeeper{open: true}
	runs, ok := compactRuns(f.seq.all(), c.floor, func(r run, keep func(run)) {
		gaps.text(r, cuts, keep)
	})
	f.reorder(runs)
	return ok
}
