package crdt

import (
	"iter"
	"slices"
	"sort"
)

// cut removes elements; those that are not here or removed already are skipped.
// removed (may be nil) is told of each visible stretch as it goes: the position
// counts what was removed before it as gone.
func (s *sequence) cut(spans []Span, removed func(pos, n int)) {
	gone := disjoint(spans)
	from, to := s.touched(gone)
	pos := s.visibleBefore(from)
	var changed []run
	for _, r := range s.runs[from:to] {
		for part := range partsAfterCut(r, gone) {
			if part.deleted && !r.deleted && removed != nil {
				removed(pos, part.n)
			}
			if !part.deleted {
				pos += part.n
			}
			changed = appendRun(changed, part)
		}
	}
	s.runs = slices.Replace(s.runs, from, to, changed...)
}

// touched gives the range of runs that a cut changes, with a neighbour on each side
// as the ends may join them; an empty range if there are none.
func (s *sequence) touched(gone []Span) (from, to int) {
	first := slices.IndexFunc(s.runs, func(r run) bool { return touches(r, gone) })
	if first < 0 {
		return 0, 0
	}
	last := len(s.runs) - 1
	for !touches(s.runs[last], gone) {
		last--
	}
	return max(first-1, 0), min(last+2, len(s.runs))
}

// touches reports whether a cut removes anything of r.
func touches(r run, gone []Span) bool {
	if r.deleted {
		return false
	}
	k := firstOverlap(r, gone)
	return k < len(gone) && gone[k].Start.Compare(r.last()) <= 0
}

// firstOverlap is the index of the first span that ends behind the start of r.
func firstOverlap(r run, gone []Span) int {
	return sort.Search(len(gone), func(k int) bool { return r.id.Compare(gone[k].end()) < 0 })
}

// partsAfterCut gives r in parts, those inside of a span removed.
func partsAfterCut(r run, gone []Span) iter.Seq[run] {
	return func(yield func(run) bool) {
		if r.deleted {
			yield(r)
			return
		}
		done := 0
		for k := firstOverlap(r, gone); k < len(gone) && gone[k].Start.Compare(r.last()) <= 0; k++ {
			from, to := 0, r.n
			if r.id.Compare(gone[k].Start) < 0 {
				from = int(gone[k].Start.Seq - r.id.Seq)
			}
			if gone[k].end().Compare(r.dot(r.n)) < 0 {
				to = int(gone[k].end().Seq - r.id.Seq)
			}
			if from > done && !yield(r.part(done, from-done)) {
				return
			}
			part := r.part(from, to-from)
			part.deleted = true
			if !yield(part) {
				return
			}
			done = to
		}
		if done < r.n {
			yield(r.part(done, r.n-done))
		}
	}
}

// disjoint gives the same elements as spans in ascending order that neither overlap
// nor touch.
func disjoint(spans []Span) []Span {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return a.Start.Compare(b.Start) })
	out := sorted[:0]
	for _, q := range sorted {
		if q.Len == 0 {
			continue
		}
		k := len(out) - 1
		if k >= 0 && q.Start.Compare(out[k].end()) <= 0 {
			if out[k].end().Compare(q.end()) < 0 {
				out[k].Len = q.end().Seq - out[k].Start.Seq
			}
			continue
		}
		out = append(out, q)
	}
	return out
}
