package crdt

import (
	"fmt"
	"slices"
)

// setField is an observed-remove set: every addition has a dot, a removal names the
// dots its author saw, and an element is in while one of its dots is. What was seen
// says which dots were removed, so nothing is kept for those. (Bieniusa et al., "An
// optimized conflict-free replicated set", arXiv:1210.3368.)
type setField struct {
	elements []element // in the order they show
	ensured
}

type element struct {
	v    any   // a scalar
	dots []Dot // ascending, never empty
}

func (f *setField) strategy() Strategy { return Set }

func (f *setField) value() (any, bool) {
	if len(f.elements) == 0 && f.hidden {
		return nil, false
	}
	values := make([]any, len(f.elements))
	for i, e := range f.elements {
		values[i] = e.v
	}
	return values, true
}

func (f *setField) clone() node {
	c := &setField{slices.Clone(f.elements), f.ensured}
	for i := range c.elements {
		c.elements[i].dots = slices.Clone(c.elements[i].dots)
	}
	return c
}

func (f *setField) apply(op *Op, by *author) {
	i, found := f.find(op.Value)
	switch {
	case op.Kind == OpEnsure:
		f.ensure(op, by)
	case op.Kind == OpInclude && found:
		f.put(i, addDot(f.elements[i].dots, Dot{by.stamp.Replica, op.ID}))
	case op.Kind == OpInclude:
		dots := []Dot{{by.stamp.Replica, op.ID}}
		f.elements = slices.Insert(f.elements, i, element{op.Value, dots})
	case found:
		f.put(i, slices.DeleteFunc(f.elements[i].dots, func(d Dot) bool {
			return slices.Contains(op.Over, d)
		}))
	}
}

// inSet checks the operations of a set.
func (k *checker) inSet(op *Op) string {
	if !isScalar(op.Value) {
		return fmt.Sprintf("The field %q takes text, numbers, true, false and null, no lists or objects.", pathName(op.Path))
	}
	return k.over(op)
}

// find gives the place of v among the elements and whether it is there.
func (f *setField) find(v any) (int, bool) {
	return slices.BinarySearchFunc(f.elements, v, func(e element, v any) int {
		return compareScalars(e.v, v)
	})
}

// dots names the additions of v that stand now. The caller must not change them.
func (f *setField) dots(v any) []Dot {
	if i, found := f.find(v); found {
		return f.elements[i].dots
	}
	return nil
}

// put gives the element at i these dots; none means it goes.
func (f *setField) put(i int, dots []Dot) {
	if len(dots) == 0 {
		f.elements = slices.Delete(f.elements, i, i+1)
		return
	}
	f.elements[i].dots = dots
}

func addDot(dots []Dot, d Dot) []Dot {
	i, found := slices.BinarySearchFunc(dots, d, Dot.Compare)
	if found {
		return dots
	}
	return slices.Insert(dots, i, d)
}

// merge keeps an addition that both have, or that one has and the other has not seen.
func (f *setField) merge(other node, j *join) {
	o := other.(*setField)
	for i := len(f.elements) - 1; i >= 0; i-- {
		theirs := o.dots(f.elements[i].v)
		f.put(i, slices.DeleteFunc(f.elements[i].dots, func(d Dot) bool {
			return j.theirs.has(d) && !slices.Contains(theirs, d)
		}))
	}
	for _, e := range o.elements {
		for _, d := range e.dots {
			if j.ours.has(d) {
				continue
			}
			if i, found := f.find(e.v); found {
				f.put(i, addDot(f.elements[i].dots, d))
			} else {
				f.elements = slices.Insert(f.elements, i, element{e.v, []Dot{d}})
			}
		}
	}
	f.mergeEnsured(&o.ensured, j)
}

// isScalar reports whether v can be an element of a set.
func isScalar(v any) bool {
	switch v.(type) {
	case nil, bool, float64, string:
		return true
	}
	return false
}
