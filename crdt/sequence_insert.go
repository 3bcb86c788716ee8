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
// No such tree is kept: the reading order and the two origins of each run are enough.
// An element whose left origin is a is a head of a. What stands under a on its right
// is, without gaps, one group after the other of a head and what stands under that
// head on its right; for a left child of a head is a head too.
//
// Most often what stood before the new elements when they were typed is directly
// behind what they were typed after, still: then they go between the two.

// insert puts n new elements, id and its followers, where a person put them who saw
// before directly behind after (zero: the start, the end). Both must be here. text is
// what they show, "" if the sequence has no content.
func (s *sequence) insert(id Dot, n int, after, before Dot, text string) {
	s.put(run{id: id, n: n, after: after, before: before}, text)
}

// put is insert of a run that may be removed already. It gives the number of runs it
// had to look at.
func (s *sequence) put(r run, text string) (looked int) {
	s.edit()
	p := s.behind(r.after)
	if p.element() == r.before {
		s.putAt(p, r, text)
		return 0
	}
	p = s.split(p)
	edge := p.element()
	p, looked = s.integrate(p, &r)
	s.putAt(p, r, text)
	s.recent = r.id
	if edge != (Dot{}) {
		s.mend(s.mustFind(edge))
	}
	return looked
}

// putAt puts a run at a place, where its origins allow it to be.
func (s *sequence) putAt(p place, r run, text string) {
	leaf := p.leaf
	if !r.deleted {
		if text != "" {
			leaf.typeAt(leaf.byteAt(p.shownBefore()), text)
		}
		leaf.bump(r.n)
	}
	s.changed(leaf)
	leaf.insert(p, r)
	if s.index != nil {
		s.index.set(r.span(), leaf)
	}
	s.relieve(leaf)
}

// typeAt puts text into that of a leaf.
func (n *block) typeAt(at int, text string) {
	size := len(n.text)
	n.text = append(n.text, text...)
	if at < size {
		copy(n.text[at+len(text):], n.text[at:size])
		copy(n.text[at:], text)
	}
}

// insert puts a run among those of a leaf.
func (n *block) insert(p place, r run) {
	i := p.run
	if i < len(n.runs) {
		at := &n.runs[i]
		switch {
		case p.offset == at.n && at.joins(&r):
			at.n += r.n
			n.join(i)
			return
		case p.offset == at.n:
			i++
		case p.offset > 0:
			n.runs = slices.Insert(n.runs, i+1, r, at.part(p.offset, at.n-p.offset))
			n.runs[i].n = p.offset
			return
		}
	}
	n.runs = slices.Insert(n.runs, i, r)
	n.join(i)
	if i > 0 {
		n.join(i - 1)
	}
}

// join makes the i-th run and the one behind it one, if they are.
func (n *block) join(i int) {
	if i+1 < len(n.runs) && n.runs[i].joins(&n.runs[i+1]) {
		n.runs[i].n += n.runs[i+1].n
		n.runs = slices.Delete(n.runs, i+1, i+2)
	}
}

// split makes a run begin at a place, and gives the place as the beginning of that
// run; without a leaf at the end.
func (s *sequence) split(p place) place {
	if len(p.leaf.runs) == 0 {
		return place{}
	}
	if r := p.at(); p.offset < r.n {
		if p.offset > 0 {
			p.leaf.runs = slices.Insert(p.leaf.runs, p.run+1, r.part(p.offset, r.n-p.offset))
			p.at().n = p.offset
			p = place{p.leaf, p.run + 1, 0}
		}
		return p
	}
	return p.nextRun()
}

// mend undoes a split at a place that nothing came to.
func (s *sequence) mend(p place) {
	if p.offset == 0 && p.run > 0 {
		p.leaf.join(p.run - 1)
	}
}

// integrate finds where r goes among what others put behind r.after, which is just in
// front of from, and how many runs it looked at.
//
// Shortcuts keep people, and attackers, who put very many things at one place from
// paying for each with a look at all the others.
func (s *sequence) integrate(from place, r *run) (goes place, looked int) {
	n := newcomer{s: s, run: r, right: s.rightOrigin(r.before), leftChild: s.isLeftChild(r)}
	if n.leftChild && n.isLastLeft() {
		return n.right, 0
	}
	from = n.skip(from)
	goes, waiting := from, false                      // waiting: for the head that the heads since then stand under
	for j, last := from, r.after; ; j = j.nextRun() { // last: the element in front of j
		if !waiting {
			goes = j
		}
		if j.leaf == nil || n.leftChild && j == n.right {
			break
		}
		if looked++; looked == patience && !n.leftChild && !waiting {
			j = n.leap(j)
		}
		h := j.at()
		if h.after == r.after {
			order := n.compare(h)
			if order == headBehind {
				break
			}
			waiting = order == headUndecided
		} else if !s.standsUnder(h.after, last, from) {
			break
		}
		last = h.last()
	}
	if goes.leaf == nil {
		goes = s.end()
	}
	return goes, looked
}

// newcomer is a run that is to be put among others with the same left origin.
type newcomer struct {
	s *sequence
	*run
	right     place // where its right origin stands
	leftChild bool
}

// isLastLeft reports whether the newcomer, a left child, goes directly in front of its
// right origin: whether all other left children of that have smaller dots. It finds the
// last of them by going up from what is in front, and gives up where that is far.
func (n *newcomer) isLastLeft() bool {
	p := n.right.prevRun()
	for range 8 {
		if p.leaf == nil {
			return false
		}
		h := p.at()
		if h.after == n.after {
			return h.before != n.before || h.id.Compare(n.id) < 0
		}
		if h.after == (Dot{}) {
			return false
		}
		p = n.s.mustFind(h.after)
	}
	return false
}

// skip gives where to begin looking: at what was put down last, if that is a sibling
// that the newcomer goes behind.
func (n *newcomer) skip(from place) place {
	p, found := n.s.find(n.s.recent)
	if !found || p.offset > 0 || p.at().after != n.after || n.leftChild && p.at().before != n.before {
		return from
	}
	if n.compare(p.at()) == headBefore {
		return p
	}
	return from
}

// How a head stands to an element that is to be inserted.
const (
	headBefore    = iota // before it, with its group
	headBehind           // behind it, with all that stands under it
	headUndecided        // on the side where the head further on is that it stands under
)

// compare says where the head h stands to the newcomer, whose left origin is the same.
func (n *newcomer) compare(h *run) int {
	order, sibling := 0, true // with the same origins
	if h.before != n.before {
		order = n.s.rightOrigin(h.before).compare(n.right)
		sibling = n.s.isLeftChild(h) == n.leftChild
	}
	switch {
	case !n.leftChild && !sibling, n.leftChild && sibling && order < 0:
		return headUndecided
	case n.leftChild && !sibling, order > 0:
		return headBefore
	case order < 0:
		return headBehind
	case h.id.Compare(n.id) < 0:
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
		return p.left() == r.after
	}
	return p.at().after == r.after
}

// rightOrigin is the place of a right origin; the end is behind all.
func (s *sequence) rightOrigin(d Dot) place {
	if d == (Dot{}) {
		return place{}
	}
	return s.mustFind(d)
}

// standsUnder reports whether a left origin stands at from or behind it. The usual case
// needs no search: it is the last element before.
func (s *sequence) standsUnder(d, last Dot, from place) bool {
	return d != (Dot{}) && (d == last || s.mustFind(d).compare(from) >= 0)
}
