package crdt

import "errors"

// level gives two copies of one document that were compacted alike, so that a merge
// can join them: up to the same floor, with the same settled elements in the same
// chain. What was given stays as it is. What is settled stays so, hence of two floors
// of one document one is the higher, and it becomes that of both: of what is settled
// each copy drops what the other has dropped. No recent changes are needed to tell
// which removed elements those are, as the other was told them.
func level(a, b *Document) (*Document, *Document, error) {
	if len(a.floor) == 0 && len(b.floor) == 0 {
		return a, b, nil
	}
	floor := higher(a.floor, b.floor)
	if !floor.within(a.floor) && !floor.within(b.floor) {
		return nil, nil, notCopies()
	}
	switch {
	case !floor.within(a.seen) && a.seen.within(b.seen):
		a = a.heldOnly()
	case !floor.within(b.seen) && b.seen.within(a.seen):
		b = b.heldOnly()
	case !floor.within(a.seen), !floor.within(b.seen):
		return nil, nil, errors.New("crdt: merge: one document has changes made without what was cleared away in the other since: make them again on the document as it is now")
	}
	c, d := a.Clone(), b.Clone()
	l := leveling{floor}
	if !l.field(c.root, b.root) || !l.field(d.root, a.root) {
		return nil, nil, notCopies()
	}
	c.floor, d.floor = floor, floor
	return c, d, nil
}

func notCopies() error {
	return errors.New("crdt: merge: the documents were compacted in ways that do not fit: they are not copies of one")
}

// higher is the higher of two marks for each replica.
func higher(a, b marks) marks {
	m := make(marks, len(a))
	for _, from := range [2]marks{a, b} {
		for r, theirs := range from {
			m[r] = mark{max(m[r].n, theirs.n), max(m[r].seq, theirs.seq)}
		}
	}
	return m
}

// within reports whether o has seen all changes that m has.
func (m marks) within(o marks) bool {
	for r, mine := range m {
		if mine.n > o[r].n {
			return false
		}
	}
	return true
}

// heldOnly is what d can add to a document that has seen all d has, and more.
func (d *Document) heldOnly() *Document {
	held := NewDocument()
	held.held = d.held
	return held
}

// leveling is one walk through a document beside another copy of it.
type leveling struct {
	floor marks
}

// field drops from a field and all below it what is settled and not in the other copy,
// where that has the field at all. It reports false if that would drop what shows.
func (l leveling) field(at, other node) bool {
	switch f := at.(type) {
	case *mapField:
		o, _ := other.(*mapField)
		for child := range f.children.all() {
			var theirs node
			if o != nil {
				theirs = o.child(child.key)
			}
			if !l.field(child.field, theirs) {
				return false
			}
		}
	case *textField:
		o, _ := other.(*textField)
		return l.text(f, o)
	case *listField:
		o, _ := other.(*listField)
		return l.list(f, o)
	}
	return true
}

func (l leveling) text(f, other *textField) bool {
	if other == nil {
		return true
	}
	runs, ok := l.sequence(&f.seq, &other.seq, func(r run) bool { return !r.deleted })
	if ok {
		f.reorder(runs)
	}
	return ok
}

func (l leveling) list(f, other *listField) bool {
	if other == nil {
		return true
	}
	for id, row := range f.rows {
		theirs := other.rows[id]
		switch {
		case theirs != nil:
			if !l.field(row.content, theirs.content) {
				return false
			}
		case l.floor.has(id) && row.alive():
			return false
		case l.floor.has(id):
			delete(f.rows, id)
			delete(f.moved, row.slot)
		}
	}
	runs, ok := l.sequence(&f.seq, &other.seq, f.uses)
	if ok {
		f.seq = newSequence(runs)
	}
	return ok
}

// uses reports whether some row stands, or was made, at one of the places.
func (f *listField) uses(places run) bool {
	for i := range places.n {
		if place := places.dot(i); f.rows[place] != nil || f.moved[place] != nil {
			return true
		}
	}
	return false
}

// sequence gives the runs of ours less the settled elements that theirs does not have.
// It reports false if one of them is needed.
func (l leveling) sequence(ours, theirs *sequence, needed func(r run) bool) ([]run, bool) {
	there, fits := spansOf(theirs.all()), true
	runs, ok := compactRuns(ours.all(), l.floor, func(r run, keep func(run)) {
		there.split(r, func(part run, in bool) {
			if in {
				keep(part)
			} else {
				fits = fits && !needed(part)
			}
		})
	})
	return runs, fits && ok
}
