package crdt

import "fmt"

// Check says whether c is well made for this document, so that Apply of it would
// not fail: kinds fit the fields, element numbers are new, values fit the kinds. It
// does not judge what is missing and changes nothing. The error is an *OpError.
func (d *Document) Check(c *Change) error {
	if c.N <= d.seen[c.Replica].n {
		return nil // it is here already
	}
	if c.Replica == 0 || c.N > MaxSeq || c.Prev >= c.N {
		return &OpError{Index: -1, Message: "A change needs a replica, a number up to 2^53-1 and a smaller number of the change before it."}
	}
	k := newChecker(d, c)
	for i := range c.Ops {
		if message := k.op(&c.Ops[i]); message != "" {
			return &OpError{Index: i, Path: c.Ops[i].Path, Message: message, Gone: k.gone}
		}
	}
	return nil
}

// checker goes through the operations of one change. The document stays as it is,
// so the checker notes what the operations before would have made. Its methods
// answer with a sentence that says what is wrong, or with "".
type checker struct {
	d       *Document
	c       *Change
	gap     bool                // changes of the same replica are missing before this one
	first   uint64              // the replica's last element before the change
	top     uint64              // and before the operation
	made    []making            // by the operations before, ascending
	fields  map[string]Strategy // by pathKey: fields that the operations before made
	written map[string]bool     // by slot: registers that the operations before wrote
	sums    map[string]int64    // by pathKey: what the operations before add to counters
	gone    bool                // what is wrong is that something was cleared away
}

// making is the elements one operation makes.
type making struct {
	first, n uint64
	field    string // pathKey of their field
	row      bool   // it is a row, not just a place
}

func newChecker(d *Document, c *Change) *checker {
	seen := d.seen[c.Replica]
	k := &checker{d: d, c: c, gap: c.Prev > seen.n, first: seen.seq, top: seen.seq}
	if len(c.Ops) > 1 { // a single operation has nothing before it
		k.fields = map[string]Strategy{}
		k.written = map[string]bool{}
		k.sums = map[string]int64{}
	}
	return k
}

// op checks one operation.
func (k *checker) op(op *Op) string {
	switch op.Kind {
	case OpCreate, OpDelete, OpRestore:
		if len(op.Path) != 0 {
			return fmt.Sprintf("%q is for the whole document and takes no path.", op.Kind)
		}
		return k.saw(op.Saw)
	}
	want := strategyOf(op)
	if want == "" || op.Kind == OpEnsure && !canEnsure(op.As) {
		return fmt.Sprintf("There is no operation %q %s: use one of those the protocol lists.", op.Kind, op.As)
	}
	if message := checkPath(op.Path); message != "" {
		return message
	}
	field, message := k.reach(op.Path, want)
	if message == "" {
		message = k.content(op, field)
	}
	if made := op.Makes(); message == "" && made > 0 {
		message = k.make(op, made)
	}
	return message
}

// content checks what the operation says about its field, which is nil if nobody
// wrote to it yet.
func (k *checker) content(op *Op, field node) string {
	if message := checkPlain(op.Value, maxDepth); message != "" {
		return message
	}
	switch op.Kind {
	case OpSet, OpUnset:
		return k.once(op)
	case OpEnsure:
		if _, ok := op.Value.(bool); !ok {
			return "Whether an empty field shows is said by true or false."
		}
		return k.once(op)
	case OpAssign:
		return k.over(op)
	case OpInclude, OpExclude:
		return k.inSet(op)
	case OpAdd:
		return k.amount(op, field)
	case OpRaise, OpLower:
		if !isExtreme(op.Value) {
			return fmt.Sprintf("The field %q takes a number or a text such as a date.", pathName(op.Path))
		}
	case OpInsert, OpCut:
		return k.typing(op, field)
	case OpPlace, OpMove, OpDrop:
		return k.inList(op, field)
	}
	return ""
}

// once refuses a second word on the same register: which one counts would depend on
// nothing a person can see.
func (k *checker) once(op *Op) string {
	if len(k.c.Ops) == 1 {
		return ""
	}
	if k.written[slot(op)] {
		return fmt.Sprintf("The field %q is written twice in one change: write it once.", pathName(op.Path))
	}
	k.written[slot(op)] = true
	return ""
}

// slot names the register an operation writes: whether a field shows while it is
// empty is one beside the field, named by a byte that no key of a path begins with.
func slot(op *Op) string {
	if op.Kind == OpEnsure {
		return "\xfe" + pathKey(op.Path)
	}
	return pathKey(op.Path)
}
