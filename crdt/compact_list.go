package crdt

// list compacts the rows of a list, then its places. A settled row that was removed
// goes with all it holds, as nobody sees it who may still write.
func (c *compaction) list(f *listField) bool {
	for id, row := range f.rows {
		if row.settle(c.floor) {
			delete(f.rows, id)
			delete(f.moved, row.slot)
		} else if !c.field(row.content) {
			return false
		}
	}
	return c.places(f)
}

// places compacts the places. Something may be put behind those at which rows stand in
// the settled state. If a recent change has moved a row, it is not known any more which
// of the abandoned places the row had left, so all are kept until the move is settled.
// The place at which a row was made stays as long as the row: meta tells by it that the
// row was moved.
func (c *compaction) places(f *listField) bool {
	gaps := &gapKeeper{open: true}
	runs, ok := compactRuns(f.seq.all(), c.floor, func(r run, keep func(run)) {
		for i := range r.n {
			place := r.part(i, 1)
			switch {
			case c.moves[f] || f.standing(place.id) != nil:
				gaps.stands(place, keep)
			case f.rows[place.id] != nil:
				gaps.lingers(place, keep)
			default:
				gaps.removed(place, keep)
			}
		}
	})
	f.seq = newSequence(runs)
	return ok
}

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
