package crdt

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"unicode/utf8"
)

// packKinds and packSorts… give kinds and strategies a number each; the numbers are
// part of the format.
var packKinds = [...]Kind{
	OpCreate, OpDelete, OpRestore, OpSet, OpUnset, OpAssign, OpAdd, OpRaise, OpLower,
	OpInclude, OpExclude, OpInsert, OpCut, OpPlace, OpMove, OpDrop, OpEnsure,
}

var packEnsured = [...]Strategy{Map, List, Set, Text, Counter}

// op is one operation: its kind, then the members that go with it. alone says that it
// is the only one of its change.
func (x *packCoder) op(op *Op, alone bool) {
	kind := byte(0)
	if x.writing { // it belongs to somebody else, who may be reading it
		x.said = *op
		op = &x.said
		kind = byte(slices.Index(packKinds[:], op.Kind))
	}
	if kind = x.form(kind); int(kind) >= len(packKinds) {
		x.fail("there is no kind of operation %d", kind)
		return
	}
	op.Kind = packKinds[kind]
	need, may, _ := membersOf(op.Kind)
	for one := range (need | may).each {
		x.member(op, one)
		if x.err != nil {
			return
		}
	}
	if !x.writing {
		if _, message := op.misfit(); message != "" {
			x.fail("%s", message)
			return
		}
	}
	x.model.did(op, alone && goesOn(op))
}

// member is one member of an operation. Those that name elements come after those that
// make some, so that typing is foretold from where the cursor is.
func (x *packCoder) member(op *Op, one members) {
	a := x.model.author
	switch one {
	case hasPath:
		op.Path = x.path(op.Path)
	case hasRow:
		op.Row = x.dot(op.Row, a.row, a.row, nil)
	case hasID:
		op.ID = x.id(op.ID)
	case hasValue:
		x.value(op)
	case hasOver:
		op.Over = x.dots(op.Over)
	case hasText:
		x.typing(op)
	case hasSpans:
		op.Spans = x.spans(op.Spans)
	case hasSaw:
		op.Saw = x.saw(op.Saw)
	case hasAs:
		op.As = x.strategy(op.As)
	case hasAfter:
		op.After = x.dot(op.After, a.after, a.after, nil)
	case hasBefore:
		op.Before = x.dot(op.Before, op.After, a.before, func() Dot { return x.model.follower(op.After) })
	}
}

// strategy is what an empty field is.
func (x *packCoder) strategy(s Strategy) Strategy {
	as := x.form(byte(slices.Index(packEnsured[:], s)))
	if int(as) >= len(packEnsured) {
		x.fail("there is no strategy %d", as)
		return ""
	}
	return packEnsured[as]
}

// id is the number of the first element that an operation makes.
func (x *packCoder) id(id uint64) uint64 {
	a := x.model.author
	if next := a.seq + 1; x.is(id == next) {
		id = next
	} else {
		id = x.near(packIDs, id, next)
	}
	if id == 0 || id > MaxSeq {
		x.fail("an element has an impossible number")
		return 1
	}
	return id
}

// typing is the text of an insertion. One character needs no length.
func (x *packCoder) typing(op *Op) {
	one := x.is(isOne(op.Text))
	switch {
	case x.writing && !one:
		x.count(packTextLengths, uint64(len(op.Text)), 0)
		fallthrough
	case x.writing:
		x.out[packText] = append(x.out[packText], op.Text...)
	case one:
		op.Text = x.characters(1)
	default:
		n := x.count(packTextLengths, 0, uint64(len(x.typed)))
		op.Text, x.typed = x.typed[:n], x.typed[n:]
		if !utf8.ValidString(op.Text) {
			x.fail("what was typed is not valid text")
		}
	}
}

// spans is what a cut removes.
func (x *packCoder) spans(spans []Span) []Span {
	a := x.model.author
	n := 1
	if !x.is(len(spans) == 1) {
		n = int(x.count(packCounts, uint64(len(spans)), uint64(len(x.in[packDots].buf))))
	}
	if !x.writing {
		if len(x.room) < n {
			x.room = make([]Span, max(n, 128))
		}
		spans, x.room = x.room[:n:n], x.room[n:]
	}
	at := a.after
	for i, s := range spans {
		s = x.span(s, n == 1, at)
		if x.err != nil {
			return nil
		}
		if !x.writing {
			spans[i] = s
		}
		at = s.last()
	}
	if n == 0 {
		x.fail("a cut removes nothing")
	}
	return spans
}

// span is one stretch; at is the end of the one before, or the cursor.
func (x *packCoder) span(s Span, only bool, at Dot) Span {
	a := x.model.author
	if only {
		s.Start = x.dot(s.Start, at, a.after, func() Dot { return x.model.follower(a.last) })
	} else {
		s.Start = x.explicit(s.Start, at)
	}
	if only && x.is(s.Len == 1) {
		s.Len = 1
	} else {
		s.Len = x.count(packLengths, s.Len, MaxSeq)
	}
	if s.Start.Seq == 0 || s.Len == 0 || s.Len-1 > MaxSeq-s.Start.Seq {
		x.fail("a stretch of elements is empty or out of range")
	}
	return s
}

// The ways to name an element.
const (
	dotNone   = iota // zero
	dotFirst         // the first guess
	dotSecond        // the second
	dotTold          // by its distance from a reference
)

