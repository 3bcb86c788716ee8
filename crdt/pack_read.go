package crdt

import (
	"fmt"
	"iter"
	"unicode/utf8"
)

// Unpack gives the changes of a pack in the order they were added, each as it was. The
// changes may be kept and shared; they share memory with each other. Where data turns
// out not to be a pack, an error comes in place of a change and is the last; the
// changes that came before it may be none of a pack's.
//
// A pack unfolds to no more than 64 MiB and 4,194,304 operations; Unpack refuses what
// says it holds more.
func Unpack(data []byte) iter.Seq2[*Change, error] {
	return func(yield func(*Change, error) bool) {
		if err := unpack(data, func(c *Change) bool { return yield(c, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// unpack gives the changes until yield has enough.
func unpack(data []byte, yield func(*Change) bool) error {
	r, err := newUnpacker(data)
	if err != nil {
		return err
	}
	for r.left > 0 {
		u, err := r.next()
		if err != nil {
			return err
		}
		if enough := r.unfold(&u, yield); enough || r.coder.err != nil {
			return r.coder.err
		}
	}
	return r.end()
}

// unpacker reads a pack.
type unpacker struct {
	coder  packCoder
	stamps stampReader
	spare  *Change // a change that nobody keeps, to be used for the next
	left   int     // changes
	ops    int     // that may still come
}

// unpacked is a change and those that go on from it: see packRun.
type unpacked struct {
	first  *Change
	goesOn bool   // from it, others could
	more   int    // so many do
	way    int    // of removals
	text   string // that all of them typed
}

// span is the elements that all of them remove.
func (u *unpacked) span() Span {
	s := u.first.Ops[0].Spans[0]
	if u.way < 0 {
		s.Start.Seq -= uint64(u.more)
	}
	s.Len += uint64(u.more)
	return s
}

// typed is the text that all of them typed, the first of them by op.
func (u *unpacked) typed(op *Op) string {
	if u.goesOn {
		return u.text
	}
	return op.Text
}

func newUnpacker(data []byte) (*unpacker, error) {
	columns, changes, err := readColumns(data)
	if err != nil {
		return nil, err
	}
	r := &unpacker{left: changes, ops: maxPackOps}
	x := &r.coder
	x.in = columns
	x.all = string(columns[packText].buf)
	x.typed = x.all
	x.in[packText].buf = nil
	x.model.init()
	r.stamps = stampReader{runs: &x.in[packStampRuns], millis: &x.in[packStampMillis], counters: &x.in[packStampCounters]}
	return r, nil
}

// next reads a change and how many go on from it.
func (r *unpacker) next() (unpacked, error) {
	x := &r.coder
	x.beginShape()
	c := r.spare
	if c == nil {
		c = &Change{}
	}
	x.who(c)
	if x.err != nil {
		return unpacked{}, x.err
	}
	c.Stamp = r.stamp(x.model.stampBefore(), 1)
	x.model.stamped(c.Stamp)
	x.members(c)
	if x.at < len(x.read) {
		x.fail("a shape is too long")
	}
	u := unpacked{first: c}
	if u.goesOn = x.err == nil && len(c.Ops) == 1 && goesOn(&c.Ops[0]); u.goesOn {
		r.more(&u)
	}
	r.left -= 1 + u.more
	if r.ops -= len(c.Ops) + u.more + x.seen; r.ops < 0 || r.left < 0 {
		x.fail("it holds more than it says or than %d operations", maxPackOps)
	}
	x.seen = 0
	return u, x.err
}

// stamp is the stamp that is n steps from t on.
func (r *unpacker) stamp(t Time, n int) Time {
	t, ok := r.stamps.skip(t, n)
	if !ok {
		r.coder.fail("a stamp is missing or out of range")
	}
	return t
}

// more reads how many changes go on, and passes over what they say.
func (r *unpacker) more(u *unpacked) {
	x, c := &r.coder, u.first
	op := &c.Ops[0]
	length := x.count(packMore, 0, 2*maxPackOps+1)
	if op.Kind == OpInsert {
		u.more = int(length)
		start := x.typed
		x.characters(u.more)
		u.text = x.all[len(x.all)-len(start)-len(op.Text) : len(x.all)-len(x.typed)]
	} else if u.more, u.way = int(length>>1), 1; length&1 == 1 {
		u.way = -1
	}
	k := uint64(u.more)
	switch {
	case u.more > r.left, k > MaxSeq-c.N, op.Kind == OpInsert && k > MaxSeq-op.ID:
		x.fail("more changes go on than there can be")
	case op.Kind == OpCut && u.way < 0 && k >= op.Spans[0].Start.Seq,
		op.Kind == OpCut && u.way > 0 && k > MaxSeq-op.Spans[0].Start.Seq:
		x.fail("more characters are removed than there can be")
	}
}

// unfold gives a change and those that go on from it one by one, until yield has
// enough; it reports whether it had.
func (r *unpacker) unfold(u *unpacked, yield func(*Change) bool) (enough bool) {
	if !yield(u.first) {
		return true
	}
	last, text := u.first, ""
	if u.way == 0 && u.goesOn {
		text = u.text[len(u.first.Ops[0].Text):]
	}
	for left := u.more; left > 0; {
		// Not all at once: few bytes can stand for many changes that nobody asks for.
		room := make([]unfolded, min(left, 128))
		left -= len(room)
		for i := range room {
			c := room[i].after(last, u.way, &text)
			if c.Stamp = r.stamp(last.Stamp, 1); r.coder.err != nil {
				return false
			}
			if !yield(c) {
				return true
			}
			last = c
		}
	}
	if u.goesOn {
		r.coder.model.wentOn(u.more, u.way, last.Stamp)
	}
	return false
}

// unfolded is room for one change that goes on.
type unfolded struct {
	change Change
	op     [1]Op
	span   [1]Span
}

// after makes the change that goes on from another one, all but its stamp.
func (r *unfolded) after(last *Change, way int, text *string) *Change {
	c, op := &r.change, &r.op[0]
	*c, *op = *last, last.Ops[0]
	c.N, c.Prev, c.Ops = last.N+1, last.N, r.op[:]
	if way != 0 {
		r.span[0] = Span{op.Spans[0].Start, 1}
		r.span[0].Start.Seq += uint64(way)
		op.Spans = r.span[:]
		return c
	}
	_, n := utf8.DecodeRuneInString(*text)
	op.After = Dot{c.Replica, op.ID}
	op.ID++
	op.Text, *text = (*text)[:n], (*text)[n:]
	return c
}

// pass passes over the changes that go on without giving them.
func (r *unpacker) pass(u *unpacked) {
	t := r.stamp(u.first.Stamp, u.more)
	if u.goesOn {
		r.coder.model.wentOn(u.more, u.way, t)
	}
}

// end checks that everything was read.
func (r *unpacker) end() error {
	x := &r.coder
	for i := range x.in {
		if len(x.in[i].buf) > 0 {
			return fmt.Errorf("crdt: %d bytes of a pack's column %d are left over", len(x.in[i].buf), i)
		}
	}
	if len(x.typed) > 0 || !r.stamps.spent() {
		return fmt.Errorf("crdt: a pack has more text or stamps than changes")
	}
	return nil
}

// beginShape reads the shape of the next change.
func (x *packCoder) beginShape() {
	index := int(x.count(packShapes, 0, uint64(len(x.known))))
	if index == len(x.known) {
		n := x.count(packShapeTexts, 0, uint64(len(x.in[packShapeTexts].buf)))
		x.known = append(x.known, string(x.bytes(packShapeTexts, int(n))))
	}
	if x.err == nil {
		x.read, x.at = x.known[index], 0
	}
}

// characters is the next n code points that were typed.
func (x *packCoder) characters(n int) string {
	end := asciiPrefix(x.typed, n)
	for range n - end {
		r, size := utf8.DecodeRuneInString(x.typed[end:])
		if r == utf8.RuneError && size <= 1 {
			x.fail("the text is too short or not valid")
			return ""
		}
		end += size
	}
	s := x.typed[:end]
	x.typed = x.typed[end:]
	return s
}

// asciiPrefix is how many of the first n bytes are ASCII before the first that is not.
func asciiPrefix(s string, n int) int {
	n = min(n, len(s))
	for i := range n {
		if s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return n
}
