package crdt

import (
	"math"
	"math/bits"
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
	jumps   numberSet // of elements behind which another than the next number stands
	next    []uint32  // by element that jumps, the one behind it
	gone    numberSet // of elements that were removed
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
		field: f, path: path, typed: make([]weaveRun, 0, runs/2+1),
		next: make([]uint32, 1, elements+r.n+1), starts: map[uint32][]uint32{},
		jumps: make(numberSet, 1, (elements+r.n)/64+1), gone: make(numberSet, 1, (elements+r.n)/64+1),
	}
	w.jump(0, 0)
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
	if !here || !also || w.behind(after) != before {
		return false
	}
	first := uint32(len(w.next))
	w.typed = append(w.typed, weaveRun{r, text, first})
	w.next = slices.Grow(w.next, r.n)[:len(w.next)+r.n]
	w.jumps, w.gone = w.jumps.grown(len(w.next)), w.gone.grown(len(w.next))
	w.jump(uint32(len(w.next)-1), before)
	w.jump(after, first)
	w.note(r, first)
	return true
}

// behind is the element that stands behind e.
func (w *weave) behind(e uint32) uint32 {
	if w.jumps.has(e) {
		return w.next[e]
	}
	return e + 1
}

// jump puts an element behind e.
func (w *weave) jump(e, to uint32) {
	w.jumps.set(e)
	w.next[e] = to
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
		first := s.first + uint32(skip)
		w.gone.setRange(first, first+uint32(n))
		q.Start.Seq += n
		q.Len -= n
	}
	return q.Len == 0
}

// finish gives the field what was woven.
func (w *weave) finish() {
	runs := make([]run, 0, 2*len(w.typed))
	text := make([]byte, 0, len(w.next))
	at := newWeaveIndex(w)
	for e := w.behind(0); e != 0; {
		t := &w.typed[at.typed(e)]
		// Up to the next element that jumps; those behind it that are gone, or not, alike.
		end := min(w.jumps.next(e, true)+1, t.first+uint32(t.n))
		gone := w.gone.has(e)
		end = min(end, w.gone.next(e, !gone))
		i, n := int(e-t.first), int(end-e)
		r := t.part(i, n)
		if r.deleted = gone; !gone {
			text = append(text, w.show(t, i, n)...)
		}
		runs = appendRun(runs, r)
		e = w.behind(end - 1)
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

// numberSet is a set of small numbers.
type numberSet []uint64

func (b numberSet) has(i uint32) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b numberSet) set(i uint32) { b[i>>6] |= 1 << (i & 63) }

// setRange adds the numbers from one on and below another.
func (b numberSet) setRange(from, to uint32) {
	for from < to {
		n := min(64-from&63, to-from)
		b[from>>6] |= (^uint64(0) >> (64 - n)) << (from & 63)
		from += n
	}
}

// next is the first number from i on that is in the set, or not in it; a large one if
// there is none.
func (b numberSet) next(i uint32, in bool) uint32 {
	flip := ^uint64(0)
	if in {
		flip = 0
	}
	word := (b[i>>6] ^ flip) >> (i & 63) << (i & 63)
	for w := i >> 6; ; word = b[w] ^ flip {
		if word != 0 {
			return w<<6 + uint32(bits.TrailingZeros64(word))
		}
		if w++; int(w) == len(b) {
			return math.MaxUint32 - 1
		}
	}
}

// grown makes room for the numbers below n.
func (b numberSet) grown(n int) numberSet {
	words := (n + 63) / 64
	return slices.Grow(b, max(0, words-len(b)))[:max(words, len(b))]
}
