package crdt

import (
	"bytes"
	"encoding/binary"
)

// A sequence is written as the number of its runs and then the runs in order. A run
// is: a head; the replica if it is another than that of the run before (of the
// first: than the first in the table); the first number, if it is not the expected
// one, as the distance from it; the length, unless it is one; and those origins that
// the head names. Expected is the number behind the last run of the same replica.
//
// A head is one byte: flags, and one form for each origin. The forms are made for
// what people do: typing goes on behind the element before, a cut splits a run in
// two, an insertion in the middle of a text is put before the rest of it.
const (
	headDeleted  = 1 << 0
	headReplica  = 1 << 1
	headSingle   = 1 << 6
	headDistance = 1 << 7

	afterForms    = 3 << 2
	afterPrevious = 0 << 2 // the element just before in the sequence
	afterOwn      = 1 << 2 // the one numbered one less; the right origin is that one's too
	afterShared   = 2 << 2 // that of the run just behind, which is the right origin
	afterNamed    = 3 << 2

	beforeForms  = 3 << 4
	beforeEnd    = 0 << 4
	beforeNext   = 1 << 4 // the first element of the run just behind
	beforeShared = 2 << 4 // that of the left origin
	beforeNamed  = 3 << 4
)

// maxRun is the largest length of a run.
const maxRun = 1<<31 - 1

// appendTo appends the canonical encoding: every run is as long as can be, every
// origin in the first form that fits.
func (s *sequence) appendTo(dst []byte, replicas *replicaTable) []byte {
	return appendRuns(dst, &runTable{runs: s.all()}, replicas)
}

func appendRuns(dst []byte, t *runTable, replicas *replicaTable) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(t.runs)))
	numbers := newNumbering(replicas)
	for i := range t.runs {
		r := &t.runs[i]
		head := originForms(t, i)
		if r.deleted {
			head |= headDeleted
		}
		if r.n == 1 {
			head |= headSingle
		}
		if numbers.turnTo(r.id.Replica) {
			head |= headReplica
		}
		distance := int64(r.id.Seq) - int64(numbers.expected)
		if distance != 0 {
			head |= headDistance
		}
		numbers.expected = r.id.Seq + uint64(r.n)
		dst = appendRunBytes(append(dst, head), head, r, distance, replicas)
	}
	return dst
}

// appendRunBytes appends what follows the head of a run.
func appendRunBytes(dst []byte, head byte, r *run, distance int64, replicas *replicaTable) []byte {
	if head&headReplica != 0 {
		dst = replicas.appendReplica(dst, r.id.Replica)
	}
	if head&headDistance != 0 {
		dst = appendVarint(dst, distance)
	}
	if head&headSingle == 0 {
		dst = binary.AppendUvarint(dst, uint64(r.n))
	}
	if head&afterForms == afterNamed {
		dst = appendOrigin(dst, r.after, replicas)
	}
	if head&beforeForms == beforeNamed {
		dst = appendOrigin(dst, r.before, replicas)
	}
	return dst
}

// originForms gives the head bits for the origins of the i-th run.
func originForms(t *runTable, i int) byte {
	runs, r := t.runs, &t.runs[i]
	sharesRight := false
	if r.after != (Dot{}) {
		sharesRight = runs[t.holder(r.after, i-1)].before == r.before
	}
	if sharesRight && r.after == r.id.previous() {
		return afterOwn
	}
	before, next := byte(beforeNamed), i+1
	switch {
	case r.before == Dot{}:
		before = beforeEnd
	case next < len(runs) && r.before == runs[next].id:
		before = beforeNext
	case sharesRight:
		before = beforeShared
	}
	switch {
	case r.after == lastBefore(runs, i):
		return before | afterPrevious
	case before == beforeNext && r.after == runs[next].after:
		return before | afterShared
	}
	return before | afterNamed
}

// lastBefore is the element just before the i-th run; zero before the first.
func lastBefore(runs []run, i int) Dot {
	if i == 0 {
		return Dot{}
	}
	return runs[i-1].last()
}

// previous is the element of the same replica numbered one less.
func (d Dot) previous() Dot { return Dot{d.Replica, d.Seq - 1} }

// decodeRuns reads what appendTo wrote; a mistake is left in r. A sequence of what it
// gives can be read, edited and merged safely even if the bytes were made up: the
// origins are there and do not lean on each other in a circle.
func decodeRuns(r *reader, replicas *replicaTable) []run {
	start := r.buf
	runs, heads := readRuns(r, replicas)
	t := &runTable{runs: runs}
	if r.err == nil {
		resolveOrigins(t, r, heads)
	}
	if r.err != nil {
		return nil
	}
	read := start[:len(start)-len(r.buf)]
	if !bytes.Equal(appendRuns(make([]byte, 0, len(read)), t, replicas), read) {
		r.fail("a sequence is not written in its canonical form")
		return nil
	}
	return runs
}

