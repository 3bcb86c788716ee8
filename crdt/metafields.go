package crdt

// A field is written as a head and what the head says follows. The low three bits of
// the head are one of these; the bits above are flags, counted here from 0, or a
// number. Fields are written in the order of the value's keys, and registers that
// stand next to each other and have one stamp share a head. Behind them come, with
// their keys, the fields of the map that do not show.
const (
	metaRegister = iota // 0: a stamp follows, else it has the usual one; above: how many share the head, less one
	metaConflict        // above: how many values there are, less one
	metaCounter         // 0: ensured; 1: the value tells the last sum; above: how many sums
	metaExtreme         // 0: a minimum
	metaSet             // 0: ensured; 1: one dot follows, the elements' dots count up from it
	metaText            // 0: ensured; 1: one dot follows, the text is one run from it
	metaList            // 0: ensured; 1: one dot follows, the places are one run from it; 2: all rows stand where they were placed and nobody removed or edited them since
	metaMap             // 0: ensured; 1: some fields do not show; 2: nothing follows, all fields are registers with the usual stamp
)

// What stands for the contents of a row instead of a field's head.
const (
	metaNothing = metaExtreme | 2<<metaKind // nobody wrote to it
	metaUnseen  = metaExtreme | 4<<metaKind // a field follows that does not show, so that the row shows as {}
	metaRemoved = metaExtreme | 8<<metaKind // the row does not show; what it would show follows, then the field
)

const metaKind = 3 // bits of a head that say what the field is

func (e *encoder) head(kind uint64, flags ...bool) {
	for i, flag := range flags {
		kind |= bit(flag) << (metaKind + i)
	}
	e.number(kind)
}

// fields writes the fields of a map, so many of which do not show.
func (e *encoder) fields(f *mapField, hidden int) {
	var same registerRun
	for c := range f.children.all() {
		if !shows(c.field) {
			continue
		}
		register, ok := c.field.(*registerField)
		if ok && same.n > 0 && register.stamp == same.stamp {
			same.n++
			continue
		}
		e.registers(same)
		if same = (registerRun{}); ok {
			same = registerRun{register.stamp, 1}
		} else {
			e.field(c.field, true)
		}
	}
	e.registers(same)
	if hidden > 0 {
		e.hiddenFields(f, hidden)
	}
}

func (e *encoder) hiddenFields(f *mapField, hidden int) {
	e.number(uint64(hidden))
	for c := range f.children.all() {
		if !shows(c.field) {
			e.dst = appendText(e.dst, c.key)
			e.field(c.field, false)
		}
	}
}

// registerRun is a number of registers that stand next to each other and have one stamp.
type registerRun struct {
	stamp Stamp
	n     int
}

// registers writes a run of registers, if there are any in it.
func (e *encoder) registers(same registerRun) {
	if same.n == 0 {
		return
	}
	usual := same.stamp == e.usual
	e.number(metaRegister | bit(!usual)<<metaKind | uint64(same.n-1)<<(metaKind+1))
	if !usual {
		e.stamp(same.stamp, false)
	}
}

// field writes one field.
func (e *encoder) field(at node, shows bool) {
	switch f := at.(type) {
	case *registerField:
		e.registers(registerRun{f.stamp, 1})
	case *conflictField:
		e.conflict(f)
	case *counterField:
		e.counter(f, shows)
	case *extremeField:
		e.head(metaExtreme, !f.max)
	case *setField:
		e.set(f)
	case *textField:
		e.textField(f)
	case *listField:
		e.list(f)
	case *mapField:
		hidden := f.children.len() - f.shown()
		plain := hidden == 0 && e.isPlain(f)
		e.head(metaMap, f.said(), hidden > 0, plain)
		e.ensured(&f.ensured)
		if !plain {
			e.fields(f, hidden)
		}
	}
}

// ensured writes what was said about showing while empty, if anything was.
func (e *encoder) ensured(f *ensured) {
	if f.said() {
		e.stamp(f.stamp, f.hidden)
	}
}

