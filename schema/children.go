package schema

import "slices"

// children are the schemas of one key of an object, or of the rows of an array.
type children struct {
	must   []*node // it must meet all of these
	either []*node // of branches: it may have to meet one of these
	bound  bool    // it must meet one of either, because every branch has one
	names  []*node // propertyNames: its key must meet all of these
	closed bool    // there may be no such key
	known  bool    // the key is among properties, not only allowed
}

// child finds the schemas for a key.
func (s *shape) child(key string) children {
	var c children
	for _, n := range s.must {
		c.addFrom(n, key)
	}
	spoken := len(c.must) > 0 || c.known
	for _, n := range s.may {
		if sub := n.named["properties"][key]; sub != nil {
			c.either = append(c.either, sub)
			c.known = true
		}
		spoken = spoken || n.speaksOf(key)
	}
	c.bound = s.bound(func(n *node) bool { return n.named["properties"][key] != nil })
	for _, n := range s.must {
		if rest := n.one["unevaluatedProperties"]; rest != nil && !spoken {
			c.add(rest)
		}
	}
	return c
}

// speaksOf reports whether a schema evaluates a key, in the sense of unevaluated….
func (n *node) speaksOf(key string) bool {
	return n.named["properties"][key] != nil || n.has("additionalProperties") || n.has("unevaluatedProperties") ||
		slices.ContainsFunc(n.patterns, func(p keyPattern) bool { return p.ecma.exp.MatchString(key) })
}

// addFrom adds what one schema says about a key.
func (c *children) addFrom(n *node, key string) {
	matched := false
	if sub := n.named["properties"][key]; sub != nil {
		c.add(sub)
		matched, c.known = true, true
	}
	for _, p := range n.patterns {
		if p.ecma.exp.MatchString(key) {
			c.add(p.node)
			matched = true
		}
	}
	if rest := n.one["additionalProperties"]; rest != nil && !matched {
		c.add(rest)
	}
	if names := n.one["propertyNames"]; names != nil {
		c.names = append(c.names, names)
	}
}

func (c *children) add(n *node) {
	if n.never {
		c.closed = true
		return
	}
	c.must = append(c.must, n)
}

// rest finds the schemas for keys that are not known by name, in no particular key.
func (s *shape) rest() []*node {
	var list []*node
	for _, n := range s.must {
		for _, p := range n.patterns {
			list = append(list, p.node)
		}
		for _, word := range []string{"additionalProperties", "unevaluatedProperties"} {
			if sub := n.one[word]; sub != nil && sub.words != nil && len(sub.words) > 0 {
				list = append(list, sub)
			}
		}
	}
	return slices.DeleteFunc(list, func(n *node) bool { return n.words == nil })
}

// row finds the schemas for the rows of an array whose rows are all alike.
func (s *shape) row() children {
	var c children
	for _, n := range s.must {
		if sub := n.one["items"]; sub != nil {
			c.must = append(c.must, sub)
		}
	}
	for _, n := range s.may {
		if sub := n.one["items"]; sub != nil {
			c.either = append(c.either, sub)
		}
	}
	c.bound = s.bound(func(n *node) bool { return n.one["items"] != nil })
	return c
}

// bound reports whether whichever branches the value meets, one of them says
// something: it is said in every branch of some anyOf or oneOf.
func (s *shape) bound(says func(*node) bool) bool {
	return slices.ContainsFunc(s.must, func(n *node) bool { return n.bound(says) }) ||
		len(s.either) > 0 && everyBranch(s.either, says)
}

func (n *node) bound(says func(*node) bool) bool {
	return everyBranch(n.many["anyOf"], says) || everyBranch(n.many["oneOf"], says)
}

func everyBranch(branches []*node, says func(*node) bool) bool {
	for _, b := range branches {
		silent := !slices.ContainsFunc(together([]*node{b}), func(n *node) bool { return says(n) || n.bound(says) })
		if silent {
			return false
		}
	}
	return len(branches) > 0
}

// keys are the keys known by name, in order.
func (s *shape) keys() []string {
	var first, all []string
	for _, n := range s.must {
		first = append(first, n.ownOrder()...)
	}
	for _, n := range slices.Concat(s.must, s.may) {
		all = append(all, n.order...)
	}
	return orderKeys(first, all)
}

// required reports whether the value must have the key.
func (s *shape) required(key string) bool {
	for _, n := range s.must {
		list, _ := n.words["required"].([]any)
		if slices.Contains(list, any(key)) {
			return true
		}
	}
	return false
}