// readRuns reads the runs and gives the head of each, as the origins in the forms
// afterShared, beforeShared and afterOwn are still to be found.
func readRuns(r *reader, replicas *replicaTable) (runs []run, heads []byte) {
	n := r.count(1)
	if n > 0 && len(replicas.sorted) == 0 {
		r.fail("a sequence mentions a replica and none is listed")
	}
	numbers := newNumbering(replicas)
	for i := 0; i < n && r.err == nil; i++ {
		head := r.byte()
		q := readRun(r, head, numbers, replicas)
		switch head & afterForms {
		case afterPrevious:
			q.after = lastBefore(runs, i)
		case afterOwn:
			q.after = q.id.previous()
		}
		if i > 0 && heads[i-1]&beforeForms == beforeNext {
			runs[i-1].before = q.id
		}
		runs, heads = append(runs, q), append(heads, head)
	}
	return runs, heads
}

// readRun reads what follows the head of a run.
func readRun(r *reader, head byte, numbers *numbering, replicas *replicaTable) run {
	if head&headReplica != 0 {
		numbers.turnTo(r.replica(replicas))
	}
	q := run{id: Dot{numbers.replica, numbers.expected}, n: 1, deleted: head&headDeleted != 0}
	if head&headDistance != 0 {
		q.id.Seq += uint64(r.varint(MaxSeq)) // below zero it wraps around and is too large
	}
	if head&headSingle == 0 {
		q.n = int(r.uvarint(maxRun))
	}
	if q.n == 0 || q.id.Seq == 0 || q.id.Seq > MaxSeq || uint64(q.n) > MaxSeq-q.id.Seq+1 {
		r.fail("a run of a sequence has an impossible number or length")
	}
	numbers.expected = q.id.Seq + uint64(q.n)
	if head&afterForms == afterNamed {
		q.after = r.origin(replicas)
	}
	if head&beforeForms == beforeNamed {
		q.before = r.origin(replicas)
	}
	return q
}

// resolveOrigins finds the origins that are those of another run, and checks all.
func resolveOrigins(t *runTable, r *reader, heads []byte) {
	if t.overlap() {
		r.fail("an element of a sequence occurs twice")
		return
	}
	runs := t.runs
	for i := len(heads) - 2; i >= 0; i-- { // from the end: the run behind comes first
		if heads[i]&afterForms == afterShared {
			runs[i].after = runs[i+1].after
		}
	}
	for i := range runs {
		q := &runs[i]
		left := -1
		if q.after != (Dot{}) {
			if left = t.holder(q.after, i-1); left < 0 || left >= i {
				r.fail("the left origin of a run is not before it")
				return
			}
		}
		if heads[i]&beforeForms == beforeShared || heads[i]&afterForms == afterOwn {
			if left < 0 {
				r.fail("a run has the right origin of a left origin that is not there")
				return
			}
			q.before = runs[left].before
		}
		if i > 0 && runs[i-1].joins(q) {
			r.fail("a run of a sequence is written as two")
			return
		}
	}
	if _, ok := byOrigin(t, false); !ok {
		r.fail("the origins of a sequence are not there or lean on each other in a circle")
	}
}

// appendOrigin appends an element that may be zero: zero, or the place of the
// replica plus one and the number.
func appendOrigin(dst []byte, d Dot, replicas *replicaTable) []byte {
	if d == (Dot{}) {
		return append(dst, 0)
	}
	dst = binary.AppendUvarint(dst, uint64(replicas.place(d.Replica))+1)
	return binary.AppendUvarint(dst, d.Seq)
}

// origin reads what appendOrigin wrote.
func (r *reader) origin(replicas *replicaTable) Dot {
	place := r.uvarint(uint64(len(replicas.sorted)))
	if place == 0 {
		return Dot{}
	}
	return Dot{replicas.sorted[place-1], r.uvarint(MaxSeq)}
}

// numbering follows the runs of an encoding and knows the number each replica's next
// run is expected to begin with.
type numbering struct {
	replica  Replica // of the run now
	expected uint64
	others   map[Replica]uint64 // what was expected when another came
}

func newNumbering(table *replicaTable) *numbering {
	u := &numbering{expected: 1}
	if len(table.sorted) > 0 {
		u.replica = table.sorted[0]
	}
	return u
}

// turnTo makes r the current replica and reports whether another one was.
func (u *numbering) turnTo(r Replica) bool {
	if r == u.replica {
		return false
	}
	if u.others == nil {
		u.others = make(map[Replica]uint64)
	}
	u.others[u.replica] = u.expected
	u.replica, u.expected = r, max(u.others[r], 1)
	return true
}