// isPlain reports whether a map has fields and all are registers with the usual
// stamp, as in a row that nobody has touched since it was placed.
func (e *encoder) isPlain(f *mapField) bool {
	for c := range f.children.all() {
		if register, ok := c.field.(*registerField); !ok || register.stamp != e.usual {
			return false
		}
	}
	return f.children.len() > 0
}

func (e *encoder) conflict(f *conflictField) {
	e.number(metaConflict | uint64(f.candidates.len()-1)<<metaKind)
	first := true
	for c := range f.candidates.all() {
		e.dot(c.ID)
		e.stamp(c.Stamp, c.Absent)
		if !first && !c.Absent { // the first is the value
			e.value(c.Value)
		}
		first = false
	}
}

// value writes a value that does not show.
func (e *encoder) value(v any) { e.dst = appendText(e.dst, Canonical(v)) }

func (e *encoder) counter(f *counterField, shows bool) {
	told := shows && f.toldSum()
	e.number(metaCounter | bit(f.said())<<metaKind | bit(told)<<(metaKind+1) | uint64(len(f.sums))<<(metaKind+2))
	e.ensured(&f.ensured)
	for i, s := range f.sums {
		e.number(uint64(e.replicas.place(s.replica)))
		if i < len(f.sums)-1 || !told {
			e.signed(shortSum(s.sum))
		}
	}
}

// toldSum reports whether the value of a counter, being what the sums add up to,
// tells the last of them.
func (f *counterField) toldSum() bool {
	if len(f.sums) == 0 {
		return false
	}
	told, exact := floatToMicros(f.number(), maxReplicaSum)
	if total, ok := f.small(); ok {
		return exact && told == total
	}
	total := f.total()
	return exact && total.IsInt64() && total.Int64() == told
}

// shortSum writes a sum of millionths without the zeros at its end, which it mostly
// has: the digits times seven plus how many zeros there were. It fits, as no sum is
// above 10^18.
func shortSum(sum int64) int64 {
	zeros := int64(0)
	for zeros < 6 && sum%10 == 0 {
		sum /= 10
		zeros++
	}
	if sum < 0 {
		return sum*7 - zeros
	}
	return sum*7 + zeros
}

// longSum is the sum that shortSum wrote.
func longSum(short int64) int64 {
	sum, zeros := short/7, short%7
	for range max(zeros, -zeros) {
		sum *= 10
	}
	return sum
}

func (e *encoder) set(f *setField) {
	first, counting := f.counting()
	e.head(metaSet, f.said(), counting)
	e.ensured(&f.ensured)
	if counting {
		e.dot(first)
		return
	}
	for element := range f.elements.all() {
		for i, d := range element.dots {
			more := i < len(element.dots)-1
			e.packed(d.Seq<<1|bit(more), d.Replica)
		}
	}
}

// counting reports whether each element has one dot and these count up, as when they
// were all added at once, and from where.
func (f *setField) counting() (first Dot, is bool) {
	next := Dot{}
	for e := range f.elements.all() {
		switch {
		case len(e.dots) != 1:
			return Dot{}, false
		case next == Dot{}:
			first, next = e.dots[0], e.dots[0]
		case e.dots[0] != next:
			return Dot{}, false
		}
		next.Seq++
	}
	return first, next != Dot{}
}

// oneRun gives the first dot of a sequence that is one run of n from start to end,
// none of it removed.
func (s *sequence) oneRun(n int) (Dot, bool) {
	r, one := s.single()
	return r.id, one && r == run{id: r.id, n: n}
}

func (e *encoder) textField(f *textField) {
	first, one := f.seq.oneRun(f.seq.length())
	e.head(metaText, f.said(), one)
	e.ensured(&f.ensured)
	e.sequence(&f.seq, first, one)
}

// sequence writes a sequence, by its first dot alone if it is one run.
func (e *encoder) sequence(s *sequence, first Dot, one bool) {
	if one {
		e.dot(first)
		return
	}
	e.dst = s.appendTo(e.dst, &e.replicas)
}