// dot is an element: one of two that are guessed, of which the second takes some work,
// or one that is told.
func (x *packCoder) dot(d, reference, first Dot, second func() Dot) Dot {
	choice := byte(dotTold)
	if x.writing {
		switch {
		case d == Dot{}:
			choice = dotNone
		case d == first:
			choice = dotFirst
		case second != nil && d == second():
			choice = dotSecond
		}
	}
	switch choice = x.form(choice); {
	case choice == dotNone:
		return Dot{}
	case choice == dotFirst:
		return first
	case choice == dotSecond && second != nil:
		return second()
	case choice == dotTold:
		return x.explicit(d, reference)
	}
	x.fail("there is no way %d to name an element", choice)
	return Dot{}
}

// explicit is an element told by its distance from a reference, or from the last that
// its replica made.
func (x *packCoder) explicit(d, reference Dot) Dot {
	a := x.model.author
	if reference.Replica == 0 {
		reference = Dot{a.replica.id, a.seq}
	}
	if x.is(d.Replica == reference.Replica) {
		d.Replica = reference.Replica
	} else {
		r := x.replica(d.Replica)
		d.Replica = r.id
		reference.Seq = 0
		if other := r.authors[a.doc]; other != nil {
			reference.Seq = other.seq
		}
	}
	d.Seq = x.near(packDots, d.Seq, reference.Seq)
	if d.Seq == 0 {
		x.fail("an element has no number")
	}
	return d
}

// dots is the elements that an operation replaces.
func (x *packCoder) dots(dots []Dot) []Dot {
	n := x.size(len(dots))
	if n == 0 {
		return nil
	}
	if n > len(x.in[packDots].buf) && !x.writing {
		x.fail("there are fewer elements than a shape says")
		return nil
	}
	if !x.writing {
		dots = make([]Dot, n)
	}
	at := Dot{}
	for i, d := range dots {
		if at = x.explicit(d, at); !x.writing {
			dots[i] = at
		}
	}
	if !x.writing && !isAscending(dots) {
		x.fail("elements are out of order")
	}
	return dots
}

// saw is how much of each replica was seen: mostly all there was.
func (x *packCoder) saw(v Vector) Vector {
	d := x.model.author.doc
	if x.is(d.sawAll(v)) {
		x.seen += len(d.authors)
		v = make(Vector, len(d.authors))
		for _, a := range d.authors {
			if a.n > 0 {
				v[a.replica.id] = a.n
			}
		}
		return v
	}
	n := x.count(packCounts, uint64(len(v)), uint64(len(x.in[packSaw].buf)))
	if x.writing {
		for _, id := range sortedReplicas(v) {
			x.sawOne(id, v[id])
		}
		return v
	}
	v = make(Vector, n)
	for range n {
		id, seen := x.sawOne(0, 0)
		if _, twice := v[id]; twice || seen == 0 {
			x.fail("what was seen names a replica twice or nothing of it")
			return nil
		}
		v[id] = seen
	}
	return v
}

func (x *packCoder) sawOne(id Replica, n uint64) (Replica, uint64) {
	r := x.replica(id)
	guess := uint64(0)
	if a := r.authors[x.model.author.doc]; a != nil {
		guess = a.n
	}
	return r.id, x.near(packSaw, n, guess)
}

// sawAll reports whether v is all changes so far.
func (d *packDoc) sawAll(v Vector) bool {
	n := 0
	for _, a := range d.authors {
		if a.n > 0 {
			if v[a.replica.id] != a.n {
				return false
			}
			n++
		}
	}
	return n == len(v)
}

func sortedReplicas(v Vector) []Replica {
	replicas := make([]Replica, 0, len(v))
	for r := range v {
		replicas = append(replicas, r)
	}
	slices.Sort(replicas)
	return replicas
}

// value is the value of an operation, one line of canonical JSON: its texts have no
// line ends but written as \n.
func (x *packCoder) value(op *Op) {
	op.Has = x.is(op.Has)
	if !op.Has && op.Kind == OpAssign {
		return
	}
	if x.writing {
		x.out[packValues] = append(AppendValue(x.out[packValues], op.Value), '\n')
		return
	}
	n := bytes.IndexByte(x.in[packValues].buf, '\n')
	if n < 0 {
		x.fail("a value is missing")
		return
	}
	line := x.bytes(packValues, n+1)[:n]
	v, err := ParseValue(line, Limits{Bytes: n + 1, Nodes: n + 1, String: n + 1})
	if err != nil {
		x.fail("a value cannot be read: %w", err)
		return
	}
	op.Value = v
}

// docID is the id of a document that is mentioned for the first time. Ours are
// version 7 UUIDs, which begin with the milliseconds when they were made.
func (x *packCoder) docID(c *Change) string {
	var id [16]byte
	short := x.writing && parseUUID(&id, c.Doc)
	if !x.is(short) {
		return x.text(packDocTexts, packDocTexts, c.Doc)
	}
	ms := binary.BigEndian.Uint64(id[:]) >> 16
	ms = x.near(packDocs, ms, uint64(c.Stamp.Millis()))
	if x.writing {
		x.out[packNames] = append(x.out[packNames], id[6:]...)
		return c.Doc
	}
	binary.BigEndian.PutUint64(id[:], ms<<16)
	copy(id[6:], x.bytes(packNames, 10))
	if ms > MaxMillis {
		x.fail("the id of a document is out of range")
	}
	return formatUUID(id)
}

// parseUUID reads the usual spelling of a UUID, with small letters.
func parseUUID(id *[16]byte, s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	_, err := hex.Decode(id[:], []byte(digits))
	return err == nil && formatUUID(*id) == s
}

func formatUUID(id [16]byte) string {
	s := hex.EncodeToString(id[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
