package crdt

import "math/bits"

// members is a set of the members that an operation in JSON has. The order of the
// bits is the order in which they are read and a mistake in them is told.
type members uint16

const (
	hasPath members = 1 << iota
	hasRow
	hasID
	hasValue
	hasOver
	hasText
	hasSpans
	hasSaw
	hasAs
	hasAfter
	hasBefore
	hasKind
)

// memberNames is by bit.
var memberNames = [...]string{"path", "row", "id", "value", "over", "text", "spans", "saw", "as", "after", "before", "kind"}

// membersOf gives the members that an operation of a kind needs, besides kind, and
// those it may have.
func membersOf(kind Kind) (need, may members, ok bool) {
	switch kind {
	case OpCreate, OpRestore:
		return 0, 0, true
	case OpDelete:
		return hasSaw, 0, true
	case OpUnset:
		return hasPath, 0, true
	case OpSet, OpAdd, OpRaise, OpLower:
		return hasPath | hasValue, 0, true
	case OpAssign:
		return hasPath | hasID | hasOver, hasValue, true
	case OpInclude:
		return hasPath | hasID | hasValue, 0, true
	case OpExclude:
		return hasPath | hasValue | hasOver, 0, true
	case OpInsert:
		return hasPath | hasID | hasText, hasAfter | hasBefore, true
	case OpCut:
		return hasPath | hasSpans, 0, true
	case OpPlace:
		return hasPath | hasID, hasAfter | hasBefore, true
	case OpMove:
		return hasPath | hasRow | hasID, hasAfter | hasBefore, true
	case OpDrop:
		return hasPath | hasRow | hasSaw, 0, true
	case OpEnsure:
		return hasPath | hasValue | hasAs, 0, true
	}
	return 0, 0, false
}

// each calls yield for every member of the set, one at a time.
func (m members) each(yield func(members) bool) {
	for ; m != 0; m &= m - 1 {
		if !yield(m & -m) {
			return
		}
	}
}

func (m members) appendNames(names []string) []string {
	for one := range m.each {
		names = append(names, one.name())
	}
	return names
}

// name is what a set of one member calls it.
func (m members) name() string { return memberNames[bits.TrailingZeros16(uint16(m))] }

// memberNamed is the set of the one member called so, none if there is none.
func memberNamed(name string) members {
	for i, known := range memberNames {
		if name == known {
			return 1 << i
		}
	}
	return 0
}
