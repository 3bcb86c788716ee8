package crdttest

import (
	"cmp"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// insertion puts an element between two that stood next to each other for its author;
// zero stands for the start and the end.
type insertion struct{ id, after, before crdt.Dot }

// inserted is an element in the tree of FugueMax (Weidner and Kleppmann, "The Art of
// the Fugue", section 4), with its children. The root stands for the start.
type inserted struct {
	insertion
	parent      *inserted
	isLeft      bool
	left, right []*inserted
	fromEnd     int // its place, counted from the end, zero: not read yet
}

// readOrder gives all elements in the order they stand, removed ones among them. It
// takes the insertions in any order, puts up the whole tree and reads it once, from its
// end, because the order of two right children hangs on what stands behind both. So it
// costs little more than the insertions are many; the tree as the authors draw it,
// which it is tested against, cannot say the same.
func readOrder(insertions []insertion) []crdt.Dot {
	root := &inserted{}
	elements := make(map[crdt.Dot]*inserted, len(insertions)+1)
	elements[crdt.Dot{}] = root
	for _, in := range insertions {
		elements[in.id] = &inserted{insertion: in}
	}
	for _, in := range insertions {
		e, next := elements[in.id], elements[in.before]
		if next != root && next.after == in.after {
			// What came next had been put behind the same element: this one goes before it.
			e.parent, e.isLeft = next, true
			next.left = append(next.left, e)
		} else {
			e.parent = elements[in.after]
			e.parent.right = append(e.parent.right, e)
		}
	}
	r := reader{elements: elements}
	r.read(root)
	slices.Reverse(r.order)
	return r.order[1:] // without the root
}

// reader reads the tree.
type reader struct {
	elements map[crdt.Dot]*inserted
	order    []crdt.Dot // last first
}

func (r *reader) read(e *inserted) {
	slices.SortFunc(e.right, r.compareSiblings)
	slices.SortFunc(e.left, r.compareSiblings)
	for _, child := range slices.Backward(e.right) {
		r.read(child)
	}
	r.order = append(r.order, e.id)
	e.fromEnd = len(r.order)
	for _, child := range slices.Backward(e.left) {
		r.read(child)
	}
}

// compareSiblings orders two children on the same side of one element.
func (r *reader) compareSiblings(a, b *inserted) int {
	if a.isLeft || a.before == b.before {
		return a.id.Compare(b.id)
	}
	return r.compare(b.before, a.before)
}

// compare is negative when a, the right origin of something, stands before b, another.
func (r *reader) compare(a, b crdt.Dot) int {
	x, y := r.elements[a], r.elements[b]
	switch {
	case a == (crdt.Dot{}), b == (crdt.Dot{}): // the end is behind all
		return b.Compare(a)
	case x.fromEnd > 0 || y.fromEnd > 0: // what was read is behind what was not
		return cmp.Compare(unread(y), unread(x))
	}
	return r.compareUnread(x, y)
}

// unread is where an element stands, counted from the end; more than all if it was not
// read yet.
func unread(e *inserted) int {
	if e.fromEnd == 0 {
		return int(^uint(0) >> 1)
	}
	return e.fromEnd
}

// compareUnread compares two elements by the branches they are on. It is needed only
// where a right origin does not stand behind the left one: nobody types so, but a
// pending change whose replica is renamed may come to say so.
func (r *reader) compareUnread(x, y *inserted) int {
	ways := [2][]*inserted{way(x), way(y)}
	i := 0
	for i < len(ways[0]) && i < len(ways[1]) && ways[0][i] == ways[1][i] {
		i++
	}
	switch {
	case i == len(ways[0]): // y is below x
		return side(!ways[1][i].isLeft)
	case i == len(ways[1]):
		return side(ways[0][i].isLeft)
	case ways[0][i].isLeft != ways[1][i].isLeft:
		return side(ways[0][i].isLeft)
	}
	return r.compareSiblings(ways[0][i], ways[1][i])
}

func side(first bool) int {
	if first {
		return -1
	}
	return 1
}

// way is the elements from the root down to e.
func way(e *inserted) []*inserted {
	var way []*inserted
	for ; e != nil; e = e.parent {
		way = append(way, e)
	}
	slices.Reverse(way)
	return way
}
