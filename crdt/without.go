package crdt

import "slices"

// Without gives a copy in which the top-level fields do not occur, in value, meta
// or held changes: what somebody who may not see them gets.
func (d *Document) Without(fields ...string) *Document {
	c := d.Clone()
	for _, field := range fields {
		c.root.remove(field)
	}
	for i, w := range c.held {
		cut := w.change.without(fields)
		c.held[i] = c.wait(cut, len(AppendChange(nil, cut)))
	}
	c.release() // what waited for something in those fields only
	return c
}

// without gives the change less its operations on the fields. It may be left with
// none, and still takes its place among its replica's changes.
func (c *Change) without(fields []string) *Change {
	cut := *c
	cut.Ops = slices.DeleteFunc(slices.Clone(c.Ops), func(op Op) bool {
		return len(op.Path) > 0 && slices.Contains(fields, op.Path[0])
	})
	return &cut
}
