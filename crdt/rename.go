package crdt

import "slices"

// Rename gives the change as replica to made it instead: its own elements, and all
// mentions of elements that own reports to be the renamed ones, get the new name;
// their numbers stay. N, Prev and what deletions saw stay too: they are about
// changes, and only the caller knows what became of those. The result shares with c
// nothing but values and texts. It is for a device that found its replica id in use
// by somebody else.
func (c *Change) Rename(to Replica, own func(Dot) bool) *Change {
	rename := func(d Dot) Dot {
		if d.Replica == c.Replica && own(d) {
			d.Replica = to
		}
		return d
	}
	renamed := *c
	renamed.Replica = to
	renamed.Ops = slices.Clone(c.Ops)
	for i := range renamed.Ops {
		renamed.Ops[i].rename(c.Replica, rename)
	}
	return &renamed
}

func (o *Op) rename(from Replica, rename func(Dot) Dot) {
	o.Path = slices.Clone(o.Path)
	for i, segment := range o.Path {
		if row, err := ParseDot(segment); err == nil {
			o.Path[i] = rename(row).String()
		}
	}
	o.After, o.Before, o.Row = rename(o.After), rename(o.Before), rename(o.Row)
	o.Over = slices.Clone(o.Over)
	for i, d := range o.Over {
		o.Over[i] = rename(d)
	}
	var spans []Span
	for _, s := range o.Spans {
		if s.Start.Replica != from {
			spans = appendSpan(spans, s)
			continue
		}
		for i := range s.Len { // some elements may be renamed and others not
			d := rename(Dot{s.Start.Replica, s.Start.Seq + i})
			spans = appendSpan(spans, Span{d, 1})
		}
	}
	o.Spans = spans
}
