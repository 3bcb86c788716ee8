package crdt

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// The tree is a B+ tree of counts: every branch knows how many visible elements are
// below each of its kids. All leaves are at one depth. A block splits when it is full
// and goes when it is empty; it is not refilled when it is half empty, since runs
// rarely become fewer.
const (
	leafRuns   = 32    // a leaf holds at most this many runs
	leafShown  = 1_024 // and at most this many visible elements
	branchKids = 32
)

// block is a leaf or, if it has kids, a branch.
type block struct {
	up    *block // nil: the root
	at    int    // which of up's kids it is
	shown int    // visible elements in it

	kids   []*block
	counts []int // by kid, its shown: kept here too, as a search reads all of them

	runs []run
	text []byte // what the visible elements show, in order; empty if they show nothing
}

// first is the first leaf under n; nil has none.
func (n *block) first() *block {
	for n != nil && n.kids != nil {
		n = n.kids[0]
	}
	return n
}

// next is the leaf behind a leaf, nil at the end.
func (n *block) next() *block {
	for n.up != nil && n.at == len(n.up.kids)-1 {
		n = n.up
	}
	if n.up == nil {
		return nil
	}
	return n.up.kids[n.at+1].first()
}

// prev is the leaf before a leaf, nil at the start.
func (n *block) prev() *block {
	for n.up != nil && n.at == 0 {
		n = n.up
	}
	if n.up == nil {
		return nil
	}
	n = n.up.kids[n.at-1]
	for n.kids != nil {
		n = n.kids[len(n.kids)-1]
	}
	return n
}

// compare tells which of two leaves of one tree comes first.
func (n *block) compare(other *block) int {
	for n.up != other.up {
		n, other = n.up, other.up
	}
	return cmp.Compare(n.at, other.at)
}

// leafAt is the leaf of the visible element at pos, and how far into the visible
// elements of the leaf it is. It remembers the leaf: the next position asked for is
// most often near.
func (s *sequence) leafAt(pos int) (leaf *block, rest int) {
	if rest = pos - s.nearPos; s.near != nil && rest >= 0 && rest < s.near.shown {
		return s.near, rest
	}
	leaf, rest = s.root, pos
	for leaf.kids != nil {
		i := 0
		for ; i < len(leaf.counts)-1 && rest >= leaf.counts[i]; i++ {
			rest -= leaf.counts[i]
		}
		leaf = leaf.kids[i]
	}
	s.near, s.nearPos = leaf, pos-rest
	return leaf, rest
}

// bump adds to the count of visible elements of a leaf, and of all above it.
func (n *block) bump(by int) {
	for ; n.up != nil; n = n.up {
		n.shown += by
		n.up.counts[n.at] += by
	}
	n.shown += by
}

// changed forgets the leaf found last, if the change to another one may have moved it.
func (s *sequence) changed(leaf *block) {
	if s.near != leaf {
		s.near = nil
	}
}

// relieve splits a leaf until none of its parts is too full.
func (s *sequence) relieve(leaf *block) {
	for len(leaf.runs) > leafRuns || leaf.shown > leafShown {
		right := leaf.halve()
		s.near = nil
		s.adopt(leaf, right)
		if s.index != nil {
			for i := range right.runs {
				s.index.set(right.runs[i].span(), right)
			}
		}
		s.relieve(right)
	}
}

// halve moves the second half of a leaf, by runs or by what is visible, into a new one.
func (n *block) halve() *block {
	i, shown := len(n.runs)/2, 0
	if n.shown > leafShown {
		i = 0
		for ; shown+n.runs[i].shown() <= n.shown/2; i++ {
			shown += n.runs[i].shown()
		}
		if rest := n.shown/2 - shown; rest > 0 {
			r := n.runs[i]
			n.runs = slices.Replace(n.runs, i, i+1, r.part(0, rest), r.part(rest, r.n-rest))
			i, shown = i+1, n.shown/2
		}
		if i == 0 { // the first run begins past the half: it is alone in the first leaf
			shown = n.runs[0].shown()
			i = 1
		}
	} else {
		for k := range n.runs[:i] {
			shown += n.runs[k].shown()
		}
	}
	cut := n.byteAt(shown)
	right := &block{runs: roomy(n.runs[i:]), text: slices.Clone(n.text[cut:]), shown: n.shown - shown}
	clear(n.runs[i:])
	n.runs, n.text, n.shown = n.runs[:i], n.text[:cut], shown
	return right
}

