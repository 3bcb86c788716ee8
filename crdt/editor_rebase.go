package crdt

// Rebase does to a top-level field what turned before into after, where the operations
// that did so are not to be had: a program that keeps plain values says what it began
// with and what it made of it. before and after are whole values of which only this field
// is looked at; the field absent in either says that it was, or is to be, absent.
//
// Where the document still has what was begun with, or has what is wanted, that is Put or
// Remove. Else somebody else was here meanwhile, and the field's strategy decides, as if
// both had edited a copy of before: amounts add up, both texts stay, and where only one
// value can stay it is the one in after. Both values of a conflict field stay until
// somebody picks.
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
	if sameField(before, now, field) || sameField(after, now, field) {
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

// mergeCopies makes two copies of a document that has the field as in before, edits one
// to after and the other to now, and merges them.
func mergeCopies(field string, before, after, now map[string]any, plan *Plan) (*Document, error) {
	begun := NewDocument()
	if err := begun.write(1, field, before, plan); err != nil {
		return nil, err
	}
	here, elsewhere := begun.Clone(), begun
	if err := elsewhere.write(2, field, now, plan); err != nil {
		return nil, err
	}
	if err := here.write(3, field, after, plan); err != nil {
		return nil, err
	}
	return Merge(elsewhere, here)
}

// write makes a field what it is in value, as a replica of its own whose stamps are in
// the order of their numbers.
func (d *Document) write(replica Replica, field string, value map[string]any, plan *Plan) error {
	editor := d.Edit(replica, plan)
	var err error
	if v, there := value[field]; there {
		err = editor.Put([]string{field}, v)
	} else {
		err = editor.Remove([]string{field})
	}
	if err != nil || len(editor.Ops()) == 0 {
		return err
	}
	_, err = d.Apply(&Change{Replica: replica, N: 1, Stamp: NewTime(int64(replica), 0), Ops: editor.Ops()})
	return err
}

// sameField reports whether a field is the same in both values.
func sameField(a, b map[string]any, field string) bool {
	x, inA := a[field]
	y, inB := b[field]
	return inA == inB && (!inA || EqualValues(x, y))
}
