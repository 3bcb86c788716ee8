package schema

import (
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// spot is the place in a type that a path of a record leads to.
type spot struct {
	path     []string
	plan     *crdt.Plan
	shape    *shape
	children // the schemas of its value
	required bool
}

// elements are the schemas of the elements of a set.
func (p *spot) elements() children {
	return p.shape.row()
}

// find goes along a path of a record: keys, and anything for a row. The problem says
// where the type has no such place.
func (s *Schema) find(path []string) (*spot, *Problem) {
	at := &spot{plan: s.top.plan, shape: s.top.shape, children: children{must: []*node{s.root}}}
	for i := range path {
		next, problem := s.findBelow(at, path[:i+1])
		if problem != nil {
			return nil, problem
		}
		at = next
	}
	return at, nil
}

// findBelow takes the last step of a path, from the spot before it.
func (s *Schema) findBelow(at *spot, path []string) (*spot, *Problem) {
	key := path[len(path)-1]
	next := &spot{path: path}
	switch at.plan.Strategy {
	case crdt.Map:
		if problem := s.keyProblem(at, path, key); problem != nil {
			return nil, problem
		}
		next.children, next.plan = at.shape.child(key), at.plan.Field(key)
		next.required = at.shape.required(key)
	case crdt.List:
		next.children = at.shape.row()
		if next.plan = at.plan.Row; next.plan == nil {
			next.plan = &crdt.Plan{Strategy: crdt.Register}
		}
	default:
		label, field := s.label(at.path)
		return nil, &Problem{Path: pointer(path), Field: field, Rule: "x-merge", Message: label + " changes as a whole, not in parts."}
	}
	next.shape = shapeOf(next.must, next.either)
	return next, nil
}

// keyProblem says why an object can have no such key, nil when it can.
func (s *Schema) keyProblem(at *spot, path []string, key string) *Problem {
	label, _ := s.label(at.path)
	problem := &Problem{Path: pointer(path), Field: key, Rule: "additionalProperties"}
	if problem.Message = keyMistake(key); problem.Message != "" {
		return problem
	}
	c := at.shape.child(key)
	if c.closed {
		problem.Message = fmt.Sprintf("%s has no field %q.", label, key)
		return problem
	}
	for _, n := range c.names {
		if found := s.check(n, path, key); len(found) > 0 {
			problem.Rule, problem.Message = "propertyNames", fmt.Sprintf("%q can be no key of %s: %s", key, label, found[0].Message)
			return problem
		}
	}
	return nil
}
