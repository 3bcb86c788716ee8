package crdt

import (
	"fmt"
	"maps"
)

// join is what a merge knows of both sides: how much each had seen. The receiver of
// a node's merge method is ours.
type join struct {
	ours, theirs marks
	err          error
}

// newer reports whether a value stamped theirs replaces one stamped ours. Only a
// replica that broke its own clock has two values of one stamp: then the side that
// has seen more of it has the later one.
func (j *join) newer(theirs, ours Stamp) bool {
	if c := theirs.Compare(ours); c != 0 {
		return c > 0
	}
	return j.theirs[theirs.Replica].n > j.ours[theirs.Replica].n
}

// fields joins one field of both sides, either of which may be nil.
func (j *join) fields(ours, theirs node) node {
	switch {
	case theirs == nil:
	case ours == nil:
		return theirs.clone()
	case ours.strategy() != theirs.strategy():
		if j.err == nil {
			j.err = fmt.Errorf("crdt: merge: one document has a %s where the other has a %s: they are not the same document",
				ours.strategy(), theirs.strategy())
		}
	default:
		ours.merge(theirs, j)
	}
	return ours
}

// Merge gives the document that has seen all that a and b have seen. Both must be
// the same document (same id, same type); neither is changed. Where one was compacted
// further, the other must have seen all that was settled there, or have nothing of its
// own.
func Merge(a, b *Document) (*Document, error) {
	a, b, err := level(a, b)
	if err != nil {
		return nil, err
	}
	m := a.Clone()
	j := &join{ours: a.seen, theirs: b.seen}
	j.fields(m.root, b.root)
	if j.err != nil {
		return nil, j.err
	}
	m.exists = a.exists || b.exists
	m.cover, m.edits = raise(m.cover, b.cover), raise(m.edits, b.edits)
	m.seen = joinMarks(a.seen, b.seen)
	for _, w := range b.held {
		if err := m.hold(w.change); err != nil {
			return nil, err
		}
	}
	m.release()
	return m, nil
}

func joinMarks(a, b marks) marks {
	m := maps.Clone(a)
	for r, theirs := range b {
		if theirs.n > m[r].n {
			m[r] = theirs
		}
	}
	return m
}
