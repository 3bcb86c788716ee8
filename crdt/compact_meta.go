package crdt

// floor writes up to where the document was compacted, for the replicas that wrote
// since as distances from what was seen of them.
func (e *encoder) floor(floor marks) {
	if len(floor) == 0 {
		return
	}
	moved := 0
	for r, m := range e.seen {
		if m != floor[r] {
			moved++
		}
	}
	e.number(uint64(moved))
	for i, r := range e.replicas.sorted {
		if seen := e.seen[r]; seen != floor[r] {
			e.number(uint64(i))
			e.number(seen.n - floor[r].n)
			e.number(seen.seq - floor[r].seq)
		}
	}
}

func (d *decoder) floor() marks {
	floor := make(marks, len(d.seen))
	for r, m := range d.seen {
		floor[r] = m
	}
	last := Replica(0)
	for range d.count(3) {
		r := d.replica(d.replicas)
		n, seq := d.uvarint(d.seen[r].n), d.uvarint(d.seen[r].seq)
		m := mark{d.seen[r].n - n, d.seen[r].seq - seq}
		if r <= last || n == 0 && seq == 0 || m.n == 0 && m.seq > 0 {
			d.fail("a compacted document has an impossible floor")
		}
		if floor[r] = m; m.n == 0 {
			delete(floor, r)
		}
		last = r
	}
	if len(floor) == 0 {
		d.fail("a compacted document has no floor")
	}
	return floor
}
