package crdttest

import (
	"math/rand/v2"
	"slices"
	"testing"

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

// Three people who put elements anywhere, each into what they have heard of, and hear
// of the others now and then: both trees read the same.
func TestReadOrder_IsTheTreeOfThePaper(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 0))
		people := make([]*tree, 3)
		heard := make([]int, 3) // of made
		for i := range people {
			people[i] = newTree()
		}
		var made []insertion
		for n := range uint64(60) {
			i := r.IntN(3)
			for ; r.IntN(4) == 0 && heard[i] < len(made); heard[i]++ {
				people[i].hear(made[heard[i]])
			}
			in := people[i].between(r)
			in.id = crdt.Dot{Replica: crdt.Replica(1 + i), Seq: n + 1}
			people[i].hear(in)
			made = append(made, in)
		}
		whole := newTree()
		for _, in := range made {
			whole.hear(in)
		}
		want := whole.order()
		r.Shuffle(len(made), func(i, j int) { made[i], made[j] = made[j], made[i] })
		if got := readOrder(made); !slices.Equal(got, want) {
			t.Fatalf("seed %d: read\n%v\nand the paper\n%v", seed, got, want)
		}
	}
}

// hear inserts what is not there.
func (t *tree) hear(in insertion) {
	if t.nodes[in.id] == nil {
		t.insert(in.id, in.after, in.before)
	}
}

// between gives two neighbours.
func (t *tree) between(r *rand.Rand) insertion {
	order := append([]crdt.Dot{{}}, t.order()...)
	order = append(order, crdt.Dot{})
	at := r.IntN(len(order) - 1)
	return insertion{after: order[at], before: order[at+1]}
}
