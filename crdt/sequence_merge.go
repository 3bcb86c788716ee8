package crdt

import "slices"

// merge takes in all that other has. If both have content, so has the result.
func (s *sequence) merge(other *sequence) {
	if other.root == nil || other.root == s.root {
		return
	}
	s.edit()
	fresh := other.unknownTo(s)
	order, _ := byOrigin(fresh, newRunIndex(fresh), true)
	for _, i := range order {
		s.put(fresh[i], other.show(&fresh[i]))
	}
	s.cut(other.removedFrom(s))
}

// unknownTo gives the parts of runs that s has and theirs has not, each in one leaf.
func (s *sequence) unknownTo(theirs *sequence) []run {
	var unknown []run
	walk := follower{s: theirs}
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			r := &leaf.runs[i]
			if walk.to(r) {
				continue
			}
			for _, gap := range theirs.gaps(r.span()) {
				unknown = append(unknown, r.part(int(gap.Start.Seq-r.id.Seq), int(gap.Len)))
			}
		}
	}
	return unknown
}

// removedFrom gives the elements that s has removed, but for those it is quickly seen
// of that theirs has removed them too.
func (s *sequence) removedFrom(theirs *sequence) []Span {
	var removed []Span
	walk := follower{s: theirs}
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			if r := &leaf.runs[i]; r.deleted && !(walk.to(r) && walk.at.at().deleted) {
				removed = append(removed, r.span())
			}
		}
	}
	return removed
}

// follower finds runs of one sequence in another. What comes next in the one mostly
// comes next in the other, where the two have much in common.
type follower struct {
	s  *sequence
	at place // of the run found last
}

// to goes to the run that has all of r, and reports whether there is one.
func (f *follower) to(r *run) bool {
	for range 2 {
		if f.at.leaf == nil {
			break
		}
		if offset, ok := f.at.at().offset(r.id); ok {
			return offset+r.n <= f.at.at().n
		}
		f.at = f.at.nextRun()
	}
	p, found := f.s.find(r.id)
	f.at = p
	return found && p.offset+r.n <= p.at().n
}

// gaps gives what of a span the sequence does not have.
func (s *sequence) gaps(q Span) []Span {
	if s.root == nil {
		return []Span{q}
	}
	var here []Span
	for from := q.Start.Seq; from < q.end().Seq; {
		leaf, next := s.extentAt(Dot{q.Start.Replica, from})
		if leaf != nil {
			here = leaf.overlaps(here, Span{Dot{q.Start.Replica, from}, min(next, q.end().Seq) - from})
		}
		from = next
	}
	slices.SortFunc(here, func(a, b Span) int { return a.Start.Compare(b.Start) })
	var gaps []Span
	for _, h := range here {
		if n := h.Start.Seq - q.Start.Seq; n > 0 {
			gaps = append(gaps, Span{q.Start, n})
		}
		q = Span{h.end(), q.end().Seq - h.end().Seq}
	}
	if q.Len > 0 {
		gaps = append(gaps, q)
	}
	return gaps
}

// overlaps appends what of a span a leaf has.
func (n *block) overlaps(dst []Span, q Span) []Span {
	for i := range n.runs {
		r := n.runs[i].span()
		if r.Start.Replica != q.Start.Replica {
			continue
		}
		from, to := max(r.Start.Seq, q.Start.Seq), min(r.end().Seq, q.end().Seq)
		if from < to {
			dst = append(dst, Span{Dot{r.Start.Replica, from}, to - from})
		}
	}
	return dst
}

// show is what the elements of a run that is in one leaf show.
func (s *sequence) show(r *run) string {
	p := s.mustFind(r.id)
	if r.deleted || len(p.leaf.text) == 0 {
		return ""
	}
	shown := p.shownBefore()
	return string(p.leaf.text[p.leaf.byteAt(shown):p.leaf.byteAt(shown+r.n)])
}
