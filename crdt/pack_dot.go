package crdt

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
