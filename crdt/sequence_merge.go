package crdt

import (
	"slices"
	"sort"
)

// merge takes in all that other has. added and removed (may be nil) are told what
// changes in what is visible, one after the other: added, that n elements that
// other shows from position from on now show here from pos on; removed as in cut.
// All of added come before all of removed.
func (s *sequence) merge(other *sequence, added func(pos, from, n int), removed func(pos, n int)) {
	order, _ := other.byOrigin(newRunIndex(other.runs))
	mine := newRunIndex(s.runs)
	shownAt, shown := make([]int, len(other.runs)), 0
	var gone []Span
	for i, r := range other.runs {
		shownAt[i] = shown
		if r.deleted {
			gone = append(gone, Span{r.id, uint64(r.n)})
		} else {
			shown += r.n
		}
	}
	for _, i := range order {
		r := other.runs[i]
		for _, gap := range mine.gaps(r) {
			pos := s.put(r.part(gap.from, gap.to-gap.from))
			if added != nil && !r.deleted {
				added(pos, shownAt[i]+gap.from, gap.to-gap.from)
			}
		}
	}
	s.cut(gone, removed)
}

// byOrigin lists the runs so that each comes after those that hold its origins, or
// reports that they lean on each other in a circle (or on what is not here). It is a
// depth-first walk with a stack of its own, as origins can be a long chain.
func (s *sequence) byOrigin(index runIndex) (order []int, ok bool) {
	walk := originWalk{s: s, index: index, state: make([]byte, len(s.runs))}
	order = make([]int, 0, len(s.runs))
	for root := range s.runs {
		for walk.stack = append(walk.stack, root); len(walk.stack) > 0; {
			top := len(walk.stack) - 1
			i := walk.stack[top]
			if walk.state[i] == runNew {
				if !walk.begin(i) {
					return nil, false
				}
				continue
			}
			walk.stack = walk.stack[:top]
			if walk.state[i] == runBegun {
				walk.state[i] = runDone
				order = append(order, i)
			}
		}
	}
	return order, true
}

// originWalk is a walk over runs from each to those that hold its origins.
type originWalk struct {
	s     *sequence
	index runIndex
	state []byte // by run
	stack []int  // the runs that are begun and, above each, those it waits for
}

const (
	runNew = iota
	runBegun
	runDone
)

// begin puts the runs that the i-th waits for on the stack. It reports false when one
// of them waits for the i-th, or is not here.
func (w *originWalk) begin(i int) bool {
	w.state[i] = runBegun
	for _, origin := range [2]Dot{w.s.runs[i].after, w.s.runs[i].before} {
		if origin == (Dot{}) {
			continue
		}
		p, found := w.index.find(origin)
		if !found || w.state[p.run] == runBegun {
			return false
		}
		if w.state[p.run] == runNew {
			w.stack = append(w.stack, p.run)
		}
	}
	return true
}

// runIndex finds elements by name: the runs in the order of their first elements,
// each with where it stands in the sequence.
type runIndex []indexedRun

type indexedRun struct {
	id Dot
	n  int
	at int
}

func (r indexedRun) end() Dot { return Dot{r.id.Replica, r.id.Seq + uint64(r.n)} }

func newRunIndex(runs []run) runIndex {
	index := make(runIndex, len(runs))
	for i, r := range runs {
		index[i] = indexedRun{r.id, r.n, i}
	}
	slices.SortFunc(index, func(a, b indexedRun) int { return a.id.Compare(b.id) })
	return index
}

// search is the position in the index of the first run that ends behind d.
func (index runIndex) search(d Dot) int {
	return sort.Search(len(index), func(k int) bool { return d.Compare(index[k].end()) < 0 })
}

// find gives the place of d.
func (index runIndex) find(d Dot) (place, bool) {
	k := index.search(d)
	if k == len(index) || d.Compare(index[k].id) < 0 {
		return place{}, false
	}
	return place{index[k].at, int(d.Seq - index[k].id.Seq)}, true
}

// overlap reports whether two runs claim one element.
func (index runIndex) overlap() bool {
	for k := 1; k < len(index); k++ {
		if index[k].id.Compare(index[k-1].end()) < 0 {
			return true
		}
	}
	return false
}

// gap is the elements of a run from one offset up to another.
type gap struct{ from, to int }

// gaps lists what of r the indexed runs do not have.
func (index runIndex) gaps(r run) []gap {
	var gaps []gap
	done := 0
	for k := index.search(r.id); k < len(index) && index[k].id.Compare(r.last()) <= 0; k++ {
		if r.id.Compare(index[k].id) < 0 && done < int(index[k].id.Seq-r.id.Seq) {
			gaps = append(gaps, gap{done, int(index[k].id.Seq - r.id.Seq)})
		}
		done = int(min(index[k].end().Seq-r.id.Seq, uint64(r.n)))
	}
	if done < r.n {
		gaps = append(gaps, gap{done, r.n})
	}
	return gaps
}
