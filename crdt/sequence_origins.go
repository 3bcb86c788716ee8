package crdt

import (
	"slices"
	"sort"
)

// byOrigin lists the runs so that each comes after those that hold its origins. It
// reports false when they lean on each other in a circle, or on an element that is in
// none of them unless such elements are elsewhere. It is a depth-first walk with a
// stack of its own, as origins can be a long chain.
func byOrigin(runs []run, index runIndex, elsewhere bool) (order []int, ok bool) {
	walk := originWalk{runs: runs, index: index, elsewhere: elsewhere, state: make([]byte, len(runs))}
	order = make([]int, 0, len(runs))
	for root := range runs {
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
	runs      []run
	index     runIndex
	elsewhere bool
	state     []byte // by run
	stack     []int  // the runs that are begun and, above each, those it waits for
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
	for _, origin := range [2]Dot{w.runs[i].after, w.runs[i].before} {
		if origin == (Dot{}) {
			continue
		}
		at, _, found := w.index.find(origin)
		switch {
		case !found && w.elsewhere:
		case !found || w.state[at] == runBegun:
			return false
		case w.state[at] == runNew:
			w.stack = append(w.stack, at)
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

// find gives the run that d is in, and which element of it d is.
func (index runIndex) find(d Dot) (at, offset int, found bool) {
	k := sort.Search(len(index), func(k int) bool { return d.Compare(index[k].end()) < 0 })
	if k == len(index) || d.Compare(index[k].id) < 0 {
		return 0, 0, false
	}
	return index[k].at, int(d.Seq - index[k].id.Seq), true
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
