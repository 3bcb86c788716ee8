package collections

import (
	"errors"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// A refused change never blocks the others, only those that lean on it: typing inside
// a text that was refused, a row of a list that was, an edit of a record whose
// creation was. These are refused with it, and say so.

// leansOnCreation answers a change to a document that is not there.
func (r *round) leansOnCreation(c *crdt.Change) error {
	cause, err := r.refusedBefore(c, func(receipt *Receipt) bool { return true })
	if err != nil {
		return err
	}
	if cause == nil {
		return r.notHere(c.Doc)
	}
	return leansOn(cause)
}

// leansOnMissing answers a change that points at what another replica made and the
// document does not have.
func leansOnMissing() *Error {
	return Errorf(Invalid, "ops", "The change builds on something that the server does not have: reload the record and make it again.")
}

// sawTooMuch reports whether a deletion claims to have seen changes that are not there:
// it would delete edits that are yet to be made.
func sawTooMuch(c *crdt.Change, seen crdt.Vector) bool {
	for i := range c.Ops {
		for replica, n := range c.Ops[i].Saw {
			if replica == c.Replica && n > c.N || replica != c.Replica && n > seen[replica] {
				return true
			}
		}
	}
	return false
}

// leansOnOwn answers a change that does not fit its document. A replica's own elements
// are in the document when the change that made them was accepted; so if one that the
// change points at was of a refused change, that is the reason.
func (r *round) leansOnOwn(c *crdt.Change, misfit error) error {
	var op *crdt.OpError
	if !errors.As(misfit, &op) || op.Index < 0 {
		return invalidOp(misfit)
	}
	made := &c.Ops[op.Index]
	cause, err := r.refusedBefore(c, func(receipt *Receipt) bool {
		return pointsInto(made, crdt.Dot{Replica: c.Replica, Seq: receipt.FirstID}, receipt.LastID)
	})
	if err != nil {
		return err
	}
	if cause == nil {
		return invalidOp(misfit)
	}
	return leansOn(cause)
}

// pointsInto reports whether an operation points at an element from first to the one
// of the same replica with the number last.
func pointsInto(op *crdt.Op, first crdt.Dot, last uint64) bool {
	in := func(d crdt.Dot) bool {
		return d.Replica == first.Replica && first.Seq <= d.Seq && d.Seq <= last
	}
	if in(op.After) || in(op.Before) || in(op.Row) || slices.ContainsFunc(op.Over, in) {
		return true
	}
	for _, segment := range op.Path {
		if row, err := crdt.ParseDot(segment); err == nil && in(row) {
			return true
		}
	}
	return slices.ContainsFunc(op.Spans, func(s crdt.Span) bool {
		return s.Start.Replica == first.Replica && s.Start.Seq <= last && first.Seq < s.Start.Seq+s.Len
	})
}

// leansOn says which refusal is to blame.
func leansOn(cause *Receipt) *Error {
	return Errorf(LeansOn, "", "This builds on change %d, which was refused: %s", cause.N, cause.Refused.Message)
}

// refusedBefore finds the newest refused change of c's replica to c's document that
// fits, among the last leanSearch.
func (r *round) refusedBefore(c *crdt.Change, fits func(*Receipt) bool) (*Receipt, error) {
	for n, tries := c.N-1, 0; n > 0 && tries < leanSearch; n, tries = n-1, tries+1 {
		receipt, err := r.receipt(c.Replica, n)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("collections: reading a receipt: %w", err)
		}
		if receipt.Refused != nil && receipt.Doc == c.Doc && fits(receipt) {
			return receipt, nil
		}
	}
	return nil, nil
}
