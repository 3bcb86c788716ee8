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
	elements ordered[element] // as they show
	ensured
}

type element struct {
	v    any   // a scalar
	dots []Dot // ascending, never empty
}

func (f *setField) strategy() Strategy { return Set }

func (f *setField) value() (any, bool) {
	if f.elements.len() == 0 && f.hidden {
		return nil, false
	}
	return f.values(), true
}

// values lists the elements.
func (f *setField) values() []any {
	values := make([]any, 0, f.elements.len())
	for e := range f.elements.all() {
		values = append(values, e.v)
	}
	return values
}

func (f *setField) clone() node {
	return &setField{
		f.elements.clone(func(e *element) element { return element{e.v, slices.Clone(e.dots)} }),
		f.ensured,
	}
}

func (f *setField) apply(op *Op, by *author) {
	if op.Kind == OpEnsure {
		f.ensure(op, by)
		return
	}
	at, found := f.find(op.Value)
	made := Dot{by.stamp.Replica, op.ID}
	switch {
	case op.Kind == OpInclude && found:
		e := f.elements.at(at)
		e.dots = addDot(e.dots, made)
	case op.Kind == OpInclude:
		f.elements.insert(at, element{op.Value, []Dot{made}})
	case found:
		e := f.elements.at(at)
		if e.dots = takeDots(e.dots, ascending(op.Over)); len(e.dots) == 0 {
			f.elements.remove(at)
		}
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
func (f *setField) find(v any) (spot, bool) {
	return f.elements.find(func(e *element) int { return compareScalars(e.v, v) })
}

// dots names the additions of v that stand now. The caller must not change them.
func (f *setField) dots(v any) []Dot {
	if at, found := f.find(v); found {
		return f.elements.at(at).dots
	}
	return nil
}

func addDot(dots []Dot, d Dot) []Dot {
	i, found := slices.BinarySearchFunc(dots, d, Dot.Compare)
	if found {
		return dots
	}
	return slices.Insert(dots, i, d)
}

// takeDots takes out of dots those in over; both are ascending.
func takeDots(dots, over []Dot) []Dot {
	return slices.DeleteFunc(dots, func(d Dot) bool {
		for len(over) > 0 && over[0].Compare(d) < 0 {
			over = over[1:]
		}
		return len(over) > 0 && over[0] == d
	})
}

// merge keeps an addition that both have, or that one has and the other has not seen.
func (f *setField) merge(other node, j *join) {
	o := other.(*setField)
	var gone []any
	for e := range f.elements.all() {
		if e.dots = j.dots(e.dots, o.dots(e.v)); len(e.dots) == 0 {
			gone = append(gone, e.v)
		}
	}
	for _, v := range gone {
		at, _ := f.find(v)
		f.elements.remove(at)
	}
	for e := range o.elements.all() {
		if at, found := f.find(e.v); !found {
			if dots := j.dots(nil, e.dots); len(dots) > 0 {
				f.elements.insert(at, element{e.v, dots})
			}
		}
	}
	f.mergeEnsured(&o.ensured, j)
}

// dots joins what both sides have of the additions of one element.
func (j *join) dots(ours, theirs []Dot) []Dot {
	if slices.Equal(ours, theirs) {
		return ours
	}
	var dots []Dot
	for len(ours) > 0 || len(theirs) > 0 {
		switch c := compareFirst(ours, theirs); {
		case c < 0:
			if !j.theirs.has(ours[0]) {
				dots = append(dots, ours[0])
			}
			ours = ours[1:]
		case c > 0:
			if !j.ours.has(theirs[0]) {
				dots = append(dots, theirs[0])
			}
			theirs = theirs[1:]
		default:
			dots = append(dots, ours[0])
			ours, theirs = ours[1:], theirs[1:]
		}
	}
	return dots
}

// compareFirst compares the first of two lists, not both of which are empty; behind
// the last there is nothing.
func compareFirst(a, b []Dot) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return a[0].Compare(b[0])
}

// isScalar reports whether v can be an element of a set.
func isScalar(v any) bool {
	switch v.(type) {
	case nil, bool, float64, string:
		return true
	}
	return false
}
