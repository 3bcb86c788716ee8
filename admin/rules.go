package admin

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/schema"
)

// node is one schema inside a schema, as its JSON says it.
type node struct {
	root, here map[string]any
}

func readNode(text []byte) node {
	var root map[string]any
	_ = json.Unmarshal(text, &root) // it was read before, when it became a type
	return node{root, root}
}

// at follows a field's path. A place that it cannot find says nothing.
func (n node) at(path []string) node {
	for _, key := range path {
		n = n.follow()
		if key == "*" {
			n.here = either(n.here["items"], n.here["additionalProperties"])
			continue
		}
		properties, _ := n.here["properties"].(map[string]any)
		n.here, _ = properties[key].(map[string]any)
	}
	return n.follow()
}

// maxChain bounds how many references are followed one after the other.
const maxChain = 32

// follow goes where a $ref of this document leads.
func (n node) follow() node {
	for range maxChain {
		ref, ok := n.here["$ref"].(string)
		if !ok || !strings.HasPrefix(ref, "#/") {
			return n
		}
		n.here = n.root
		for key := range strings.SplitSeq(ref[2:], "/") {
			n.here, _ = n.here[unescaped(key)].(map[string]any)
		}
	}
	return n
}

func either(a, b any) map[string]any {
	if m, ok := a.(map[string]any); ok {
		return m
	}
	m, _ := b.(map[string]any)
	return m
}

// unescaped undoes what a JSON Pointer writes for a slash and a tilde.
func unescaped(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(key, "~1", "/"), "~0", "~")
}

// rulesOf says what a field asks of its value, one short line each.
func rulesOf(f schema.Field, n node) []string {
	var rules []string
	add := func(format string, args ...any) { rules = append(rules, fmt.Sprintf(format, args...)) }
	if f.Required {
		add("required")
	}
	if f.Unique {
		add("different in every record")
	}
	if f.Serial != "" {
		add("of the form %s", f.Serial)
	}
	if len(f.Enum) > 0 {
		add("one of: %s", choicesOf(f.Enum))
	}
	for _, r := range []struct{ least, most, one string }{
		{"minimum", "maximum", ""}, {"minLength", "maxLength", "character"},
		{"minItems", "maxItems", "entry"}, {"minProperties", "maxProperties", "field"},
	} {
		if text := between(n.here[r.least], n.here[r.most], r.one); text != "" {
			add("%s", text)
		}
	}
	rules = append(rules, n.otherRules()...)
	if f.Default != nil {
		add("begins as %s", plain(f.Default))
	}
	return rules
}

// otherRules are those that only numbers and texts have.
func (n node) otherRules() []string {
	var rules []string
	for _, r := range []struct{ keyword, words string }{
		{"exclusiveMinimum", "more than "}, {"exclusiveMaximum", "less than "}, {"multipleOf", "a multiple of "}, {"pattern", "of the pattern "},
	} {
		if v, there := n.here[r.keyword]; there {
			rules = append(rules, r.words+plain(v))
		}
	}
	return rules
}

// between says a range, of things where one is named.
func between(least, most any, one string) string {
	a, hasLeast := least.(float64)
	b, hasMost := most.(float64)
	switch {
	case hasLeast && hasMost && a == b:
		return "exactly " + things(a, one)
	case hasLeast && hasMost:
		return show.Number(a) + " to " + things(b, one)
	case hasLeast:
		return "at least " + things(a, one)
	case hasMost:
		return "at most " + things(b, one)
	}
	return ""
}

func things(n float64, one string) string {
	switch {
	case one == "":
		return show.Number(n)
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "y"):
		return show.Number(n) + " " + strings.TrimSuffix(one, "y") + "ies"
	}
	return show.Number(n) + " " + one + "s"
}

// choicesShown bounds how many choices of a field are listed beside it.
const choicesShown = 12

func choicesOf(values []any) string {
	var words []string
	for i, v := range values {
		if i == choicesShown {
			words = append(words, fmt.Sprintf("and %d more", len(values)-i))
			break
		}
		words = append(words, plain(v))
	}
	return strings.Join(words, ", ")
}
