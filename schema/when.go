package schema

import (
	"errors"
	"slices"
	"strings"
)

// "x-when" says when a form shows a field: a condition on the record, or, for a field
// inside a row or an entry, on the nearest row or entry around it. It hides, it asserts
// nothing: a field that is not shown keeps what it holds, and who wants it empty or
// required says so with "if" and "then".

// checkWhens checks that each x-when is a condition that fits what it will look at.
func (s *Schema) checkWhens() error {
	var errs []error
	var walk func(f *field)
	walk = func(f *field) {
		for _, sub := range f.below() {
			if err := s.checkWhen(sub); err != nil && len(errs) < maxErrors {
				errs = append(errs, err)
			}
			walk(sub)
		}
	}
	walk(s.top)
	return inOne(errs)
}

func (s *Schema) checkWhen(f *field) error {
	at := slices.IndexFunc(f.shape.must, func(n *node) bool { return n.has("x-when") })
	if at < 0 {
		return nil
	}
	n := f.shape.must[at]
	c, err := ConditionFromValue(n.words["x-when"])
	if err != nil {
		return err // never: the reader has read it
	}
	around := f.Path[:len(f.Path)-1]
	for len(around) > 0 && around[len(around)-1] != "*" {
		around = around[:len(around)-1]
	}
	find := func(path []string) (Field, bool) { return s.Field(slices.Concat(around, path)) }
	var fault *ConditionError
	if errors.As(c.check(find, nil, ""), &fault) {
		return &SchemaError{
			Path:    n.at + "/x-when" + fault.Path,
			Message: Says(`The "x-when" of the field %q does not fit: %s`, strings.Join(f.Path, "."), fault.Message),
		}
	}
	return nil
}
