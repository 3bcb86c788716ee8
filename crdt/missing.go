package crdt

// Ref is something a change leans on and the document does not have.
// Exactly one of the two is set.
type Ref struct {
	Element Dot    // an element that is not here
	Prev    uint64 // a change of the same replica to this document
}

// Missing names the first thing c leans on that the document does not have, or
// false when c can be applied now. It changes nothing.
func (d *Document) Missing(c *Change) (Ref, bool) {
	seen := d.seen[c.Replica].n
	if c.N <= seen {
		return Ref{}, false
	}
	if c.Prev > seen {
		return Ref{Prev: c.Prev}, true
	}
	for i := range c.Ops {
		for e := range c.Ops[i].leans {
			// The author's own elements are here with the change before, or in this one.
			if e.Replica != c.Replica && !d.seen.has(e) {
				return Ref{Element: e}, true
			}
		}
	}
	return Ref{}, false
}

// leans calls yield for the elements op points at; zero may be among them. What a
// deletion or a removal of a row saw is not asked for: it counts once it comes.
func (o *Op) leans(yield func(Dot) bool) {
	for _, segment := range o.Path {
		if row, ok := parseDot(segment); ok && !yield(row) {
			return
		}
	}
	if !yield(o.After) || !yield(o.Before) || !yield(o.Row) {
		return
	}
	for _, e := range o.Over {
		if !yield(e) {
			return
		}
	}
	for _, s := range o.Spans {
		if !yield(s.last()) {
			return
		}
	}
}

// last is the last element of the span.
func (s Span) last() Dot { return Dot{s.Start.Replica, s.Start.Seq + s.Len - 1} }