// roomy copies runs and leaves room for as many as a leaf may hold.
func roomy(runs []run) []run {
	return append(make([]run, 0, leafRuns+2), runs...)
}

// adopt puts right, which is new, behind left, which had all that right has.
func (s *sequence) adopt(left, right *block) {
	up := left.up
	if up == nil {
		s.root = branch([]*block{left, right})
		return
	}
	at := left.at + 1
	up.kids = slices.Insert(up.kids, at, right)
	up.counts = slices.Insert(up.counts, at, right.shown)
	up.counts[left.at] = left.shown
	up.number(at)
	if len(up.kids) > branchKids {
		half := len(up.kids) / 2
		beside := branch(slices.Clone(up.kids[half:]))
		clear(up.kids[half:])
		up.kids, up.counts = up.kids[:half], up.counts[:half]
		up.shown -= beside.shown
		s.adopt(up, beside)
	}
}

// branch gives a branch of the kids.
func branch(kids []*block) *block {
	b := &block{kids: kids, counts: make([]int, len(kids), branchKids+1)}
	for i, kid := range kids {
		b.counts[i] = kid.shown
		b.shown += kid.shown
	}
	b.number(0)
	return b
}

// number tells the kids from the i-th on whose they are.
func (n *block) number(i int) {
	for ; i < len(n.kids); i++ {
		n.kids[i].up, n.kids[i].at = n, i
	}
}

// clone copies n and what is below it.
func (n *block) clone(up *block) *block {
	c := *n
	c.up = up
	c.kids, c.counts = slices.Clone(n.kids), slices.Clone(n.counts)
	c.runs, c.text = slices.Clone(n.runs), slices.Clone(n.text)
	for i, kid := range n.kids {
		c.kids[i] = kid.clone(&c)
	}
	return &c
}

// grow gives the tree of the runs, its blocks not quite full; nil if there are none.
func grow(runs []run) *block {
	level := leaves(runs)
	const fill = branchKids * 3 / 4
	for len(level) > 1 {
		parents := make([]*block, 0, len(level)/fill+1)
		for kids := range slices.Chunk(level, fill) {
			parents = append(parents, branch(slices.Clone(kids)))
		}
		level = parents
	}
	if len(level) == 0 {
		return nil
	}
	return level[0]
}

// leaves spreads runs over leaves, which share their memory until they change.
func leaves(runs []run) []*block {
	const fill, room = leafRuns * 3 / 4, leafShown * 3 / 4
	shown := shownIn(runs)
	if len(runs) <= leafRuns && shown <= leafShown {
		if len(runs) == 0 {
			return nil
		}
		return []*block{{runs: runs, shown: shown}}
	}
	runs = split(runs, room)
	all := make([]*block, 0, len(runs)/fill+shown/room+1)
	leaf, from := &block{}, 0
	for i := range runs {
		if i-from == fill || leaf.shown+runs[i].shown() > room {
			leaf.runs = runs[from:i:i]
			all, leaf, from = append(all, leaf), &block{}, i
		}
		leaf.shown += runs[i].shown()
	}
	leaf.runs = runs[from:]
	return append(all, leaf)
}

// split gives the runs with those that show more than room in pieces that do not.
func split(runs []run, room int) []run {
	if !slices.ContainsFunc(runs, func(r run) bool { return r.shown() > room }) {
		return runs
	}
	pieces := make([]run, 0, len(runs)+shownIn(runs)/room)
	for _, r := range runs {
		for r.shown() > room {
			pieces = append(pieces, r.part(0, room))
			r = r.part(room, r.n-room)
		}
		pieces = append(pieces, r)
	}
	return pieces
}

// shownIn is how many elements of the runs are visible.
func shownIn(runs []run) int {
	n := 0
	for i := range runs {
		n += runs[i].shown()
	}
	return n
}

// byteAt is where in the text of a leaf the visible element begins that has so many
// before it.
func (n *block) byteAt(shown int) int {
	if len(n.text) == n.shown || len(n.text) == 0 { // one byte each, or no content
		return min(shown, len(n.text))
	}
	at := 0
	for ; shown > 0; shown-- {
		_, size := utf8.DecodeRune(n.text[at:])
		at += size
	}
	return at
}

// shownBefore is how many elements of the leaf are visible before the place.
func (p place) shownBefore() int {
	n := 0
	for i := range p.leaf.runs[:p.run] {
		n += p.leaf.runs[i].shown()
	}
	if p.run < len(p.leaf.runs) && !p.at().deleted {
		n += p.offset
	}
	return n
}
