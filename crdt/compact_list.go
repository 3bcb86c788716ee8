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
