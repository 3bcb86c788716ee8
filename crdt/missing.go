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
		if missing, found := d.missingElement(&c.Ops[i], c.Replica); found {
			return Ref{Element: missing}, true
		}
	}
	return Ref{}, false
}

// missingElement gives the first element op points at that has not come. What a
// deletion or a removal of a row saw is not asked for: it counts once it comes.
func (d *Document) missingElement(op *Op, author Replica) (Dot, bool) {
	var missing Dot
	lacks := func(e Dot) bool {
		// The author's own elements are here with the change before, or in this one.
		if e.Replica == author || d.seen.has(e) {
			return false
		}
		missing = e
		return true
	}
	for _, segment := range op.Path {
		if isElement(segment) {
			if row, _ := ParseDot(segment); lacks(row) {
				return missing, true
			}
		}
	}
	if lacks(op.After) || lacks(op.Before) || lacks(op.Row) {
		return missing, true
	}
	for _, e := range op.Over {
		if lacks(e) {
			return missing, true
		}
	}
	for _, s := range op.Spans {
		if lacks(s.last()) {
			return missing, true
		}
	}
	return Dot{}, false
}

// last is the last element of the span.
func (s Span) last() Dot { return Dot{s.Start.Replica, s.Start.Seq + s.Len - 1} }
