package crdt

// Edit beats delete, for a document as for a row of a list: a deletion covers what
// its author saw, the change it is in included, and what was written by a change
// that no deletion covers keeps it alive. Two vectors tell: cover is all that the
// deletions saw, edits is the last change of each replica that wrote something.

// covered reports whether there was a deletion and it, or they, saw every edit.
func covered(cover, edits Vector) bool {
	if len(cover) == 0 {
		return false
	}
	for r, n := range edits {
		if n > cover[r] {
			return false
		}
	}
	return true
}

// raise makes v at least w, everywhere; v may be nil and is given back.
func raise(v, w Vector) Vector {
	for r, n := range w {
		v = raiseTo(v, r, n)
	}
	return v
}

// raiseTo makes v at least n for one replica; v may be nil and is given back. A zero
// says nothing and is never kept, so that equal vectors look alike.
func raiseTo(v Vector, r Replica, n uint64) Vector {
	if n == 0 || v[r] >= n {
		return v
	}
	if v == nil {
		v = Vector{}
	}
	v[r] = n
	return v
}

// Exists reports whether a creation has come; Deleted whether the document is in
// the trash: a deletion has come, and every edit was seen by one.
func (d *Document) Exists() bool  { return d.exists }
func (d *Document) Deleted() bool { return covered(d.cover, d.edits) }

// edited reports whether the change does anything but delete.
func (c *Change) edited() bool {
	for i := range c.Ops {
		if c.Ops[i].Kind != OpDelete {
			return true
		}
	}
	return false
}
