package crdt

import "slices"

// fugueTree is FugueMax as the paper states it, without a thought for speed: a tree
// of nodes, each a left or a right child, read in order. It is the model that
// sequence is held against, and shares nothing with it but Dot.
type fugueTree struct {
	root  *fugueNode
	nodes map[Dot]*fugueNode
}

type fugueNode struct {
	id          Dot
	parent      *fugueNode
	isRight     bool
	rightOrigin *fugueNode // right children only; nil: the end
	left, right []*fugueNode
	deleted     bool
}

// fugueInsert is the message that an insertion sends to the other replicas.
type fugueInsert struct {
	id, parent, rightOrigin Dot
	isRight                 bool
}

func newFugueTree() *fugueTree {
	root := &fugueNode{deleted: true}
	return &fugueTree{root: root, nodes: map[Dot]*fugueNode{{}: root}}
}

// traverse gives all nodes in order, the root among them.
func (t *fugueTree) traverse() []*fugueNode {
	var out []*fugueNode
	var walk func(n *fugueNode)
	walk = func(n *fugueNode) {
		for _, c := range n.left {
			walk(c)
		}
		out = append(out, n)
		for _, c := range n.right {
			walk(c)
		}
	}
	walk(t.root)
	return out
}

// visible gives the nodes that are not deleted, in order.
func (t *fugueTree) visible() []*fugueNode {
	return slices.DeleteFunc(t.traverse(), func(n *fugueNode) bool { return n.deleted })
}

// insertAt makes the message for an insertion at the visible position pos.
func (t *fugueTree) insertAt(id Dot, pos int) fugueInsert {
	leftOrigin := t.root
	if pos > 0 {
		leftOrigin = t.visible()[pos-1]
	}
	all := t.traverse()
	var next *fugueNode
	if i := slices.Index(all, leftOrigin) + 1; i < len(all) {
		next = all[i]
	}
	if len(leftOrigin.right) > 0 {
		return fugueInsert{id: id, parent: next.id}
	}
	m := fugueInsert{id: id, parent: leftOrigin.id, isRight: true}
	if next != nil {
		m.rightOrigin = next.id
	}
	return m
}

// apply takes an insertion in, on whatever replica.
func (t *fugueTree) apply(m fugueInsert) {
	n := &fugueNode{id: m.id, parent: t.nodes[m.parent], isRight: m.isRight}
	if m.rightOrigin != (Dot{}) {
		n.rightOrigin = t.nodes[m.rightOrigin]
	}
	t.nodes[m.id] = n
	siblings := &n.parent.left
	if m.isRight {
		siblings = &n.parent.right
	}
	i := 0
	for i < len(*siblings) && t.before((*siblings)[i], n) {
		i++
	}
	*siblings = slices.Insert(*siblings, i, n)
}

// before orders siblings of one side.
func (t *fugueTree) before(a, b *fugueNode) bool {
	if a.isRight && a.rightOrigin != b.rightOrigin {
		if a.rightOrigin == nil || b.rightOrigin == nil {
			return a.rightOrigin == nil // the end is the last of all places
		}
		all := t.traverse()
		return slices.Index(all, a.rightOrigin) > slices.Index(all, b.rightOrigin)
	}
	return a.id.Compare(b.id) < 0
}
