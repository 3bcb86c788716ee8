package crdt

import (
	"cmp"
)

// sequence is the order of elements that several replicas put next to each other:
// the code points of a text, the places of a list. Removed elements stay as
// tombstones, because others may point at them. Beside the order it may hold what the
// visible elements show, one code point each (see fill); a list holds nothing.
//
// The elements are kept as runs in the leaves of a B+ tree whose branches count what
// is visible below (sequence_tree.go), so that finding a position, and changing what is
// there, cost the logarithm of the length. An index leads from an element's name to
// its leaf (sequence_index.go).
//
// A copy shares the tree until one of the two changes.
type sequence struct {
	root   *block // nil: there is no element
	index  *index // nil: not needed yet
	shared bool   // another sequence has the same root and index

	near    *block // the leaf that was found by position last, nil: none
	nearPos int    // visible elements before it
	recent  Dot    // the first element of what was last put where others had put something
}

// run is a stretch of elements that stand together, were made one after the other
// and are all visible or all removed.
type run struct {
	id      Dot // of the first
	n       int // how many, at least one
	after   Dot // left origin of the first; each further one has the one before it
	before  Dot // right origin of all
	deleted bool
}

// dot is the i-th element of the run.
func (r *run) dot(i int) Dot { return Dot{r.id.Replica, r.id.Seq + uint64(i)} }

// last is the last element of the run.
func (r *run) last() Dot { return r.dot(r.n - 1) }

// span is the elements of the run.
func (r *run) span() Span { return Span{r.id, uint64(r.n)} }

// shown is how many elements of the run are visible.
func (r *run) shown() int {
	if r.deleted {
		return 0
	}
	return r.n
}

// offset says which element of the run d is, if it is one.
func (r *run) offset(d Dot) (int, bool) {
	i := d.Seq - r.id.Seq // wraps around to something large when d is earlier
	return int(i), d.Replica == r.id.Replica && i < uint64(r.n)
}

// part is the run of n elements from the i-th on.
func (r *run) part(i, n int) run {
	p := *r
	if i > 0 {
		p.after = r.dot(i - 1)
		p.id = r.dot(i)
	}
	p.n = n
	return p
}

// joins reports whether q goes on where r ends, so that both are one run.
func (r *run) joins(q *run) bool {
	return q.id.Seq == r.id.Seq+uint64(r.n) && q.id.Replica == r.id.Replica &&
		q.after == r.last() && q.before == r.before && q.deleted == r.deleted
}

// appendRun appends q, as part of the last run where it goes on from there.
func appendRun(runs []run, q run) []run {
	if k := len(runs) - 1; k >= 0 && runs[k].joins(&q) {
		runs[k].n += q.n
		return runs
	}
	return append(runs, q)
}

// place is where an element stands: in which run of which leaf, and how far in. An
// offset just past the run is the place behind its last element.
type place struct {
	leaf   *block
	run    int
	offset int
}

// at is the run of the place.
func (p place) at() *run { return &p.leaf.runs[p.run] }

// compare tells which of two places of one tree comes first. A place without a leaf is
// the end.
func (p place) compare(q place) int {
	switch {
	case p.leaf == q.leaf:
		return cmp.Or(cmp.Compare(p.run, q.run), cmp.Compare(p.offset, q.offset))
	case p.leaf == nil:
		return 1
	case q.leaf == nil:
		return -1
	}
	return p.leaf.compare(q.leaf)
}

// length is how many elements are visible.
func (s *sequence) length() int {
	if s.root == nil {
		return 0
	}
	return s.root.shown
}

// all gives the runs in order, removed ones too, each as long as can be. Sequences of
// the same elements have the same runs. The caller owns the result.
func (s *sequence) all() []run {
	n := 0
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		n += len(leaf.runs)
	}
	runs := make([]run, 0, n)
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			runs = appendRun(runs, leaf.runs[i])
		}
	}
	return runs
}

// each calls f for the runs in order, removed ones too. Neighbours f is told
// separately may belong to one run.
func (s *sequence) each(f func(id Dot, n int, deleted bool)) {
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			f(leaf.runs[i].id, leaf.runs[i].n, leaf.runs[i].deleted)
		}
	}
}

// eachElement calls f for the elements in order, removed ones too.
func (s *sequence) eachElement(f func(d Dot)) {
	s.each(func(id Dot, n int, _ bool) {
		for i := range uint64(n) {
			f(Dot{id.Replica, id.Seq + i})
		}
	})
}

// single is the only run, if there is just one.
func (s *sequence) single() (run, bool) {
	if s.root == nil || s.root.kids == nil && len(s.root.runs) > 1 {
		return run{}, false
	}
	runs := s.all()
	if len(runs) != 1 {
		return run{}, false
	}
	return runs[0], true
}

// find gives the place of d.
func (s *sequence) find(d Dot) (place, bool) {
	leaf := s.leafOf(d)
	if leaf == nil {
		return place{}, false
	}
	for i := range leaf.runs {
		if offset, ok := leaf.runs[i].offset(d); ok {
			return place{leaf, i, offset}, true
		}
	}
	return place{}, false
}

