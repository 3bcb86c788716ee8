package crdt

import "slices"

// The order is that of FugueMax: Weidner and Kleppmann, "The Art of the Fugue:
// Minimizing Interleaving in Collaborative Text Editing" (arXiv:2305.00583).
//
// The elements are the nodes of a tree that is read in order: left children, node,
// right children. An element that was put between a and b is a left child of b if
// b's own left origin is a (b then is the first of what was put behind a),
// otherwise a right child of a. Left siblings stand in the order of their dots;
// right siblings in the opposite order of their right origins, then of their dots.
// Where an element stands therefore follows from the elements alone, whatever order
// they came in, even if its origins never were neighbours anywhere.
//
// No tree is kept: the reading order and the two origins of each run are enough. An
// element whose left origin is a is a head of a. What stands under a on its right
// is, without gaps, one group after the other of a head and what stands under that
// head on its right; for a left child of a head is a head too.

// insert puts n new elements, id and its followers, where a person put them who saw
// before directly behind after (zero: the start, the end). Both must be here. It
// gives the visible position of the first.
func (s *sequence) insert(id Dot, n int, after, before Dot) (pos int) {
	return s.put(run{id: id, n: n, after: after, before: before})
}

// put is insert of a run that may be removed already.
func (s *sequence) put(r run) (pos int) {
	i := s.splitBehind(r.after)
	dest := i
	if s.elementAt(place{i, 0}) != r.before {
		dest = s.integrate(i, r)
	}
	pos = s.visibleBefore(dest)
	from, to := max(dest-1, 0), min(dest+1, len(s.runs))
	joined := make([]run, 0, 3)
	for _, q := range s.runs[from:dest] {
		joined = appendRun(joined, q)
	}
	joined = appendRun(joined, r)
	for _, q := range s.runs[dest:to] {
		joined = appendRun(joined, q)
	}
	s.runs = slices.Replace(s.runs, from, to, joined...)
	if dest != i {
		s.rejoin(i)
	}
	return pos
}

// splitBehind makes a run begin behind d and gives its index.
func (s *sequence) splitBehind(d Dot) int {
	if d == (Dot{}) {
		return 0
	}
	p := s.mustFind(d)
	r, n := s.runs[p.run], p.offset+1
	if n < r.n {
		s.runs = slices.Replace(s.runs, p.run, p.run+1, r.part(0, n), r.part(n, r.n-n))
	}
	return p.run + 1
}

// rejoin undoes a split before the i-th run that nothing came into.
func (s *sequence) rejoin(i int) {
	if i > 0 && s.runs[i-1].joins(s.runs[i]) {
		s.runs[i-1].n += s.runs[i].n
		s.runs = slices.Delete(s.runs, i, i+1)
	}
}

// integrate finds where r goes among what others put behind r.after, which ends the
// run before the i-th.
func (s *sequence) integrate(i int, r run) int {
	right := s.rightOrigin(r.before)
	leftChild := s.isLeftChild(&r)
	dest, waiting := i, false // waiting: for the head that the heads since dest stand under
	for j := i; ; j++ {
		if !waiting {
			dest = j
		}
		if j == len(s.runs) || leftChild && j == right.run {
			return dest
		}
		h := &s.runs[j]
		if h.after != r.after {
			if s.standsUnder(h.after, i, j) {
				continue // in the group of the head before it
			}
			return dest
		}
		switch s.compareHead(&r, leftChild, right, h) {
		case headBehind:
			return dest
		case headBefore:
			waiting = false
		case headUndecided:
			waiting = true
		}
	}
}

// How a head stands to an element that is to be inserted.
const (
	headBefore    = iota // before it, with its group
	headBehind           // behind it, with all that stands under it
	headUndecided        // on the side where the head further on is that it stands under
)

// compareHead says where h stands to r, which has the same left origin and whose
// right origin is at right.
func (s *sequence) compareHead(r *run, leftChild bool, right place, h *run) int {
	theirs := right
	if h.before != r.before {
		theirs = s.rightOrigin(h.before)
	}
	order := theirs.compare(right)
	sibling := s.isLeftChild(h) == leftChild
	switch {
	case !leftChild && !sibling, leftChild && sibling && order < 0:
		return headUndecided
	case leftChild && !sibling, order > 0:
		return headBefore
	case order < 0:
		return headBehind
	case h.id.Compare(r.id) < 0:
		return headBefore
	}
	return headBehind
}

// isLeftChild reports whether the first element of r is a left child.
func (s *sequence) isLeftChild(r *run) bool {
	if r.before == (Dot{}) {
		return false
	}
	p := s.mustFind(r.before)
	if p.offset > 0 {
		return s.runs[p.run].dot(p.offset-1) == r.after
	}
	return s.runs[p.run].after == r.after
}

// rightOrigin is the place of a right origin; the end is behind all.
func (s *sequence) rightOrigin(d Dot) place {
	if d == (Dot{}) {
		return place{len(s.runs), 0}
	}
	return s.mustFind(d)
}

// standsUnder reports whether the left origin d of the first element of the j-th run
// is in the i-th run or a later one. The usual case needs no search: it is the last
// element before.
func (s *sequence) standsUnder(d Dot, i, j int) bool {
	if d == (Dot{}) {
		return false
	}
	if j > i && s.runs[j-1].last() == d {
		return true
	}
	return s.mustFind(d).run >= i
}
