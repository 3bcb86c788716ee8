package crdt

import "slices"

// Include and Exclude add a scalar to a set and remove it.
func (e *Editor) Include(path []string, value any) error {
	field, err := e.field(path, Set)
	if err != nil {
		return err
	}
	if f, ok := field.(*setField); ok && isScalar(value) && f.dots(value) != nil {
		return nil
	}
	return e.add(Op{Kind: OpInclude, Path: path, ID: e.nextID(), Value: value, Has: true})
}

func (e *Editor) Exclude(path []string, value any) error {
	field, err := e.field(path, Set)
	if err != nil {
		return err
	}
	f, ok := field.(*setField)
	if !ok || !isScalar(value) || f.dots(value) == nil {
		return nil
	}
	return e.add(Op{Kind: OpExclude, Path: path, Value: value, Has: true, Over: slices.Clone(f.dots(value))})
}

func (e *Editor) putSet(path []string, value any) error {
	wanted, err := setElements(path, value)
	if err != nil {
		return err
	}
	if f, ok := e.work.find(path).(*setField); ok {
		for _, have := range f.values() {
			if _, stays := slices.BinarySearchFunc(wanted, have, compareScalars); stays {
				continue
			}
			if err := e.Exclude(path, have); err != nil {
				return err
			}
		}
	}
	for _, v := range wanted {
		if err := e.Include(path, v); err != nil {
			return err
		}
	}
	return e.show(path, Set)
}

// setElements gives the elements of an array in the order a set shows them.
func setElements(path []string, value any) ([]any, error) {
	array, ok := value.([]any)
	for _, v := range array {
		ok = ok && isScalar(v)
	}
	if !ok {
		return nil, refuse(path, "The field %q takes a list of texts, numbers, true, false or null.", pathName(path))
	}
	sorted := slices.Clone(array)
	slices.SortFunc(sorted, compareScalars)
	unique := slices.CompactFunc(sorted, func(a, b any) bool { return compareScalars(a, b) == 0 })
	if len(unique) != len(array) {
		return nil, refuse(path, "The field %q takes each element once.", pathName(path))
	}
	return unique, nil
}
