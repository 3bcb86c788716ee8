package crdt

import (
	"cmp"
	"slices"
)

// sequence is the order of elements that several replicas put next to each other:
// the code points of a text, the places of a list. Removed elements stay as
// tombstones, because others may point at them.
//
// Its runs are maximal: two neighbours that could be one run are one. So sequences
// of the same elements have the same runs.
type sequence struct {
	runs []run
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
func (r run) dot(i int) Dot { return Dot{r.id.Replica, r.id.Seq + uint64(i)} }

// last is the last element of the run.
func (r run) last() Dot { return r.dot(r.n - 1) }

// offset says which element of the run d is, if it is one.
func (r *run) offset(d Dot) (int, bool) {
	i := d.Seq - r.id.Seq // wraps around to something large when d is earlier
	return int(i), d.Replica == r.id.Replica && i < uint64(r.n)
}

// part is the run of n elements from the i-th on.
func (r run) part(i, n int) run {
	if i > 0 {
		r.after = r.dot(i - 1)
		r.id = r.dot(i)
	}
	r.n = n
	return r
}

// joins reports whether q goes on where r ends, so that both are one run.
func (r run) joins(q run) bool {
	return q.after == r.last() && q.id == r.dot(r.n) && q.before == r.before && q.deleted == r.deleted
}

// appendRun appends q, as part of the last run where it goes on from there.
func appendRun(runs []run, q run) []run {
	if k := len(runs) - 1; k >= 0 && runs[k].joins(q) {
		runs[k].n += q.n
		return runs
	}
	return append(runs, q)
}

// place is where an element stands: in which run, and how far in.
type place struct {
	run, offset int
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.run, q.run), cmp.Compare(p.offset, q.offset))
}

// find gives the place of d.
func (s *sequence) find(d Dot) (place, bool) {
	for i := range s.runs {
		if offset, ok := s.runs[i].offset(d); ok {
			return place{i, offset}, true
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

// length is how many elements are visible.
func (s *sequence) length() int { return s.visibleBefore(len(s.runs)) }

// visibleBefore is how many elements are visible before the i-th run.
func (s *sequence) visibleBefore(i int) int {
	n := 0
	for k := range s.runs[:i] {
		if r := &s.runs[k]; !r.deleted {
			n += r.n
		}
	}
	return n
}

// each calls f for the runs in order, removed ones too. Neighbours f is told
// separately may belong to one insertion.
func (s *sequence) each(f func(id Dot, n int, deleted bool)) {
	for i := range s.runs {
		f(s.runs[i].id, s.runs[i].n, s.runs[i].deleted)
	}
}

// visiblePlace is the place of the visible element at pos, which must be in range.
func (s *sequence) visiblePlace(pos int) place {
	rest := pos
	for i := range s.runs {
		if s.runs[i].deleted {
			continue
		}
		if rest < s.runs[i].n {
			return place{i, rest}
		}
		rest -= s.runs[i].n
	}
	panic("crdt: position is outside the sequence")
}

// spans gives the n visible elements from pos on, as a cut names them.
func (s *sequence) spans(pos, n int) []Span {
	var spans []Span
	if n == 0 {
		return nil
	}
	for p := s.visiblePlace(pos); n > 0; p = (place{p.run + 1, 0}) {
		r := s.runs[p.run]
		if r.deleted {
			continue
		}
		take := min(n, r.n-p.offset)
		spans = appendSpan(spans, Span{r.dot(p.offset), uint64(take)})
		n -= take
	}
	return spans
}

// appendSpan appends q, as part of the last span where it goes on from there.
func appendSpan(spans []Span, q Span) []Span {
	if k := len(spans) - 1; k >= 0 && q.Start == (Dot{spans[k].Start.Replica, spans[k].Start.Seq + spans[k].Len}) {
		spans[k].Len += q.Len
		return spans
	}
	return append(spans, q)
}

// next is the element directly behind d, visible or removed; zero at the end. Behind
// zero is the first.
func (s *sequence) next(d Dot) Dot {
	if d == (Dot{}) {
		return s.elementAt(place{0, 0})
	}
	p := s.mustFind(d)
	return s.elementAt(place{p.run, p.offset + 1})
}

// elementAt is the element at p, or the one that begins the run behind if p is just
// past its run; zero at the end.
func (s *sequence) elementAt(p place) Dot {
	if p.run < len(s.runs) && p.offset == s.runs[p.run].n {
		p = place{p.run + 1, 0}
	}
	if p.run == len(s.runs) {
		return Dot{}
	}
	return s.runs[p.run].dot(p.offset)
}

// neighbours gives the origins of an insertion at the visible position pos: the
// visible element before it, and whatever stands directly behind that.
func (s *sequence) neighbours(pos int) (after, before Dot) {
	if pos == 0 {
		return Dot{}, s.next(Dot{})
	}
	p := s.visiblePlace(pos - 1)
	return s.runs[p.run].dot(p.offset), s.elementAt(place{p.run, p.offset + 1})
}

// clone gives a copy that shares nothing that changes.
func (s *sequence) clone() *sequence { return &sequence{slices.Clone(s.runs)} }
