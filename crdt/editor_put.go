package crdt

import "slices"

// Put makes the field at path equal value by the field's strategy: a register is
// set, a text is compared and only what differs is spliced, a set gains and loses
// elements, rows of a list are matched (equal rows first, then by place) so that
// unchanged rows keep their identity and moved rows move, a map is put field by
// field (keys that are not in value are removed), a counter gains the difference. A
// max can only be raised, a min only lowered: the other way is an error that says so.
func (e *Editor) Put(path []string, value any) error {
	if len(path) == 0 {
		object, ok := value.(map[string]any)
		if !ok {
			return refuse(path, "A record is an object with fields.")
		}
		return e.PutAll(object)
	}
	if message := checkPlain(value, maxDepth); message != "" {
		return refuse(path, "%s", message)
	}
	return e.attempt(func(f *Editor) error { return f.put(path, f.planFor(path), value) })
}

// PutAll is Put of the whole value; Remove makes the field at path absent.
func (e *Editor) PutAll(value map[string]any) error {
	if message := checkPlain(value, maxDepth); message != "" {
		return refuse(nil, "%s", message)
	}
	return e.attempt(func(f *Editor) error { return f.putFields(nil, f.planFor(nil), value) })
}

func (e *Editor) Remove(path []string) error {
	if len(path) == 0 {
		return refuse(path, "A record is removed as a whole by deleting it.")
	}
	return e.attempt(func(f *Editor) error { return f.remove(path) })
}

// planFor is planAt with a plan for those who have none: everything is a register
// that was not written as something else before.
func (e *Editor) planFor(path []string) *Plan {
	if plan := e.planAt(path); plan != nil {
		return plan
	}
	if field := e.work.find(path); field != nil {
		return &Plan{Strategy: field.strategy()}
	}
	return registerPlan
}

// put makes one field equal value. It may leave half of it done when it fails.
func (e *Editor) put(path []string, plan *Plan, value any) error {
	want := plan.merges()
	field, err := e.field(path, want)
	if err != nil {
		return err
	}
	if field != nil {
		if v, shown := field.value(); shown && want != List && EqualValues(v, value) {
			return nil
		}
	}
	switch want {
	case Register:
		return e.write(Op{Kind: OpSet, Path: path, Value: value, Has: true})
	case Conflict:
		return e.assign(path, Op{Value: value, Has: true})
	case Counter:
		return e.putCounter(path, value)
	case Max, Min:
		return e.putExtreme(path, want, value)
	case Text:
		return e.putText(path, value)
	case Set:
		return e.putSet(path, value)
	case List:
		return e.putList(path, plan.row(), value)
	case Map:
		return e.putMap(path, plan, value)
	}
	return refuse(path, "The plan has no strategy for the field %q.", pathName(path))
}

// show makes a field that is empty and hidden, or not there at all, show.
func (e *Editor) show(path []string, as Strategy) error {
	if field := e.work.find(path); field != nil {
		if _, shown := field.value(); shown {
			return nil
		}
	}
	return e.write(Op{Kind: OpEnsure, Path: path, Value: true, Has: true, As: as})
}

// hide makes a field that was emptied absent.
func (e *Editor) hide(path []string, as Strategy) error {
	if _, shown := e.work.find(path).value(); !shown {
		return nil
	}
	return e.write(Op{Kind: OpEnsure, Path: path, Value: false, Has: true, As: as})
}

// under is the path of a field below path; it shares no memory that is written to.
func under(path []string, segment string) []string {
	return append(slices.Clip(path), segment)
}

func (e *Editor) putMap(path []string, plan *Plan, value any) error {
	object, ok := value.(map[string]any)
	if !ok {
		return refuse(path, "The field %q takes an object with fields.", pathName(path))
	}
	if err := e.putFields(path, plan, object); err != nil {
		return err
	}
	return e.show(path, Map)
}

// putFields makes the fields of a map, or of the whole document, those of object.
func (e *Editor) putFields(path []string, plan *Plan, object map[string]any) error {
	if f, ok := e.work.find(path).(*mapField); ok {
		for _, key := range f.keys() {
			if _, stays := object[key]; stays {
				continue
			}
			if err := e.remove(under(path, key)); err != nil {
				return err
			}
		}
	}
	for _, key := range sortedKeys(object) {
		if err := e.put(under(path, key), e.fieldPlan(plan, path, key), object[key]); err != nil {
			return err
		}
	}
	return nil
}

// fieldPlan is the plan of a field of a map; what was written before says it where
// the editor has no plan.
func (e *Editor) fieldPlan(plan *Plan, path []string, key string) *Plan {
	if e.plan == nil {
		return e.planFor(under(path, key))
	}
	return plan.Field(key)
}

// remove makes a field absent.
func (e *Editor) remove(path []string) error {
	if err := e.visible(path); err != nil {
		return err
	}
	if row, list, ok := e.rowAt(path); ok {
		return e.dropRow(list, row)
	}
	field := e.work.find(path)
	if field == nil {
		return nil
	}
	if _, shown := field.value(); !shown {
		return nil
	}
	switch f := field.(type) {
	case *registerField:
		return e.write(Op{Kind: OpUnset, Path: path})
	case *conflictField:
		return e.assign(path, Op{})
	case *extremeField:
		return refuse(path, "The field %q keeps its %s and cannot be emptied.", pathName(path), f.strategy())
	}
	if err := e.empty(path, field); err != nil {
		return err
	}
	return e.hide(path, field.strategy())
}

// empty takes everything out of a field that can be empty.
func (e *Editor) empty(path []string, field node) error {
	switch f := field.(type) {
	case *counterField:
		return e.putCounter(path, 0.0)
	case *setField:
		return e.putSet(path, []any{})
	case *textField:
		return e.putText(path, "")
	case *listField:
		return e.putList(path, registerPlan, []any{})
	case *mapField:
		return e.putFields(path, registerPlan, nil)
	default:
		return refuse(path, "The field %q is a %s and cannot be emptied.", pathName(path), f.strategy())
	}
}

func (e *Editor) putExtreme(path []string, s Strategy, value any) error {
	if !isExtreme(value) {
		return refuse(path, "The field %q takes a number or a text such as a date.", pathName(path))
	}
	op := Op{Kind: OpRaise, Path: path, Value: value, Has: true}
	direction := "raised"
	if s == Min {
		op.Kind, direction = OpLower, "lowered"
	}
	if f, ok := e.work.find(path).(*extremeField); ok && f.v != nil && !f.beats(value) {
		return refuse(path, "The field %q keeps its %s: it can only be %s.", pathName(path), s, direction)
	}
	return e.write(op)
}
