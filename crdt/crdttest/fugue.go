package crdttest

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// tree is FugueMax as its authors draw it (Weidner and Kleppmann, "The Art of the
// Fugue", algorithm 1 and section 4): one node for each element, children on the
// left and on the right, read in order. The root stands for the start.
type tree struct {
	root  *treeNode
	nodes map[crdt.Dot]*treeNode
}

type treeNode struct {
	id          crdt.Dot
	left, right []*treeNode
	before      crdt.Dot // the right origin, zero: the end
}

func newTree() *tree {
	root := &treeNode{}
	return &tree{root, map[crdt.Dot]*treeNode{{}: root}}
}

// order lists all elements as they stand.
func (t *tree) order() []crdt.Dot {
	return t.root.walk(nil)
}

// walk reads the tree below n in order. The root itself is left out.
func (n *treeNode) walk(order []crdt.Dot) []crdt.Dot {
	for _, child := range n.left {
		order = child.walk(order)
	}
	if n.id != (crdt.Dot{}) {
		order = append(order, n.id)
	}
	for _, child := range n.right {
		order = child.walk(order)
	}
	return order
}

// insert puts id between two elements that stood next to each other for its author.
func (t *tree) insert(id, after, before crdt.Dot) {
	node := &treeNode{id: id, before: before}
	t.nodes[id] = node
	parent := t.nodes[after]
	if before != (crdt.Dot{}) && parent.holdsRight(before) {
		// Something stands behind after already: the new one comes before the first of it.
		next := t.nodes[before]
		next.left = append(next.left, node)
		slices.SortFunc(next.left, func(a, b *treeNode) int { return a.id.Compare(b.id) })
		return
	}
	order := t.root.walk(nil)
	place := func(d crdt.Dot) int {
		if d == (crdt.Dot{}) {
			return len(order)
		}
		return slices.Index(order, d)
	}
	parent.right = append(parent.right, node)
	slices.SortFunc(parent.right, func(a, b *treeNode) int {
		if p, q := place(a.before), place(b.before); p != q {
			return q - p
		}
		return a.id.Compare(b.id)
	})
}

// holdsRight reports whether an element is among the right descendants of n.
func (n *treeNode) holdsRight(id crdt.Dot) bool {
	for _, child := range n.right {
		if slices.Contains(child.walk(nil), id) {
			return true
		}
	}
	return false
}
