package crdt

import "encoding/binary"

// A stamp is told by the step from the one before of the same replica: milliseconds,
// and the counter. People type at uneven times and programs at even ones, so the steps
// are a column of their own in which a stretch of equal steps is one entry.

// stampStep is the way from one stamp to another: from a clock that ticks once within
// a millisecond it is zero.
type stampStep struct {
	millis  int64
	counter uint16 // more than one up; when the milliseconds differ, the counter itself
}

// stepTo gives the step from one stamp to the next.
func stepTo(from, to Time) stampStep {
	s := stampStep{to.Millis() - from.Millis(), to.Counter()}
	if s.millis == 0 {
		s.counter -= from.Counter() + 1
	}
	return s
}

// from gives the stamp that is n steps on, false if there is none.
func (s stampStep) from(t Time, n int) (Time, bool) {
	if s.millis == 0 {
		return NewTime(t.Millis(), t.Counter()+uint16(n)*(s.counter+1)), true
	}
	if n > MaxMillis || s.millis > MaxMillis/int64(n) || s.millis < -MaxMillis/int64(n) {
		return 0, false
	}
	ms := t.Millis() + int64(n)*s.millis
	return NewTime(ms, s.counter), ms >= 0 && ms <= MaxMillis
}

// stampWriter writes steps. An entry of the first column is even for a stretch of that
// many times two equal steps, odd for single ones, with as many behind it; the steps
// themselves are in the two other columns.
type stampWriter struct {
	runs, millis, counters []byte
	step                   stampStep
	equal                  uint64 // how often step came in a row, not written yet
	single                 uint64 // steps that are written but not their entry
}

// shortStretch is how many equal steps are not worth an entry of their own.
const shortStretch = 4

// add adds the step between two stamps.
func (w *stampWriter) add(from, to Time) {
	s := stepTo(from, to)
	if w.equal > 0 && s == w.step {
		w.equal++
		return
	}
	w.endEqual()
	w.step, w.equal = s, 1
}

func (w *stampWriter) endEqual() {
	if w.equal < shortStretch {
		for range w.equal {
			w.write(w.step)
		}
		w.single += w.equal
	} else {
		w.endSingle()
		w.runs = binary.AppendUvarint(w.runs, w.equal<<1)
		w.write(w.step)
	}
	w.equal = 0
}

func (w *stampWriter) endSingle() {
	if w.single > 0 {
		w.runs = binary.AppendUvarint(w.runs, w.single<<1|1)
		w.single = 0
	}
}

func (w *stampWriter) write(s stampStep) {
	w.millis = appendVarint(w.millis, s.millis)
	w.counters = binary.AppendUvarint(w.counters, uint64(s.counter))
}

// stampReader reads what a stampWriter wrote.
type stampReader struct {
	runs, millis, counters *reader
	step                   stampStep
	equal, single          int
}

// skip gives the stamp that is n steps from t on, false if there is none.
func (r *stampReader) skip(t Time, n int) (Time, bool) {
	for ok := true; n > 0; {
		if r.equal == 0 && !r.more() {
			return 0, false
		}
		k := min(n, r.equal)
		if t, ok = r.step.from(t, k); !ok {
			return 0, false
		}
		n -= k
		r.equal -= k
	}
	return t, true
}

// more reads the next step, or stretch of equal ones.
func (r *stampReader) more() bool {
	if r.single == 0 {
		entry := r.runs.uvarint(2*maxPackOps + 1)
		if r.equal = int(entry >> 1); entry&1 == 1 {
			r.single, r.equal = r.equal, 0
		}
	}
	if r.single > 0 {
		r.single--
		r.equal = 1
	}
	r.step = stampStep{r.millis.varint(MaxMillis), uint16(r.counters.uvarint(1<<16 - 1))}
	return r.equal > 0 && r.runs.err == nil && r.millis.err == nil && r.counters.err == nil
}

// spent reports whether there is nothing left.
func (r *stampReader) spent() bool { return r.equal == 0 && r.single == 0 }
