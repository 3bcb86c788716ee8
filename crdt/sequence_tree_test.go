package crdt

import (
	"slices"
	"testing"
	"unicode/utf8"
)

// checkTree wants a sequence's tree and index to be what their comments promise.
func checkTree(t *testing.T, s *sequence) {
	t.Helper()
	if s.root == nil {
		return
	}
	if s.root.up != nil {
		t.Fatal("the root is below another block")
	}
	depth := -1
	checkBlock(t, s.root, 0, &depth)
	if s.near != nil {
		before := 0
		for leaf := s.root.first(); leaf != s.near; leaf = leaf.next() {
			if leaf == nil {
				t.Fatal("the leaf found last is not in the tree")
			}
			before += leaf.shown
		}
		if before != s.nearPos {
			t.Fatalf("the leaf found last begins at %d, not %d", before, s.nearPos)
		}
	}
	if s.index == nil {
		return
	}
	for leaf := s.root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			for _, d := range []Dot{leaf.runs[i].id, leaf.runs[i].last()} {
				if s.leafOf(d) != leaf {
					t.Fatalf("the index leads from %v to another leaf", d)
				}
			}
		}
	}
	for _, o := range s.index.owners {
		from := uint64(0)
		for _, chunk := range o.chunks {
			if len(chunk) == 0 || len(chunk) > chunkExtents {
				t.Fatalf("a chunk has %d extents", len(chunk))
			}
			for _, e := range chunk {
				if e.from <= from {
					t.Fatal("the extents do not ascend")
				}
				from = e.from
			}
		}
	}
}

// checkBlock checks a block and what is below; all leaves must be at one depth.
func checkBlock(t *testing.T, b *block, at int, depth *int) {
	t.Helper()
	if b.kids == nil {
		checkLeaf(t, b)
		if *depth >= 0 && at != *depth {
			t.Fatal("the leaves are not all at one depth")
		}
		*depth = at
		return
	}
	shown := 0
	for i, kid := range b.kids {
		if kid.up != b || kid.at != i || b.counts[i] != kid.shown {
			t.Fatalf("a block does not know its %d-th kid, or that not it", i)
		}
		checkBlock(t, kid, at+1, depth)
		shown += kid.shown
	}
	if shown != b.shown || len(b.kids) > branchKids || len(b.counts) != len(b.kids) {
		t.Fatalf("a branch counts %d visible elements in %d kids, not %d", b.shown, len(b.kids), shown)
	}
}

func checkLeaf(t *testing.T, b *block) {
	t.Helper()
	shown := 0
	for i := range b.runs {
		shown += b.runs[i].shown()
		if i > 0 && b.runs[i-1].joins(&b.runs[i]) {
			t.Fatalf("runs %d and %d of a leaf could be one: %v", i-1, i, b.runs)
		}
	}
	if shown != b.shown || len(b.text) > 0 && utf8.RuneCount(b.text) != shown {
		t.Fatalf("a leaf counts %d visible elements and shows %q, not %d", b.shown, b.text, shown)
	}
	if len(b.runs) > leafRuns || shown > leafShown || len(b.runs) == 0 {
		t.Fatalf("a leaf has %d runs, %d visible elements", len(b.runs), shown)
	}
}

// TestSequence_CloneIsACopy edits copies and wants the others to stay what they were.
func TestSequence_CloneIsACopy(t *testing.T) {
	x := newTyped(1)
	x.typeAt(0, 3000)
	x.cutAt(5, 2)
	before := x.seq.all()
	content := x.seq.content()
	first, second := x.seq.clone(), x.seq.clone()
	first.insert(Dot{2, 1}, 1, Dot{}, Dot{1, 1}, "x")
	second.cut([]Span{{Dot{1, 1}, 100}})
	x.check(t)
	if !slices.Equal(before, x.seq.all()) || x.seq.content() != content {
		t.Fatal("a sequence changed with its copies")
	}
	x.typeAt(0, 1)
	if first.length() != 2998+1 || second.length() != 2998-98 {
		t.Fatalf("copies of 2,998 show %d and %d after one more and 98 fewer", first.length(), second.length())
	}
}
