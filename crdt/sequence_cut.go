package crdt

import (
	"math"
	"slices"
)

// cut removes elements; those that are not here or removed already are skipped.
func (s *sequence) cut(spans []Span) {
	if s.root == nil || len(spans) == 0 {
		return
	}
	s.edit()
	for _, q := range spans {
		for from, end := q.Start.Seq, q.Start.Seq+q.Len; from < end; {
			leaf, next := s.extentAt(Dot{q.Start.Replica, from})
			next = min(next, end)
			if leaf != nil {
				s.cutIn(leaf, Span{Dot{q.Start.Replica, from}, next - from})
			}
			from = next
		}
	}
}

// cutAt removes the n visible elements from pos on, after edit.
func (s *sequence) cutAt(pos, n int) {
	for n > 0 {
		p := s.visible(pos)
		k := min(n, p.at().n-p.offset)
		p.leaf.strike(p.run, p.offset, p.offset+k)
		s.lost(p.leaf, k)
		n -= k
	}
}

// lost brings the counts above a leaf up to date from which n visible elements went.
func (s *sequence) lost(leaf *block, n int) {
	leaf.shown += n
	leaf.bump(-n)
	s.changed(leaf)
	s.relieve(leaf)
}

// extentAt is the leaf that has d, if the sequence has it, and up to which number it
// is the same leaf.
func (s *sequence) extentAt(d Dot) (leaf *block, next uint64) {
	leaf = s.leafOf(d)
	if s.root.kids == nil {
		return leaf, math.MaxUint64
	}
	if o := s.index.owner(d.Replica); o != nil {
		return o.extentAt(d.Seq)
	}
	return nil, math.MaxUint64
}

// cutIn removes the elements of a span that are in a leaf.
func (s *sequence) cutIn(leaf *block, q Span) {
	before := leaf.shown
	for i := 0; i < len(leaf.runs); i++ {
		r := &leaf.runs[i]
		if r.deleted || r.id.Replica != q.Start.Replica || r.last().Seq < q.Start.Seq || r.id.Seq >= q.end().Seq {
			continue
		}
		from := int(max(q.Start.Seq, r.id.Seq) - r.id.Seq)
		to := int(min(q.end().Seq-r.id.Seq, uint64(r.n)))
		i = leaf.strike(i, from, to)
	}
	if gone := before - leaf.shown; gone > 0 {
		s.lost(leaf, gone)
	}
}

// strike removes some elements of the i-th run, all visible, and gives the index of the
// last run that is done with. It leaves the counts above the leaf to the caller.
func (n *block) strike(i, from, to int) int {
	r := &n.runs[i]
	if len(n.text) > 0 {
		shown := place{n, i, from}.shownBefore()
		at := n.byteAt(shown)
		size := to - from
		if len(n.text) != n.shown {
			size = n.byteAt(shown+to-from) - at
		}
		n.text = slices.Delete(n.text, at, at+size)
	}
	n.shown -= to - from
	gone := r.part(from, to-from)
	gone.deleted = true
	if to == r.n && from > 0 && i+1 < len(n.runs) && gone.joins(&n.runs[i+1]) {
		// The usual case: somebody goes on removing backwards.
		gone.n += n.runs[i+1].n
		n.runs[i+1] = gone
		r.n = from
		return i + 1
	}
	var parts [3]run
	with := parts[:0]
	if from > 0 {
		with = append(with, r.part(0, from))
	}
	with = append(with, gone)
	if to < r.n {
		with = append(with, r.part(to, r.n-to))
	}
	n.runs = slices.Replace(n.runs, i, i+1, with...)
	if from > 0 {
		i++
	}
	n.join(i)
	if i > 0 && n.runs[i-1].joins(&n.runs[i]) {
		n.join(i - 1)
		i--
	}
	return i
}
