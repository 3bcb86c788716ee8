package crdt

// node is the state of one field. What it is never changes after the first
// operation on it; there is one file for each strategy.
type node interface {
	strategy() Strategy

	// value is what the field shows, false if it shows nothing. The result is the
	// caller's to read only, and stays as it is when the node moves on.
	value() (any, bool)

	// apply takes in an operation of the node's strategy that a checker has passed.
	apply(op *Op, by *author)

	// merge takes in all that other, of the same strategy, has.
	merge(other node, j *join)

	clone() node
}

// author is who made the change that is being applied, and when.
type author struct {
	stamp Stamp
	n     uint64
	first uint64 // how many elements its replica had made before this change
}

// made reports whether the change itself made the element.
func (by *author) made(d Dot) bool {
	return d.Replica == by.stamp.Replica && d.Seq > by.first
}

// newNode gives the state of a field nobody has written to.
func newNode(s Strategy) node {
	switch s {
	case Register:
		return &registerField{}
	case Conflict:
		return &conflictField{}
	case Counter:
		return &counterField{}
	case Max, Min:
		return &extremeField{max: s == Max}
	case Text:
		return &textField{}
	case Set:
		return &setField{}
	case List:
		return newListField()
	case Map:
		return newMapField()
	}
	panic("crdt: no state for the strategy " + string(s))
}

// strategyOf is the strategy whose operation op is; "" for those of the whole
// document and for kinds that do not exist.
func strategyOf(op *Op) Strategy {
	switch op.Kind {
	case OpSet, OpUnset:
		return Register
	case OpAssign:
		return Conflict
	case OpAdd:
		return Counter
	case OpRaise:
		return Max
	case OpLower:
		return Min
	case OpInclude, OpExclude:
		return Set
	case OpInsert, OpCut:
		return Text
	case OpPlace, OpMove, OpDrop:
		return List
	case OpEnsure:
		return op.As
	}
	return ""
}

// isElement reports whether a segment of a path names a row rather than a key. The
// spelling alone decides, so that the shape of a path is the same for whoever reads
// it; a key of a map may not look like an element.
func isElement(segment string) bool {
	_, ok := parseDot(segment)
	return ok
}

// strategyAt is what the field at path[:i+1] has to be for an operation on path to
// reach a field of strategy last.
func strategyAt(path []string, i int, last Strategy) Strategy {
	switch {
	case i == len(path)-1:
		return last
	case isElement(path[i+1]):
		return List
	}
	return Map
}

// find is the field at path, nil if nobody wrote to it.
func (d *Document) find(path []string) node {
	var at node = d.root
	for _, segment := range path {
		at = step(at, segment)
	}
	return at
}

// step goes one key or row down; nil when nothing is there.
func step(at node, segment string) node {
	switch f := at.(type) {
	case *mapField:
		return f.child(segment)
	case *listField:
		id, ok := parseDot(segment)
		if row := f.rows[id]; ok && row != nil {
			return row.content
		}
	}
	return nil
}
