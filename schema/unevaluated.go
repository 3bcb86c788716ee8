package schema

import (
	"slices"
)

// "unevaluatedProperties" and "unevaluatedItems" mean what the schemas joined with
// them at the same place have left over: those below, not those beside. Validators that
// others use with a type also count what schemas beside have looked at, if they came to
// them first (measured: @cfworker/json-schema 4.1.6, 130 of 127,625 random cases). So
// they are refused where that could make a difference (law 2). It hardly ever is where
// anybody means to write them.

// before says for each keyword that joins schemas which others are gone through first.
var before = map[string][]string{
	"$ref":  nil,
	"anyOf": {"$ref"}, "allOf": {"$ref"}, "oneOf": {"$ref"},
	"then":             {"$ref", "anyOf", "allOf", "oneOf", "if"},
	"else":             {"$ref", "anyOf", "allOf", "oneOf", "if"},
	"dependentSchemas": {"$ref", "anyOf", "allOf", "oneOf", "if"},
}

// agreeOnUnevaluated refuses unevaluated… in schemas that are joined to others.
func (r *reader) agreeOnUnevaluated(root *node) {
	spoiled := map[*node]bool{}
	root.each(func(n *node) {
		for word, others := range before {
			list := n.joined(word)
			late := word == "dependentSchemas" && len(list) > 1 || slices.ContainsFunc(others, n.has)
			for _, sub := range list {
				if late {
					sub.spoil(spoiled)
				}
			}
		}
	})
	root.each(func(n *node) {
		for _, word := range []string{"unevaluatedProperties", "unevaluatedItems"} {
			if spoiled[n] && n.has(word) {
				r.fail(n.at+"/"+word, Says("%s has %q, but is joined with other schemas, of which not every device would see the same.", place(n.at), word),
					Says("Write it once, in the schema that joins the others."))
			}
		}
	})
}

// spoil marks n and all that it joins.
func (n *node) spoil(spoiled map[*node]bool) {
	if spoiled[n] {
		return
	}
	spoiled[n] = true
	for word := range before {
		for _, sub := range n.joined(word) {
			sub.spoil(spoiled)
		}
	}
}

// joined lists the schemas that a keyword joins to n.
func (n *node) joined(word string) []*node {
	switch {
	case word == "$ref" && n.ref != nil:
		return []*node{n.ref}
	case word == "dependentSchemas":
		var list []*node
		for _, key := range sortedKeys(n.named[word]) {
			list = append(list, n.named[word][key])
		}
		return list
	case n.one[word] != nil:
		return []*node{n.one[word]}
	}
	return n.many[word]
}
