package schema

import "slices"

// typesOf are the types that the schemas allow together. within guards against
// schemas that refer to each other.
func typesOf(nodes, within []*node) []string {
	types := allTypes
	for _, n := range together(nodes) {
		if slices.Contains(within, n) {
			continue
		}
		types = intersect(types, n.ownTypes())
		for _, word := range []string{"anyOf", "oneOf"} {
			if list := n.many[word]; list != nil {
				types = intersect(types, unionTypes(list, append(within, n)))
			}
		}
	}
	return types
}

func unionTypes(nodes, within []*node) []string {
	var types []string
	for _, n := range nodes {
		types = append(types, typesOf([]*node{n}, within)...)
	}
	return unite(types)
}

// ownTypes are the types that n itself allows: by its type, or else its values.
func (n *node) ownTypes() []string {
	switch t := n.words["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var list []string
		for _, v := range t {
			list = append(list, v.(string))
		}
		return unite(list)
	}
	if n.never {
		return nil
	}
	if values := n.ownValues(); values != nil {
		var list []string
		for _, v := range values {
			list = append(list, typeOfValue(v))
		}
		return unite(list)
	}
	return allTypes
}

func typeOfValue(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}

// allTypes are the types there are; an integer is a number.
var allTypes = []string{"array", "boolean", "null", "number", "object", "string"}

// intersect gives the types in both.
func intersect(a, b []string) []string {
	var list []string
	for _, t := range schemaTypes {
		inA, inB := slices.Contains(a, t), slices.Contains(b, t)
		if t == "integer" {
			numberA, numberB := slices.Contains(a, "number"), slices.Contains(b, "number")
			inA, inB = inA || numberA, inB || numberB
			if numberA && numberB {
				continue
			}
		}
		if inA && inB {
			list = append(list, t)
		}
	}
	return list
}

// unite sorts types and takes out what another covers.
func unite(types []string) []string {
	slices.Sort(types)
	types = slices.Compact(types)
	if slices.Contains(types, "number") {
		types = slices.DeleteFunc(types, func(t string) bool { return t == "integer" })
	}
	return types
}

// guess narrows "anything" where the keywords only make sense for one type: a
// schema with properties and no type is meant to be an object.
func (s *shape) guess(types []string) []string {
	if len(types) < len(allTypes) {
		return types
	}
	hints := map[string]string{
		"properties": "object", "additionalProperties": "object", "patternProperties": "object", "required": "object",
		"items": "array", "prefixItems": "array",
	}
	var found []string
	for _, n := range s.must {
		for word, t := range hints {
			if n.has(word) && !slices.Contains(found, t) {
				found = append(found, t)
			}
		}
	}
	if len(found) == 1 {
		return found
	}
	return types
}
