package crdt

// assign settles a conflict field: it replaces all values the person sees.
func (e *Editor) assign(path []string, op Op) error {
	op.Kind, op.Path, op.ID = OpAssign, path, e.nextID()
	if f, ok := e.work.find(path).(*conflictField); ok {
		op.Over = f.dots()
	}
	if err := e.run(op); err != nil {
		return err
	}
	if i, again := e.last[slot(&op)]; again {
		// The value that this one replaces is the editor's own and was never told to
		// anybody, so this operation replaces what that one did. It comes last, as
		// elements are numbered in the order of the operations.
		op.Over = e.ops[i].Over
		e.ops[i] = Op{}
	}
	e.last[slot(&op)] = len(e.ops)
	e.ops = append(e.ops, op)
	return nil
}

// Pick settles a conflict field: value replaces every value its author saw. (Put on
// a conflict field does the same.)
func (e *Editor) Pick(path []string, value any) error {
	field, err := e.field(path, Conflict)
	if err != nil {
		return err
	}
	if f, ok := field.(*conflictField); ok && f.candidates.len() == 1 {
		if v, shown := f.value(); shown && EqualValues(v, value) {
			return nil
		}
	}
	return e.assign(path, Op{Value: value, Has: true})
}
