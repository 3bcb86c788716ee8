package crdt

// settle forgets what settled changes did to the row's being there, and reports
// whether the row goes: settled changes have removed it, and no recent one touched it.
func (r *rowState) settle(floor marks) bool {
	if r.cover.settled(floor) {
		if !r.alive() {
			return true
		}
		r.cover = nil
	}
	r.edits = r.edits.above(floor, r.cover)
	return false
}

// settle forgets the deletions of the document that are settled, if it outlived them.
// A settled change that did not edit may count as one that did as long as a deletion
// has seen it, and every later deletion has: so nothing is kept about who only deleted.
func (d *Document) settle(floor marks) {
	d.floor = floor
	if !d.Deleted() && d.cover.settled(floor) {
		d.cover = nil
	}
	for r, m := range floor {
		n := m.n
		if len(d.cover) > 0 {
			n = min(n, d.cover[r])
		}
		d.edits = raiseTo(d.edits, r, n)
	}
}

// settled reports whether nothing in a vector goes beyond the floor.
func (v Vector) settled(floor marks) bool {
	for r, n := range v {
		if n > floor[r].n {
			return false
		}
	}
	return true
}

// above is the edits that can still keep something alive: those beyond the floor, and
// those that a removal has not seen.
func (v Vector) above(floor marks, cover Vector) Vector {
	var rest Vector
	for r, n := range v {
		if n > floor[r].n || len(cover) > 0 && n > cover[r] {
			rest = raiseTo(rest, r, n)
		}
	}
	return rest
}
