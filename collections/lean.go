package collections

import (
	"errors"
	"fmt"

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
		return notFound(c.Doc)
	}
	return leansOn(cause)
}

// leansOnElement answers a change that points at what the document does not have.
func (r *round) leansOnElement(c *crdt.Change, ref crdt.Ref) error {
	dot := ref.Element
	if dot.Replica == c.Replica {
		cause, err := r.refusedBefore(c, func(receipt *Receipt) bool {
			return receipt.FirstID <= dot.Seq && dot.Seq <= receipt.LastID
		})
		if err != nil {
			return err
		}
		if cause != nil {
			return leansOn(cause)
		}
	}
	return Errorf(Invalid, "ops", "The change builds on something that the server does not have: reload the record and make it again.")
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
