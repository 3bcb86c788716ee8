package crdt

// patience is how many runs integrate looks at one by one before it leaps.
const patience = 64

// leap is for a newcomer, a right child, that goes far behind from among very many
// siblings. It gives the last run of some leaf that surely stands before the newcomer,
// as does all in front of it; from itself if there is none. Siblings and what stands
// under them are in order, so whole leaves and branches are passed by a look at their
// last run.
func (n *newcomer) leap(from place) place {
	for b := from.leaf; b.up != nil; b = b.up {
		if b.kids == nil && !n.passed(b, &from) {
			return from
		}
		for _, kid := range b.up.kids[b.at+1:] {
			if !n.passed(kid, &from) {
				n.descend(kid, &from)
				return from
			}
		}
	}
	return from
}

// descend leaps as far as it can in a block that cannot be passed as a whole.
func (n *newcomer) descend(b *block, at *place) {
	for b.kids != nil {
		i := 0
		for n.passed(b.kids[i], at) {
			i++
		}
		b = b.kids[i]
	}
}

// passed reports whether all of a block stands before the newcomer, and if so puts at to
// its last run.
func (n *newcomer) passed(b *block, at *place) bool {
	for b.kids != nil {
		b = b.kids[len(b.kids)-1]
	}
	last := place{b, len(b.runs) - 1, 0}
	h := n.sibling(last)
	if h == nil || n.compare(h) != headBefore {
		return false
	}
	*at = last
	return true
}

// sibling is the right child of the newcomer's left origin that the run at p stands
// under or is; nil if it stands elsewhere, or so deep that it is not worth the climb.
func (n *newcomer) sibling(p place) *run {
	for range patience {
		r := p.at()
		parent := r.after
		switch {
		case n.s.isLeftChild(r):
			parent = r.before
		case r.after == n.after:
			return r
		}
		if parent == (Dot{}) || parent == n.after {
			return nil
		}
		p = n.s.mustFind(parent)
	}
	return nil
}
