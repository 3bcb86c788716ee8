package crdt

import (
	"math"
	"slices"
	"sort"
)

// index leads from an element to the leaf it is in. Elements of one replica that were
// made one after the other are mostly in one leaf, whatever became of their runs, so
// it keeps, for each replica, from which number on the elements are in which leaf. It
// says nothing about elements that are not in the sequence.
type index struct {
	owners []owner // by replica
}

// owner is the extents of one replica, ascending, in chunks so that one more in the
// middle moves few. No chunk is empty.
type owner struct {
	replica Replica
	chunks  [][]extent
}

// extent says that the elements from a number on, up to the next extent, are in a
// leaf.
type extent struct {
	from uint64
	leaf *block
}

const chunkExtents = 128

// leafOf is the leaf that d is in, if it is in the sequence; nil if it surely is not.
func (s *sequence) leafOf(d Dot) *block {
	if s.root == nil || s.root.kids == nil {
		return s.root
	}
	if s.index == nil {
		s.index = newIndex(s.root)
	}
	o := s.index.owner(d.Replica)
	if o == nil {
		return nil
	}
	c, k := o.search(d.Seq)
	if k < 0 {
		return nil
	}
	return o.chunks[c][k].leaf
}

func newIndex(root *block) *index {
	var runs []leafRun
	for leaf := root.first(); leaf != nil; leaf = leaf.next() {
		for i := range leaf.runs {
			runs = append(runs, leafRun{leaf.runs[i].span(), leaf})
		}
	}
	slices.SortFunc(runs, func(a, b leafRun) int { return a.Start.Compare(b.Start) })
	x := &index{}
	for i, r := range runs {
		if i == 0 || r.Start.Replica != runs[i-1].Start.Replica {
			x.owners = append(x.owners, owner{replica: r.Start.Replica})
		} else if r.leaf == runs[i-1].leaf {
			continue
		}
		x.owners[len(x.owners)-1].push(extent{r.Start.Seq, r.leaf})
	}
	return x
}

// push adds an extent behind all others.
func (o *owner) push(e extent) {
	last := len(o.chunks) - 1
	if last < 0 || len(o.chunks[last]) == chunkExtents {
		o.chunks = append(o.chunks, make([]extent, 0, chunkExtents+1))
		last++
	}
	o.chunks[last] = append(o.chunks[last], e)
}

type leafRun struct {
	Span
	leaf *block
}

// owner is what is known of a replica, nil if nothing is.
func (x *index) owner(r Replica) *owner {
	if i, found := x.place(r); found {
		return &x.owners[i]
	}
	return nil
}

func (x *index) place(r Replica) (int, bool) {
	return slices.BinarySearchFunc(x.owners, r, func(o owner, r Replica) int {
		if o.replica < r {
			return -1
		}
		return int(min(o.replica-r, 1))
	})
}

// search finds the last extent that begins at seq or before; k is -1 if there is none.
func (o *owner) search(seq uint64) (c, k int) {
	c = sort.Search(len(o.chunks), func(i int) bool { return o.chunks[i][0].from > seq }) - 1
	if c < 0 {
		return 0, -1
	}
	chunk := o.chunks[c]
	return c, sort.Search(len(chunk), func(i int) bool { return chunk[i].from > seq }) - 1
}

// extentAt is the leaf that seq is in and where the next extent begins; no leaf in
// front of the first.
func (o *owner) extentAt(seq uint64) (leaf *block, next uint64) {
	c, k := o.search(seq)
	if k >= 0 {
		leaf = o.chunks[c][k].leaf
	}
	switch {
	case c < len(o.chunks) && k+1 < len(o.chunks[c]):
		return leaf, o.chunks[c][k+1].from
	case k >= 0 && c+1 < len(o.chunks):
		return leaf, o.chunks[c+1][0].from
	}
	return leaf, math.MaxUint64
}

// set notes that the elements of the span are in the leaf.
func (x *index) set(s Span, leaf *block) {
	i, found := x.place(s.Start.Replica)
	if !found {
		x.owners = slices.Insert(x.owners, i, owner{replica: s.Start.Replica})
	}
	o := &x.owners[i]
	from, to := s.Start.Seq, s.Start.Seq+s.Len
	if known, next := o.extentAt(from); known == leaf && next >= to {
		return
	}
	behind, _ := o.extentAt(to)
	o.remove(from, to)
	if known, _ := o.extentAt(from); known != leaf {
		o.insert(extent{from, leaf})
	}
	if known, _ := o.extentAt(to); behind != nil && known != behind {
		o.insert(extent{to, behind})
	}
}

// remove takes away the extents that begin from one number on and before another.
func (o *owner) remove(from, to uint64) {
	c, k := o.search(from)
	if k < 0 || o.chunks[c][k].from < from {
		k++
	}
	for c < len(o.chunks) {
		chunk := o.chunks[c]
		end := k
		for end < len(chunk) && chunk[end].from < to {
			end++
		}
		last := end < len(chunk)
		o.chunks[c] = slices.Delete(chunk, k, end)
		if len(o.chunks[c]) == 0 {
			o.chunks = slices.Delete(o.chunks, c, c+1)
		} else {
			c++
		}
		if last {
			return
		}
		k = 0
	}
}

// insert adds a extent where none begins.
func (o *owner) insert(t extent) {
	if len(o.chunks) == 0 {
		o.chunks = [][]extent{{t}}
		return
	}
	c, k := o.search(t.from)
	chunk := slices.Insert(o.chunks[c], k+1, t)
	o.chunks[c] = chunk
	if len(chunk) <= chunkExtents {
		return
	}
	half := len(chunk) / 2
	if c == len(o.chunks)-1 && k+1 == len(chunk)-1 {
		half = len(chunk) - 1 // it grows at its end: leave the full ones full
	}
	o.chunks = slices.Insert(o.chunks, c+1, slices.Clone(chunk[half:]))
	clear(chunk[half:])
	o.chunks[c] = chunk[:half]
}
