package crdt

import "strings"

// extremeField holds the largest value it was ever given, or the smallest: the
// reading of a meter. It needs no stamps, the value alone decides.
type extremeField struct {
	v   any // nil until the first operation; then a number or a string
	max bool
}

func (f *extremeField) strategy() Strategy {
	if f.max {
		return Max
	}
	return Min
}

func (f *extremeField) value() (any, bool) { return f.v, f.v != nil }

func (f *extremeField) clone() node {
	c := *f
	return &c
}

func (f *extremeField) apply(op *Op, _ *author) { f.take(op.Value) }

func (f *extremeField) merge(other node, _ *join) { f.take(other.(*extremeField).v) }

func (f *extremeField) take(v any) {
	if f.v == nil || f.beats(v) {
		f.v = v
	}
}

// beats reports whether v is further out than what the field holds.
func (f *extremeField) beats(v any) bool {
	c := compareExtremes(v, f.v)
	return f.max && c > 0 || !f.max && c < 0
}

// isExtreme reports whether v can be raised or lowered at all.
func isExtreme(v any) bool {
	switch v.(type) {
	case float64, string:
		return true
	}
	return false
}

// compareExtremes orders numbers by size and strings (dates, which are written so
// that this is their order) by their bytes; numbers come before strings.
func compareExtremes(a, b any) int {
	x, xNumber := a.(float64)
	y, yNumber := b.(float64)
	switch {
	case xNumber && yNumber && x < y, xNumber && !yNumber:
		return -1
	case xNumber && yNumber && x > y, !xNumber && yNumber:
		return 1
	case xNumber:
		return 0
	}
	return strings.Compare(a.(string), b.(string))
}
