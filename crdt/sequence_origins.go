package crdt

import (
	"slices"
	"sort"
)

// runTable finds elements by name in runs that are in the order they stand in.
type runTable struct {
	runs   []run
	byName []int32 // the runs in the order of their first elements; nil: not needed yet
}

// names gives the runs in the order of their first elements.
func (t *runTable) names() []int32 {
	if t.byName == nil {
		t.byName = make([]int32, len(t.runs))
		for i := range t.byName {
			t.byName[i] = int32(i)
		}
		slices.SortFunc(t.byName, func(a, b int32) int { return t.runs[a].id.Compare(t.runs[b].id) })
	}
	return t.byName
}

// holder is the run that d is in; -1 if none is. near is a run beside which d is
// expected: that needs no search.
func (t *runTable) holder(d Dot, near int) int {
	for _, i := range [3]int{near, near - 1, near + 1} {
		if i >= 0 && i < len(t.runs) {
			if _, ok := t.runs[i].offset(d); ok {
				return i
			}
		}
	}
	names := t.names()
	k := sort.Search(len(names), func(k int) bool { return d.Compare(t.runs[names[k]].id) < 0 }) - 1
	if k >= 0 {
		if _, ok := t.runs[names[k]].offset(d); ok {
			return int(names[k])
		}
	}
	return -1
}

// overlap reports whether two runs claim one element.
func (t *runTable) overlap() bool {
	names := t.names()
	for k := 1; k < len(names); k++ {
		before := &t.runs[names[k-1]]
		if t.runs[names[k]].id.Compare(before.dot(before.n)) < 0 {
			return true
		}
	}
	return false
}

// byOrigin lists the runs so that each comes after those that hold its origins. It
// reports false when they lean on each other in a circle, or on an element that is in
// none of them unless such elements are elsewhere. It is a depth-first walk with a
// stack of its own, as origins can be a long chain.
func byOrigin(t *runTable, elsewhere bool) (order []int, ok bool) {
	walk := originWalk{runTable: t, elsewhere: elsewhere, state: make([]byte, len(t.runs))}
	order = make([]int, 0, len(t.runs))
	for root := range t.runs {
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
	*runTable
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
		at := w.holder(origin, i)
		switch {
		case at < 0 && w.elsewhere:
		case at < 0 || w.state[at] == runBegun:
			return false
		case w.state[at] == runNew:
			w.stack = append(w.stack, at)
		}
	}
	return true
}
