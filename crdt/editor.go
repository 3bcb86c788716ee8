package crdt

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Editor makes the operations of one change: each call is turned into operations
// against the document as it is after the calls before, so positions and rows are
// always those the person sees. The document it was made from is not touched. Calls
// that cannot be done return an *OpError and add nothing.
type Editor struct {
	base *Document // as it was
	work *Document // as it is after the calls so far
	plan *Plan
	by   author
	ops  []Op           // those that were withdrawn have no kind
	last map[string]int // by what they write, see slot: the operations that the next one replaces
	doom Kind           // OpDelete, OpRestore or neither
}

// Edit starts a change of replica r to d. A document that does not exist yet gets a
// create operation first.
func (d *Document) Edit(r Replica, plan *Plan) *Editor {
	e := &Editor{
		base: d.Clone(),
		work: d.Clone(),
		plan: plan,
		last: map[string]int{},
		by: author{
			// Nobody's stamp is known yet; the person sees what they write.
			stamp: Stamp{math.MaxUint64, r},
			n:     d.seen[r].n + 1,
			first: d.seen[r].seq,
		},
	}
	if !d.exists {
		e.ops = append(e.ops, Op{Kind: OpCreate})
		e.work.exists = true
	}
	return e
}

// Value is the value after the calls so far.
func (e *Editor) Value() map[string]any { return e.work.Value() }

// fork gives an editor that can go on alone: what a call of several operations works
// on until all of them went well.
func (e *Editor) fork() *Editor {
	f := *e
	f.work = e.work.Clone()
	f.ops = slices.Clone(e.ops)
	f.last = maps.Clone(e.last)
	return &f
}

// attempt runs a call so that it does all or nothing.
func (e *Editor) attempt(call func(*Editor) error) error {
	f := e.fork()
	err := call(f)
	if err == nil {
		*e = *f
	}
	return err
}

// refuse is the error of a call that cannot be done.
func refuse(path []string, format string, args ...any) error {
	return &OpError{Index: -1, Path: path, Message: fmt.Sprintf(format, args...)}
}

// run checks one operation and applies it to the working document.
func (e *Editor) run(op Op) error {
	c := &Change{
		Replica: e.by.stamp.Replica, N: e.by.n, Prev: e.by.n - 1, Stamp: e.by.stamp.Time,
		Ops: []Op{op},
	}
	if err := e.work.Check(c); err != nil {
		return err
	}
	e.work.perform(&op, &e.by)
	return nil
}

// add runs an operation and appends it to the change.
func (e *Editor) add(op Op) error {
	err := e.run(op)
	if err == nil {
		e.ops = append(e.ops, op)
	}
	return err
}

// write is add for an operation of which only the last counts: an earlier one on the
// same field makes way.
func (e *Editor) write(op Op) error {
	if err := e.run(op); err != nil {
		return err
	}
	key := slot(&op)
	if i, again := e.last[key]; again {
		e.ops[i] = op
		return nil
	}
	e.last[key] = len(e.ops)
	e.ops = append(e.ops, op)
	return nil
}

func (e *Editor) nextID() uint64 { return e.work.NextID(e.by.stamp.Replica) }

// planAt is the plan of the field at path; nil when the editor has no plan.
func (e *Editor) planAt(path []string) *Plan {
	p := e.plan
	if p == nil {
		return nil
	}
	for _, segment := range path {
		if isElement(segment) && p.Strategy == List {
			p = p.row()
		} else {
			p = p.Field(segment)
		}
	}
	return p
}

// row is the plan of a list's rows.
func (p *Plan) row() *Plan {
	if p == nil || p.Row == nil {
		return registerPlan
	}
	return p.Row
}

// merges is the strategy whose operations the field takes.
func (p *Plan) merges() Strategy {
	if p.Strategy == Serial {
		return Register
	}
	return p.Strategy
}

// field finds the field at path, nil if it is not there yet, and checks that it is
// what the call is for and that the rows on the way are there to be seen.
func (e *Editor) field(path []string, want Strategy) (node, error) {
	if plan := e.planAt(path); plan != nil && plan.merges() != want {
		return nil, refuse(path, "The field %q is a %s, so it cannot be changed as a %s.", pathName(path), plan.Strategy, want)
	}
	if err := e.visible(path); err != nil {
		return nil, err
	}
	field := e.work.find(path)
	if field != nil && field.strategy() != want {
		return nil, refuse(path, "The field %q is a %s, so it cannot be changed as a %s.", pathName(path), field.strategy(), want)
	}
	return field, nil
}

// visible checks that every row on the path is one the person sees.
func (e *Editor) visible(path []string) error {
	for i, segment := range path {
		list, ok := e.work.find(path[:i]).(*listField)
		id, isRow := parseDot(segment)
		switch {
		case !ok && !isRow:
			continue
		case !ok, list.rows[id] == nil, !list.rows[id].alive():
			return refuse(path, "The list %q has no row %s: it may have been removed.", pathName(path[:i]), segment)
		}
	}
	return nil
}

// Delete deletes what the document is now; Restore takes it out of the trash.
func (e *Editor) Delete() {
	e.doom = OpDelete
	if e.base.Deleted() {
		e.doom = ""
	}
}

func (e *Editor) Restore() {
	e.doom = OpRestore
	if !e.base.Deleted() {
		e.doom = ""
	}
}

// Ops gives what the calls so far amount to: at most one operation per register, no
// operation that changes nothing. Empty when nothing differs. The caller owns it.
func (e *Editor) Ops() []Op {
	ops := make([]Op, 0, len(e.ops))
	for i := range e.ops {
		if e.ops[i].Kind != "" && !e.idle(&e.ops[i]) {
			ops = append(ops, e.ops[i])
		}
	}
	switch e.doom {
	case OpDelete:
		ops = append(ops, Op{Kind: OpDelete, Saw: e.base.Seen()})
	case OpRestore:
		ops = append(ops, Op{Kind: OpRestore})
	}
	return ops
}

// idle reports whether an operation leaves its field as the document had it.
func (e *Editor) idle(op *Op) bool {
	switch f := e.base.find(op.Path).(type) {
	case *registerField:
		return f.set == (op.Kind == OpSet) && EqualValues(f.v, op.Value)
	case interface{ word() *ensured }:
		return op.Kind == OpEnsure && f.word().hidden == (op.Value == false) ||
			op.Kind == OpAdd && op.Value == 0.0
	}
	return false
}

// Diff gives the operations with which replica r makes d's value equal to value: it
// is Edit and PutAll.
func (d *Document) Diff(r Replica, value map[string]any, plan *Plan) ([]Op, error) {
	e := d.Edit(r, plan)
	if err := e.PutAll(value); err != nil {
		return nil, err
	}
	return e.Ops(), nil
}