// mustFind is find for an element that is here by the caller's word.
func (s *sequence) mustFind(d Dot) place {
	p, ok := s.find(d)
	if !ok {
		panic("crdt: element " + d.String() + " is not in the sequence")
	}
	return p
}

// has reports whether the element is here, visible or removed.
func (s *sequence) has(d Dot) bool {
	_, ok := s.find(d)
	return ok
}

// visible is the place of the visible element at pos, which must be in range.
func (s *sequence) visible(pos int) place {
	leaf, rest := s.leafAt(pos)
	for i := range leaf.runs {
		r := &leaf.runs[i]
		if r.deleted {
			continue
		}
		if rest < r.n {
			return place{leaf, i, rest}
		}
		rest -= r.n
	}
	panic("crdt: position is outside the sequence")
}

// spans appends the n visible elements from pos on, as a cut names them.
func (s *sequence) spans(dst []Span, pos, n int) []Span {
	if n == 0 {
		return dst
	}
	p := s.visible(pos)
	for n > 0 {
		if r := p.at(); !r.deleted {
			take := min(n, r.n-p.offset)
			dst = appendSpan(dst, Span{r.dot(p.offset), uint64(take)})
			n -= take
		}
		p = p.nextRun()
	}
	return dst
}

// appendSpan appends q, as part of the last span where it goes on from there.
func appendSpan(spans []Span, q Span) []Span {
	if k := len(spans) - 1; k >= 0 && q.Start == spans[k].end() {
		spans[k].Len += q.Len
		return spans
	}
	return append(spans, q)
}

// nextRun is the place of the first element of the run behind; without a leaf at the
// end.
func (p place) nextRun() place {
	if p.run+1 < len(p.leaf.runs) {
		return place{p.leaf, p.run + 1, 0}
	}
	return place{leaf: p.leaf.next()}
}

// prevRun is the place of the first element of the run before; without a leaf at the
// start.
func (p place) prevRun() place {
	if p.run > 0 {
		return place{p.leaf, p.run - 1, 0}
	}
	if leaf := p.leaf.prev(); leaf != nil {
		return place{leaf, len(leaf.runs) - 1, 0}
	}
	return place{}
}

// behind is the place directly behind d; behind zero is the start.
func (s *sequence) behind(d Dot) place {
	if d == (Dot{}) {
		return place{leaf: s.root.first()}
	}
	p := s.mustFind(d)
	p.offset++
	return p
}

// end is the place behind all.
func (s *sequence) end() place {
	leaf := s.root
	for leaf.kids != nil {
		leaf = leaf.kids[len(leaf.kids)-1]
	}
	if len(leaf.runs) == 0 {
		return place{leaf: leaf}
	}
	i := len(leaf.runs) - 1
	return place{leaf, i, leaf.runs[i].n}
}

// element is the element at the place, or the one that begins the run behind if the
// place is just past its run; zero at the end.
func (p place) element() Dot {
	if p.leaf != nil && p.run < len(p.leaf.runs) && p.offset == p.at().n {
		p = p.nextRun()
	}
	if p.leaf == nil || p.run >= len(p.leaf.runs) {
		return Dot{}
	}
	return p.at().dot(p.offset)
}

// next is the element directly behind d, visible or removed; zero at the end. Behind
// zero is the first.
func (s *sequence) next(d Dot) Dot { return s.behind(d).element() }

// neighbours gives the origins of an insertion at the visible position pos: the
// visible element before it, and whatever stands directly behind that.
func (s *sequence) neighbours(pos int) (after, before Dot) {
	p := s.gap(pos)
	return p.left(), p.element()
}

// gap is the place of an insertion at the visible position pos: directly behind the
// visible element before it.
func (s *sequence) gap(pos int) place {
	if pos == 0 {
		return place{leaf: s.root.first()}
	}
	p := s.visible(pos - 1)
	p.offset++
	return p
}

// left is the element before a place that gap or behind gave.
func (p place) left() Dot {
	if p.offset == 0 {
		return Dot{}
	}
	return p.at().dot(p.offset - 1)
}

// clone gives a copy. Until one of the two changes they share what they hold, so it
// costs nothing.
func (s *sequence) clone() sequence {
	s.shared = s.root != nil
	return sequence{root: s.root, index: s.index, shared: s.shared}
}

// edit makes the tree the sequence's own before it changes.
func (s *sequence) edit() {
	switch {
	case s.root == nil:
		s.root = &block{}
	case s.shared:
		s.root = s.root.clone(nil)
		s.index, s.near, s.shared = nil, nil, false
	}
}

// newSequence gives the sequence of the runs, in order. It takes the runs over.
func newSequence(runs []run) sequence { return sequence{root: grow(runs)} }

// content is what the visible elements show, if the sequence was filled.
func (s *sequence) content() string {
	size := 0
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		size += len(leaf.text)
	}
	text := make([]byte, 0, size)
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		text = append(text, leaf.text...)
	}
	return string(text)
}

// fill gives each visible element the code point that it shows.
func (s *sequence) fill(text string) {
	s.edit()
	one := len(text) == s.root.shown // one byte each
	content := []byte(text)
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		end := leaf.shown
		if !one {
			end = byteOffset(text, end)
			text = text[end:]
		}
		leaf.text = content[:end:end] // a leaf that changes moves to memory of its own
		content = content[end:]
	}
}
