package crdt

import (
	"slices"
	"sort"
)

// compactRuns gives the runs of a sequence with only those settled elements that pick
// keeps, chained one behind the other; what is recent stays as it is. pick is given
// the settled runs in order and calls keep for the parts that stay. It reports whether
// all that is recent still has its origins.
func compactRuns(runs []run, floor marks, pick func(settled run, keep func(run))) ([]run, bool) {
	var compacted []run
	var last Dot // of what is settled and stays
	keep := func(r run) {
		r.after, r.before = last, Dot{}
		last = r.last()
		compacted = appendRun(compacted, r)
	}
	for _, r := range runs {
		n := floor.settled(r)
		if n > 0 {
			pick(r.part(0, n), keep)
		}
		if n < r.n {
			compacted = appendRun(compacted, r.part(n, r.n-n))
		}
	}
	return compacted, hasOrigins(compacted, floor)
}

// reorder gives the text other runs, in which the same elements are visible.
func (f *textField) reorder(runs []run) {
	f.text, f.stale, f.filled = f.string(), false, false
	f.seq = newSequence(runs)
}

// hasOrigins reports whether the origins of all recent runs are among the runs.
func hasOrigins(runs []run, floor marks) bool {
	recent := func(r run) bool { return floor.settled(r) == 0 }
	if !slices.ContainsFunc(runs, recent) {
		return true
	}
	here := spansOf(runs)
	return !slices.ContainsFunc(runs, func(r run) bool {
		return recent(r) && !(here.holds(r.after) && here.holds(r.before))
	})
}

// gapKeeper keeps of the removed elements behind each that stands, and at the start,
// the first.
type gapKeeper struct {
	open bool // nothing is kept yet behind the last that stands
}

// text keeps what shows or shows no more since one of the recent cuts, and the first
// of what was removed behind it.
func (k *gapKeeper) text(r run, cuts spanSet, keep func(run)) {
	if !r.deleted {
		k.stands(r, keep)
		return
	}
	cuts.split(r, func(part run, cut bool) {
		if cut {
			k.stands(part, keep)
		} else {
			k.removed(part, keep)
		}
	})
}

// stands keeps elements behind which something may be put.
func (k *gapKeeper) stands(r run, keep func(run)) {
	keep(r)
	k.open = true
}

// removed keeps the first of removed elements if it is the first of its gap.
func (k *gapKeeper) removed(r run, keep func(run)) {
	if k.open {
		keep(r.part(0, 1))
	}
	k.open = false
}

// lingers keeps elements behind which nothing will be put.
func (k *gapKeeper) lingers(r run, keep func(run)) {
	keep(r)
	k.open = false
}

// spanSet is a set of elements: spans in ascending order that do not overlap.
type spanSet []Span

func newSpanSet(spans []Span) spanSet {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return a.Start.Compare(b.Start) })
	set := sorted[:0]
	for _, q := range sorted {
		if k := len(set) - 1; k >= 0 && q.Start.Compare(set[k].end()) <= 0 {
			if set[k].end().Compare(q.end()) < 0 {
				set[k].Len = q.end().Seq - set[k].Start.Seq
			}
			continue
		}
		set = append(set, q)
	}
	return set
}

// spansOf is the elements of runs.
func spansOf(runs []run) spanSet {
	spans := make([]Span, len(runs))
	for i, r := range runs {
		spans[i] = Span{r.id, uint64(r.n)}
	}
	return newSpanSet(spans)
}

// search is the index of the first span that ends behind d.
func (s spanSet) search(d Dot) int {
	return sort.Search(len(s), func(k int) bool { return d.Compare(s[k].end()) < 0 })
}

// holds reports whether d is in the set, or is zero: the start or the end.
func (s spanSet) holds(d Dot) bool {
	k := s.search(d)
	return d == (Dot{}) || k < len(s) && s[k].Start.Compare(d) <= 0
}

// split calls yield for the parts of a run that are in the set and those that are not,
// in order.
func (s spanSet) split(r run, yield func(part run, in bool)) {
	done := 0
	for k := s.search(r.id); done < r.n; k++ {
		from, to := r.n, r.n // of the next part that is in the set
		if k < len(s) && s[k].Start.Compare(r.last()) <= 0 {
			from, to = 0, int(min(uint64(r.n), s[k].end().Seq-r.id.Seq))
			if r.id.Compare(s[k].Start) < 0 {
				from = int(s[k].Start.Seq - r.id.Seq)
			}
		}
		if done < from {
			yield(r.part(done, from-done), false)
		}
		if from < to {
			yield(r.part(from, to-from), true)
		}
		done = to
	}
}
