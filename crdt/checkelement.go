package crdt

import (
	"fmt"
	"slices"
)

// own reports whether an element can only come from this change, and which of the
// operations before makes it, if any does.
func (k *checker) own(e Dot) (*making, bool) {
	if e.Replica != k.c.Replica || e.Seq <= k.first {
		return nil, false
	}
	i, found := slices.BinarySearchFunc(k.made, e.Seq, func(m making, seq uint64) int {
		switch {
		case seq < m.first:
			return 1
		case seq-m.first >= m.n:
			return -1
		}
		return 0
	})
	if found {
		return &k.made[i], true
	}
	return nil, !k.gap
}

// element checks that an element op points at is in the sequence of its field, which
// may be nil, or may come yet. Zero stands for the start or the end.
func (k *checker) element(op *Op, in *sequence, e Dot) string {
	if e == (Dot{}) {
		return ""
	}
	if message := checkElement(e); message != "" {
		return message
	}
	making, own := k.own(e)
	switch {
	case own && making != nil && making.field == pathKey(op.Path):
	case !own && !k.d.seen.has(e):
	case !own && in != nil && in.has(e):
	default:
		k.gone = !own && k.d.floor.has(e)
		return fmt.Sprintf("The field %q has no element %s.", pathName(op.Path), e) + k.tooOld()
	}
	return ""
}

func checkElement(e Dot) string {
	if e.Replica == 0 || e.Seq == 0 || e.Seq > MaxSeq {
		return "An element is named by a replica and a number from 1 to 2^53-1."
	}
	return ""
}

// over checks what an operation replaces or removes. Where it was seen does not
// matter: what is not there any more is removed already.
func (k *checker) over(op *Op) string {
	for _, e := range op.Over {
		if message := checkElement(e); message != "" {
			return message
		}
		if making, own := k.own(e); own && (making == nil || making.field != pathKey(op.Path)) {
			return fmt.Sprintf("The field %q has no element %s.", pathName(op.Path), e)
		}
	}
	return ""
}

// place checks where something new goes: between two elements of the sequence.
func (k *checker) place(op *Op, seq *sequence) string {
	if op.After == op.Before && op.After != (Dot{}) {
		return "Nothing can be put between an element and itself."
	}
	if message := k.element(op, seq, op.After); message != "" {
		return message
	}
	return k.element(op, seq, op.Before)
}

// make checks the numbers of the elements op makes and notes them.
func (k *checker) make(op *Op, n uint64) string {
	if op.ID <= k.top || op.ID > MaxSeq || n-1 > MaxSeq-op.ID {
		return fmt.Sprintf("The elements made at %q must be numbered above %d and within 2^53-1.", pathName(op.Path), k.top)
	}
	k.top = op.ID + n - 1
	if len(k.c.Ops) > 1 {
		k.made = append(k.made, making{op.ID, n, pathKey(op.Path), op.Kind == OpPlace})
	}
	return ""
}

// saw checks what a removal saw.
func (k *checker) saw(v Vector) string {
	for r, n := range v {
		if r == 0 || n > MaxSeq {
			return "What a removal saw is a number up to 2^53-1 for each replica."
		}
	}
	return ""
}

// tooOld is what a message adds when something was cleared away.
func (k *checker) tooOld() string {
	if !k.gone {
		return ""
	}
	return " It was removed and cleared away since: make the change again on the document as it is now."
}
