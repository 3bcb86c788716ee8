package crdt

import (
	"slices"
	"sort"
)

// weave puts a text together from its history at a fraction of what applying it costs.
// As long as every insertion goes between two elements that stand next to each other,
// the order is a linked list, in which nothing needs to be searched or counted before
// the history is over. It is so until two people type at one place without seeing each
// other; then the weave gives up, and what is left of the history is applied.
//
// Elements have numbers here, in the order they came, from 1 on; 0 is the start and
// the end. The cost is about ten bytes and some steps for each element that ever was.
type weave struct {
	field   *textField
	path    []string
	typed   []weaveRun
	next    []uint32 // by element, the one behind it
	gone    []bool   // by element, it was removed
	writers []weaveWriter
	starts  map[uint32][]uint32 // by first element of a run: see show
}

// weaveRun is a run as it was typed, what it says, and the number of its first element.
type weaveRun struct {
	run
	text  string
	first uint32
}

// weaveWriter is the elements of one replica, in ascending stretches of consecutive
// names and numbers.
type weaveWriter struct {
	replica   Replica
	stretches []weaveStretch
}

type weaveStretch struct {
	from, n uint64
	first   uint32
}

// newWeave begins with a field into which the run was just typed, and nothing else.
// Room is made for so many runs and elements.
func newWeave(f *textField, path []string, r run, text string, runs, elements int) *weave {
	w := &weave{
		field: f, path: path, typed: make([]weaveRun, 0, runs+1),
		next: make([]uint32, 1, elements+r.n+1), gone: make([]bool, 1, elements+r.n+1),
		starts: map[uint32][]uint32{},
	}
	w.insert(r, text)
	return w
}

// writer is the elements of r, nil if there are none.
func (w *weave) writer(r Replica) *weaveWriter {
	for i := range w.writers {
		if w.writers[i].replica == r {
			return &w.writers[i]
		}
	}
	return nil
}

// stretch is the index of the last stretch that begins at seq or before, -1 if none.
func (w *weaveWriter) stretch(seq uint64) int {
	last := len(w.stretches) - 1
	if w.stretches[last].from <= seq { // most of the time
		return last
	}
	return sort.Search(last, func(i int) bool { return w.stretches[i].from > seq }) - 1
}

// number is the number of an element, false if it is not here.
func (w *weave) number(d Dot) (uint32, bool) {
	if d == (Dot{}) {
		return 0, true
	}
	by := w.writer(d.Replica)
	if by == nil {
		return 0, false
	}
	k := by.stretch(d.Seq)
	if k < 0 {
		return 0, false
	}
	s := &by.stretches[k]
	return s.first + uint32(d.Seq-s.from), d.Seq-s.from < s.n
}

// insert takes in what was typed, whose elements are numbered above all others of its
// replica. It reports false, and does nothing, if it does not go between neighbours.
func (w *weave) insert(r run, text string) bool {
	after, here := w.number(r.after)
	before, also := w.number(r.before)
	if !here || !also || w.next[after] != before {
		return false
	}
	first := uint32(len(w.next))
	w.typed = append(w.typed, weaveRun{r, text, first})
	w.next = slices.Grow(w.next, r.n)[:len(w.next)+r.n]
	for e := first; int(e) < len(w.next); e++ {
		w.next[e] = e + 1
	}
	w.next[len(w.next)-1] = before
	w.next[after] = first
	w.gone = append(w.gone, make([]bool, r.n)...)
	w.note(r, first)
	return true
}

// note notes the names of a run's elements.
func (w *weave) note(r run, first uint32) {
	by := w.writer(r.id.Replica)
	if by == nil {
		w.writers = append(w.writers, weaveWriter{replica: r.id.Replica})
		by = &w.writers[len(w.writers)-1]
	} else if s := &by.stretches[len(by.stretches)-1]; s.from+s.n == r.id.Seq && s.first+uint32(s.n) == first {
		s.n += uint64(r.n)
		return
	}
	by.stretches = append(by.stretches, weaveStretch{r.id.Seq, uint64(r.n), first})
}

// cut removes elements. It reports false if they are not all here.
func (w *weave) cut(q Span) bool {
	by := w.writer(q.Start.Replica)
	for by != nil && q.Len > 0 {
		k := by.stretch(q.Start.Seq)
		if k < 0 || q.Start.Seq-by.stretches[k].from >= by.stretches[k].n {
			return false
		}
		s := by.stretches[k]
		skip := q.Start.Seq - s.from
		n := min(q.Len, s.n-skip)
		for e := uint64(s.first) + skip; n > 0; e, n = e+1, n-1 {
			w.gone[e] = true
			q.Start.Seq++
			q.Len--
		}
	}
	return q.Len == 0
}

// finish gives the field what was woven.
func (w *weave) finish() {
	runs := make([]run, 0, 2*len(w.typed))
	text := make([]byte, 0, len(w.next))
	at := newWeaveIndex(w)
	for e := w.next[0]; e != 0; {
		t := &w.typed[at.typed(e)]
		end := e + 1
		for end < t.first+uint32(t.n) && w.next[end-1] == end && w.gone[end] == w.gone[e] {
			end++
		}
		i, n := int(e-t.first), int(end-e)
		r := t.part(i, n)
		if r.deleted = w.gone[e]; !r.deleted {
			text = append(text, w.show(t, i, n)...)
		}
		runs = appendRun(runs, r)
		e = w.next[end-1]
	}
	w.field.seq, w.field.text = newSequence(runs), string(text)
	w.field.stale, w.field.filled = false, false
}

// show is the text of n elements of a run from the i-th on.
func (w *weave) show(t *weaveRun, i, n int) string {
	if len(t.text) == t.n { // one byte each
		return t.text[i : i+n]
	}
	starts := w.starts[t.first]
	if starts == nil {
		for at := range t.text {
			starts = append(starts, uint32(at))
		}
		starts = append(starts, uint32(len(t.text)))
		w.starts[t.first] = starts
	}
	return t.text[starts[i]:starts[i+n]]
}

// weaveIndex finds the run that an element was typed in: for every 32 elements it
// knows the run of the first.
type weaveIndex struct {
	w    *weave
	runs []uint32
}

func newWeaveIndex(w *weave) weaveIndex {
	x := weaveIndex{w, make([]uint32, len(w.next)>>5+1)}
	k := 0
	for i := range x.runs {
		for k+1 < len(w.typed) && w.typed[k+1].first <= uint32(i)<<5 {
			k++
		}
		x.runs[i] = uint32(k)
	}
	return x
}

func (x weaveIndex) typed(e uint32) int {
	k := int(x.runs[e>>5])
	for k+1 < len(x.w.typed) && x.w.typed[k+1].first <= e {
		k++
	}
	return k
}
