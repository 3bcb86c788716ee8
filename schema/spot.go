package schema

import (
	"github.com/fieldstack/fieldstack/crdt"
)

// spot is the place in a type that a path of a record leads to.
type spot struct {
	path     []string
	plan     *crdt.Plan
	shape    *shape
	children // the schemas of its value
	required bool

	// The places below that every record has, worked out once when the type is read:
	// fields by key, and the row of a list.
	fields map[string]*spot
	row    *spot
}

// below is the place one step on, if it was worked out before.
func (p *spot) below(key string) *spot {
	if p.plan.Strategy == crdt.List {
		return p.row
	}
	return p.fields[key]
}

// findFields works out the places below a spot, so that find need not.
func (s *Schema) findFields(at *spot) {
	path := at.path[:len(at.path):len(at.path)]
	switch at.plan.Strategy {
	case crdt.Map:
		at.fields = make(map[string]*spot, len(at.plan.Fields))
		for key := range at.plan.Fields {
			if next, problem := s.findBelow(at, append(path, key)); problem == nil {
				s.findFields(next)
				at.fields[key] = next
			}
		}
	case crdt.List:
		if next, problem := s.findBelow(at, append(path, "*")); problem == nil {
			s.findFields(next)
			at.row = next
		}
	}
}

// start is the spot of the whole record.
func (s *Schema) start() *spot {
	return &spot{plan: s.top.plan, shape: s.top.shape, children: children{must: []*node{s.root}}}
}

// elements are the schemas of the elements of a set.
func (p *spot) elements() children {
	return p.shape.row()
}

// find goes along a path of a record: keys, and anything for a row. The problem says
// where the type has no such place.
func (s *Schema) find(path []string) (*spot, *Problem) {
	at := s.whole
	for i := range path {
		if known := at.below(path[i]); known != nil {
			at = known
			continue
		}
		from := *at
		from.path = path[:i]
		next, problem := s.findBelow(&from, path[:i+1])
		if problem != nil {
			return nil, problem
		}
		at = next
	}
	found := *at
	found.path = path
	return &found, nil
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
		return nil, &Problem{Path: pointer(path), Field: field, Rule: "x-merge", Message: Says("%s changes as a whole, not in parts.", label)}
	}
	next.shape = shapeOf(next.must, next.either)
	return next, nil
}

// keyProblem says why an object can have no such key, nil when it can.
func (s *Schema) keyProblem(at *spot, path []string, key string) *Problem {
	label, _ := s.label(at.path)
	problem := &Problem{Path: pointer(path), Field: key, Rule: "additionalProperties"}
	if problem.Message = keyMistake(key); !problem.Message.IsEmpty() {
		return problem
	}
	c := at.shape.child(key)
	if c.closed {
		problem.Message = Says("%s has no field %s.", label, crdt.Canonical(key))
		return problem
	}
	for _, n := range c.names {
		if found := s.check(n, path, key); len(found) > 0 {
			problem.Rule, problem.Message = "propertyNames", Says("%s can be no key of %s: %s", crdt.Canonical(key), label, found[0].Message)
			return problem
		}
	}
	return nil
}
