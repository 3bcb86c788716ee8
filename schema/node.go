package schema

import "regexp"

// node is one schema inside a schema: the whole, that of a property, a branch of a
// oneOf. Nodes are built once by readNodes and only read from then on.
type node struct {
	at    string         // JSON Pointer into the schema text
	word  string         // the keyword that holds it, where one holds it alone
	words map[string]any // its keywords; nil for the schemas true and false
	never bool           // the schema false
	deep  int            // schemas around it

	one   map[string]*node            // keywords that hold a schema
	many  map[string][]*node          // keywords that hold a list of schemas
	named map[string]map[string]*node // keywords that hold schemas by name

	ref      *node         // what $ref leads to
	order    []string      // the keys of properties, in order
	patterns []keyPattern  // of patternProperties, in order of the text
	pattern  *ecmaPattern  // of pattern
	location string        // where it is in the compiled schema, escaped for a URL
	cost     [levels]price // what validating costs, by depth; see budget.go
}

// keyPattern is one entry of patternProperties.
type keyPattern struct {
	ecma *ecmaPattern
	node *node
}

// ecmaPattern is a regular expression as the schema has it, and what Go runs.
type ecmaPattern struct {
	source string // ECMA 262, flag u
	re2    string // the same for Go
	exp    *regexp.Regexp
	size   int // instructions of its program
}

// text is a keyword that holds a string, "" where it does not.
func (n *node) text(word string) string {
	s, _ := n.words[word].(string)
	return s
}

// has reports whether the keyword is there.
func (n *node) has(word string) bool {
	_, ok := n.words[word]
	return ok
}

// inPlace lists the schemas that look at the same value as n, at the same place.
func (n *node) inPlace() []*node {
	var list []*node
	if n.ref != nil {
		list = append(list, n.ref)
	}
	for _, word := range []string{"allOf", "anyOf", "oneOf"} {
		list = append(list, n.many[word]...)
	}
	for _, word := range []string{"not", "if", "then", "else"} {
		if sub := n.one[word]; sub != nil {
			list = append(list, sub)
		}
	}
	for _, key := range sortedKeys(n.named["dependentSchemas"]) {
		list = append(list, n.named["dependentSchemas"][key])
	}
	return list
}

// each calls f for n and everything below it, not following $ref, in a fixed order.
func (n *node) each(f func(*node)) {
	f(n)
	for _, word := range sortedKeys(n.one) {
		n.one[word].each(f)
	}
	for _, word := range sortedKeys(n.many) {
		for _, sub := range n.many[word] {
			sub.each(f)
		}
	}
	for _, word := range sortedKeys(n.named) {
		for _, key := range sortedKeys(n.named[word]) {
			n.named[word][key].each(f)
		}
	}
}
