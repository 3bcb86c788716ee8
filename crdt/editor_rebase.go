package crdt

// Rebase does to a top-level field what turned before into after, where the operations
// that did so are not to be had: a program that keeps plain values says what it began
// with and what it made of it. before and after are whole values of which only this field
// is looked at; the field absent in either says that it was, or is to be, absent.
//
// Where the document still has what was begun with, that is Put or Remove. Else somebody
// else was here meanwhile, and the field's strategy decides, as if both had edited a copy of
// before: amounts add up, both texts stay, and where only one value can stay it is the one
// in after. Both values of a conflict field stay until somebody picks. Where the document
// has what is wanted already nothing is done, so that doing it twice does no harm; only
// amounts, which two may well have added alike, add up always.
func (e *Editor) Rebase(field string, before, after map[string]any) error {
	for _, value := range []map[string]any{before, after} {
		if message := checkPlain(value, maxDepth); message != "" {
			return refuse([]string{field}, "%s", message)
		}
	}
	now := e.Value()
	if sameField(before, after, field) {
		return nil
	}
	return e.attempt(func(f *Editor) error { return f.rebase([]string{field}, before, after, now) })
}

// rebase may leave half of it done when it fails.
func (e *Editor) rebase(path []string, before, after, now map[string]any) error {
	first := len(e.ops)
	value, there := mergeField(path[0], before, after, now, e.plan)
	var err error
	if there {
		err = e.put(path, e.planFor(path), value)
	} else {
		err = e.remove(path)
	}
	if err != nil || sameField(before, now, path[0]) {
		return err
	}
	for i := first; i < len(e.ops); i++ {
		if e.ops[i].Kind == OpAssign {
			e.ops[i].Over = nil // whoever wants this has not seen what the others chose
		}
	}
	return nil
}

// mergeField gives what a field is when two who began with before have made of it after
// and now. after counts as the newer one.
func mergeField(field string, before, after, now map[string]any, plan *Plan) (value any, there bool) {
	if sameField(before, now, field) || sameField(after, now, field) && !plan.Field(field).adds() {
		value, there = after[field]
		return value, there
	}
	both, err := mergeCopies(field, before, after, now, plan)
	if err != nil {
		value, there = after[field] // what does not fit is for Put to say; what was typed is never lost
		return value, there
	}
	value, there = both.Value()[field]
	return value, there
}

// adds reports whether there is a counter in the field.
func (p *Plan) adds() bool {
	for _, field := range p.Fields {
		if field.adds() {
			return true
		}
	}
	return p.Strategy == Counter
}

// mergeCopies makes a document that has the field as in before, and gives it two changes
// that know nothing of each other: one to now and a newer one to after.
func mergeCopies(field string, before, after, now map[string]any, plan *Plan) (*Document, error) {
	d := NewDocument()
	if err := d.become(1, field, before, plan); err != nil {
		return nil, err
	}
	begun := d.Clone()
	if err := d.become(2, field, now, plan); err != nil {
		return nil, err
	}
	ops, err := begun.toward(3, field, after, plan)
	if err == nil {
		err = d.grow(3, ops)
	}
	return d, err
}

// become makes a field what it is in value, as a replica of its own.
func (d *Document) become(replica Replica, field string, value map[string]any, plan *Plan) error {
	ops, err := d.toward(replica, field, value, plan)
	if err != nil {
		return err
	}
	return d.grow(replica, ops)
}

// toward gives the operations that make a field what it is in value.
func (d *Document) toward(replica Replica, field string, value map[string]any, plan *Plan) ([]Op, error) {
	editor := d.Edit(replica, plan)
	var err error
	if v, there := value[field]; there {
		err = editor.Put([]string{field}, v)
	} else {
		err = editor.Remove([]string{field})
	}
	return editor.Ops(), err
}

// grow applies what a replica did; stamps are in the order of the replicas.
func (d *Document) grow(replica Replica, ops []Op) error {
	_, err := d.Apply(&Change{Replica: replica, N: 1, Stamp: NewTime(int64(replica), 0), Ops: ops})
	return err
}

// sameField reports whether a field is the same in both values.
func sameField(a, b map[string]any, field string) bool {
	x, inA := a[field]
	y, inB := b[field]
	return inA == inB && (!inA || EqualValues(x, y))
}
