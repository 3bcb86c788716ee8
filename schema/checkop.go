package schema

import (
	"math"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// fits says which strategies a kind of operation is for.
var fits = map[crdt.Kind][]crdt.Strategy{
	crdt.OpSet:     {crdt.Register, crdt.Serial},
	crdt.OpUnset:   {crdt.Register, crdt.Serial},
	crdt.OpAssign:  {crdt.Conflict},
	crdt.OpAdd:     {crdt.Counter},
	crdt.OpRaise:   {crdt.Max},
	crdt.OpLower:   {crdt.Min},
	crdt.OpInclude: {crdt.Set},
	crdt.OpExclude: {crdt.Set},
	crdt.OpInsert:  {crdt.Text},
	crdt.OpCut:     {crdt.Text},
	crdt.OpPlace:   {crdt.List},
	crdt.OpMove:    {crdt.List},
	crdt.OpDrop:    {crdt.List},
	crdt.OpEnsure:  {crdt.Map, crdt.List, crdt.Set, crdt.Text, crdt.Counter},
}

// CheckOp says whether an operation is one that the plan has for its field, with a
// value valid for it; whether required fields stay. The kinds that carry no value
// for the schema (moves, cuts) are only checked against the strategy. Nil means yes.
//
// A field with x-serial is the server's to write, so for everybody else every
// operation on it is a problem; the server does not ask.
func (s *Schema) CheckOp(op *crdt.Op) []Problem {
	if op.Kind == crdt.OpCreate || op.Kind == crdt.OpDelete || op.Kind == crdt.OpRestore {
		return nil
	}
	if len(op.Path) == 0 {
		return []Problem{s.opProblem(op, "x-merge", Says("%s can not be written as a whole; name a field.", s.nameOf(op)))}
	}
	at, problem := s.find(op.Path)
	if problem != nil {
		return []Problem{*problem}
	}
	if message := s.misfitOp(op, at.plan.Strategy); !message.IsEmpty() {
		return []Problem{s.opProblem(op, "x-merge", message)}
	}
	if at.required && removes(op) {
		return []Problem{s.opProblem(op, "required", Says("%s is required.", s.nameOf(op)))}
	}
	return s.checkOpValue(op, at)
}

// nameOf names the field of an operation.
func (s *Schema) nameOf(op *crdt.Op) Sentence {
	label, _ := s.label(op.Path)
	return label
}

func (s *Schema) opProblem(op *crdt.Op, rule string, message Sentence) Problem {
	t := &teller{schema: s, path: op.Path}
	return t.problem(nil, rule, message)
}

// misfitOp says why an operation is not one for the strategy; nothing if it is.
func (s *Schema) misfitOp(op *crdt.Op, strategy crdt.Strategy) Sentence {
	if strategy == crdt.Serial {
		return Says("%s is numbered by the server, so nobody else can change it.", s.nameOf(op))
	}
	if !slices.Contains(fits[op.Kind], strategy) || op.Kind == crdt.OpEnsure && op.As != strategy {
		return Says("%s merges as %q, which has no operation %q.", s.nameOf(op), strategy, op.Kind)
	}
	return Sentence{}
}

// removes reports whether an operation takes a field out of its record.
func removes(op *crdt.Op) bool {
	switch op.Kind {
	case crdt.OpUnset:
		return true
	case crdt.OpAssign:
		return !op.Has
	case crdt.OpEnsure:
		return op.Value == false
	}
	return false
}

// checkOpValue checks what an operation writes.
func (s *Schema) checkOpValue(op *crdt.Op, at *spot) []Problem {
	switch op.Kind {
	case crdt.OpSet, crdt.OpRaise, crdt.OpLower:
		return s.checkAll(op.Path, op.Value, at.children)
	case crdt.OpAssign:
		if op.Has {
			return s.checkAll(op.Path, op.Value, at.children)
		}
	case crdt.OpInclude:
		return s.checkAll(op.Path, op.Value, at.elements())
	case crdt.OpAdd:
		return s.checkAmount(op, at)
	}
	return nil
}

// checkAmount checks what is added to a counter: the sum may leave the bounds that
// the schema gives, because others add too, but whole numbers stay whole.
func (s *Schema) checkAmount(op *crdt.Op, at *spot) []Problem {
	amount, ok := op.Value.(float64)
	switch {
	case !ok:
		return []Problem{s.opProblem(op, "type", Says("%s takes a number to add.", s.nameOf(op)))}
	case at.shape.is("integer") && amount != math.Trunc(amount):
		return []Problem{s.opProblem(op, "type", Says("%s takes a whole number to add.", s.nameOf(op)))}
	}
	return nil
}
