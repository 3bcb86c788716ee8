package crdt

import "slices"

// news is what one sequence has of another to learn.
type news struct {
	runs    []arrival
	removed []Span
}

// newsFrom gives what the sequence has to learn from other, which shows text; "" if it
// has no content.
func (s *sequence) newsFrom(other *sequence, text string) news {
	return news{other.unknownTo(s, text), other.removedFrom(s)}
}

// merge takes in what there is to learn.
func (s *sequence) merge(n news) {
	for _, i := range arrivalOrder(n.runs) {
		s.put(n.runs[i].run, n.runs[i].text)
	}
	s.cut(n.removed)
}

// arrival is a run that one sequence has and another has not, and what it shows.
type arrival struct {
	run
	text string
}

// unknownTo gives the parts of runs that s has and theirs has not. text is what s shows.
func (s *sequence) unknownTo(theirs *sequence, text string) []arrival {
	var unknown []arrival
	walk := follower{s: theirs}
	page := page{rest: text}
	pos := 0 // visible elements of s before the run
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			r := &leaf.runs[i]
			if !walk.to(r) {
				for _, gap := range theirs.gaps(r.span()) {
					from := int(gap.Start.Seq - r.id.Seq)
					a := arrival{run: r.part(from, int(gap.Len))}
					if !r.deleted && text != "" {
						a.text = page.slice(pos+from, a.n)
					}
					unknown = append(unknown, a)
				}
			}
			pos += r.shown()
		}
	}
	return unknown
}

// page is a text that is read from front to back.
type page struct {
	rest string
	at   int // code points before the rest
}

// slice is the n code points from position pos on, which must not be before the last.
func (p *page) slice(pos, n int) string {
	p.rest = p.rest[byteOffset(p.rest, pos-p.at):]
	p.at = pos
	return p.rest[:byteOffset(p.rest, n)]
}

// arrivalOrder lists the arrivals so that each comes after those that hold its origins.
func arrivalOrder(arrivals []arrival) []int {
	runs := make([]run, len(arrivals))
	for i := range arrivals {
		runs[i] = arrivals[i].run
	}
	order, _ := byOrigin(&runTable{runs: runs}, true)
	return order
}

// removedFrom gives the elements that s has removed and theirs may not have.
func (s *sequence) removedFrom(theirs *sequence) []Span {
	var removed []Span
	walk := follower{s: theirs}
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			if r := &leaf.runs[i]; !(walk.to(r) && walk.at.at().deleted) && r.deleted {
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
