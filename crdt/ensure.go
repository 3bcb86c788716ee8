package crdt

// ensured says whether a field shows while it is empty. It is a register of its own
// beside the field's contents: the newest word counts, and until there is one a
// field that was ever written shows.
type ensured struct {
	hidden bool
	stamp  Stamp // zero: nobody said
}

func (e *ensured) ensure(op *Op, by *author) {
	if by.stamp.Compare(e.stamp) >= 0 {
		*e = ensured{hidden: op.Value == false, stamp: by.stamp}
	}
}

// said reports whether anybody said anything.
func (e *ensured) said() bool { return e.stamp != (Stamp{}) }

// word gives the register, of whatever field it is part.
func (e *ensured) word() *ensured { return e }

func (e *ensured) mergeEnsured(o *ensured, j *join) {
	if j.newer(o.stamp, e.stamp) {
		*e = *o
	}
}

// canEnsure reports whether a field of this strategy can be empty and show.
func canEnsure(s Strategy) bool {
	switch s {
	case Map, List, Set, Text, Counter:
		return true
	}
	return false
}
