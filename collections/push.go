package collections

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// push takes in the changes of one replica and answers each. An error is about all of
// them, and then nothing has moved.
//
// knows is the place in the log up to which their author had surely seen all when making
// the oldest. Behind the floor that is too little to merge them: those that came in
// before are answered, the others stay without an answer.
func (e *Engine) push(ctx context.Context, a Actor, r *SyncRequest, knows Position) ([]Result, error) {
	if len(r.Changes) == 0 {
		return []Result{}, nil
	}
	if r.Replica == 0 {
		return nil, Errorf(Invalid, "replica", "A push needs the replica it comes from.")
	}
	ins, err := e.incomings(ctx, r)
	if err != nil {
		return nil, err
	}
	for i := range ins {
		ins[i].knows = knows
	}
	var results []Result
	for {
		err = e.commit(ctx, keysOf(ins), func(round *round) (err error) {
			results, err = round.push(a, r.Replica, ins, knows[mainStream] < round.state.floor.N)
			return err
		})
		var early *earlyError
		if !errors.As(err, &early) {
			break
		}
		if err := e.tail.reach(ctx, Position{early.last.Stream: early.last.N}); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	return results, nil
}

// earlyError says that a replica's last change, which came in at another server, is not
// in the records yet: a change after it must not be merged before it.
type earlyError struct{ last Place }

func (e *earlyError) Error() string {
	return fmt.Sprintf("collections: entry %s %d is not in the records yet", e.last.Stream, e.last.N)
}

// keysOf lists the documents that changes are for.
func keysOf(ins []incoming) []Key {
	keys := make([]Key, 0, len(ins))
	for _, in := range ins {
		if in.shape == nil {
			keys = append(keys, Key{in.change.Type, in.change.Doc})
		}
	}
	return keys
}

// push is the part of a push that needs the state of things.
func (r *round) push(a Actor, replica crdt.Replica, ins []incoming, outdated bool) ([]Result, error) {
	state, err := r.replica(replica)
	if err != nil {
		return nil, err
	}
	if replica == r.state.self.Replica || state.User != "" && state.User != a.User {
		return nil, Errorf(Forbidden, "replica", "This device's copy belongs to another account: sign in with that one, or start a new copy.")
	}
	if r.com.e.several() && !r.com.e.tail.has(state.Last) {
		return nil, &earlyError{state.Last}
	}
	if err := r.follows(state, ins, outdated); err != nil {
		return nil, err
	}
	state.User, state.Seen = a.User, r.now
	results := make([]Result, 0, len(ins))
	for i := range ins {
		var result Result
		switch in := &ins[i]; {
		case in.change.N <= state.N:
			result, err = r.repeat(in, outdated)
		case outdated:
			continue
		default:
			result, err = r.answer(a, &state, in)
		}
		if err != nil {
			return nil, err
		}
		results = append(results, result)
	}
	return results, nil
}

// follows checks, before anything moves, that the numbers follow on from what the
// replica sent before, and that those sent again are what they were.
//
// Receipts of accepted changes go with their entries. A number without one, from who has
// seen all that the log lost, is of somebody who was not there then: a copy. From who has
// not, it may be of a change whose answer never arrived.
func (r *round) follows(state ReplicaState, ins []incoming, outdated bool) error {
	sent := map[uint64]*incoming{}
	next := state.N + 1
	for i := range ins {
		in := &ins[i]
		n := in.change.N
		before := sent[n]
		sent[n] = in
		switch {
		case n > next:
			gap := Errorf(ReplicaGap, "n", "Change %d came before change %d: send from there on.", n, next)
			gap.Expect = next
			return gap
		case n == next:
			next++
		case before != nil:
			if before.digest != in.digest {
				return forked(n)
			}
		default:
			receipt, err := r.receipt(state.Replica, n)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return fmt.Errorf("collections: reading a receipt: %w", err)
			}
			lost := err != nil && r.state.floor.N > 0 && !outdated
			if lost || err == nil && !in.repeats(receipt) {
				return forked(n)
			}
		}
	}
	return nil
}

// forked is the answer to a number that was used for two changes.
func forked(n uint64) *Error {
	return Errorf(ReplicaForked, "n", "Number %d was used for another change: this copy was made twice. Take a new replica id and send again.", n)
}

// repeat answers a change that was answered before, with the same answer.
func (r *round) repeat(in *incoming, outdated bool) (Result, error) {
	c := in.change
	r.counts.Repeated++
	receipt, err := r.receipt(c.Replica, c.N)
	if errors.Is(err, ErrNotFound) && outdated {
		unsure := Errorf(Unsure, "", "The server had this change, or another with its number, too long ago to tell: look whether the record has it, and make it again if not.")
		return Result{N: c.N, Error: unsure}, nil
	}
	if errors.Is(err, ErrNotFound) {
		// What was accepted has its receipt, or got it back from the log.
		lost := Errorf(Invalid, "", "This change was refused, and the reason was lost when the server stopped: make it again.")
		return Result{N: c.N, Error: lost}, nil
	}
	if err != nil {
		return Result{}, fmt.Errorf("collections: reading a receipt: %w", err)
	}
	if receipt.Refused != nil {
		return Result{N: c.N, Error: receipt.Refused}, nil
	}
	return Result{N: c.N, OK: true, Stamp: receipt.Stamp}, nil
}

// answer judges a change that is new, and lets it in or turns it away: either way its
// number is used up, and only then does anything move.
func (r *round) answer(a Actor, state *ReplicaState, in *incoming) (Result, error) {
	c := in.change
	receipt := Receipt{Replica: state.Replica, N: c.N, Digest: in.digest}
	if in.shape == nil {
		receipt.Doc = c.Doc
	}
	admitted, err := r.admit(a, in, r.stampFor(c, state.Stamp))
	var refusal *Error
	switch {
	case errors.As(err, &refusal):
		r.counts.Refused++
		receipt.Refused = refusal
		receipt.FirstID, receipt.LastID = elements(c)
		r.keepRefused(a, in, refusal)
	case err != nil:
		return Result{}, err
	default:
		if admitted.change.Stamp != c.Stamp {
			r.counts.Restamped++
		}
		receipt.Stamp, state.Stamp = admitted.change.Stamp, admitted.change.Stamp
		if err := r.accept(a, admitted); err != nil {
			return Result{}, err
		}
	}
	state.N = c.N
	r.remember(receipt)
	r.move(*state)
	return Result{N: c.N, OK: refusal == nil, Stamp: receipt.Stamp, Error: refusal}, nil
}

// elements is the range of element numbers that a change would have made, zeros for
// none: who points into it leans on this change.
func elements(c *crdt.Change) (first, last uint64) {
	for i := range c.Ops {
		op := &c.Ops[i]
		if op.ID == 0 {
			continue
		}
		n := uint64(1)
		if op.Kind == crdt.OpInsert {
			n = uint64(utf8.RuneCountInString(op.Text))
		}
		if first == 0 || op.ID < first {
			first = op.ID
		}
		last = max(last, op.ID+n-1)
	}
	return first, last
}
