package schema

import (
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// shape is what several schemas say together about one value: those it must meet,
// and those it may have to meet, because they are branches.
type shape struct {
	must   []*node // with what they refer to and their allOf
	may    []*node // branches of anyOf, oneOf, then, else, dependentSchemas; with what these refer to
	either []*node // where must is empty: schemas from branches, one of which it meets
	// types are the JSON types it can have, sorted; allTypes when nothing is said.
	types []string
}

// shapeOf reads the schemas a value must meet; either are schemas of which it meets
// at least one.
func shapeOf(nodes, either []*node) *shape {
	if either = distinct(either); len(nodes) == 0 && len(either) == 1 {
		nodes, either = either, nil
	}
	s := &shape{must: together(nodes), either: either}
	branches := slices.Clone(either)
	for _, n := range s.must {
		branches = append(branches, n.branches()...)
	}
	s.may = branchesOf(branches, s.must)
	s.types = typesOf(nodes, nil)
	if len(either) > 0 {
		s.types = intersect(s.types, unionTypes(either, nil))
	}
	s.types = s.guess(s.types)
	return s
}

// distinct leaves out the schemas that say the same as one before.
func distinct(nodes []*node) []*node {
	var list []*node
	seen := map[string]bool{}
	for _, n := range nodes {
		text := "true"
		if n.words != nil {
			text = crdt.Canonical(n.words)
		}
		if !seen[text] {
			seen[text] = true
			list = append(list, n)
		}
	}
	return list
}

// together lists nodes, what they refer to, and their allOf, each once.
func together(nodes []*node) []*node {
	var list []*node
	var add func(n *node)
	add = func(n *node) {
		if slices.Contains(list, n) {
			return
		}
		list = append(list, n)
		if n.ref != nil {
			add(n.ref)
		}
		for _, sub := range n.many["allOf"] {
			add(sub)
		}
	}
	for _, n := range nodes {
		add(n)
	}
	return list
}

// branches are the schemas that the value may have to meet as well.
func (n *node) branches() []*node {
	list := slices.Concat(n.many["anyOf"], n.many["oneOf"])
	for _, word := range []string{"then", "else"} {
		if n.one[word] != nil && n.one["if"] != nil {
			list = append(list, n.one[word])
		}
	}
	for _, key := range sortedKeys(n.named["dependentSchemas"]) {
		list = append(list, n.named["dependentSchemas"][key])
	}
	return list
}

// branchesOf lists branches and all below them, each once, none of except.
func branchesOf(branches, except []*node) []*node {
	var list []*node
	for queue := branches; len(queue) > 0; queue = queue[1:] {
		for _, n := range together(queue[:1]) {
			if slices.Contains(list, n) || slices.Contains(except, n) {
				continue
			}
			list = append(list, n)
			queue = append(queue, n.branches()...)
		}
	}
	return list
}

// is reports whether the value can only have this type.
func (s *shape) is(types ...string) bool {
	return len(s.types) == 1 && slices.Contains(types, s.types[0])
}

// word finds a keyword that holds for the whole value: in what it must meet, the
// outermost first; in a value that only branches speak of, what they all say.
func (s *shape) word(word string) any {
	if len(s.must) > 0 || len(s.either) == 0 {
		return wordOf(s.must, word)
	}
	first := wordOf(together(s.either[:1]), word)
	for _, n := range s.either[1:] {
		if !crdt.EqualValues(wordOf(together([]*node{n}), word), first) {
			return nil
		}
	}
	return first
}

func wordOf(nodes []*node, word string) any {
	for _, n := range nodes {
		if v, ok := n.words[word]; ok {
			return v
		}
	}
	return nil
}

func (s *shape) text(word string) string {
	t, _ := s.word(word).(string)
	return t
}

func (s *shape) truth(word string) bool {
	b, _ := s.word(word).(bool)
	return b
}

// ownValues are the values that const or enum allow, nil for any.
func (n *node) ownValues() []any {
	if n.has("const") {
		return []any{n.words["const"]}
	}
	list, _ := n.words["enum"].([]any)
	return list
}

// values are the values to choose from, nil for any: of enum or const, or of
// branches that are nothing but such.
func (s *shape) values() []any {
	for _, n := range s.must {
		if list := n.ownValues(); list != nil {
			return list
		}
		for _, word := range []string{"oneOf", "anyOf"} {
			if list := branchValues(n.many[word]); list != nil {
				return list
			}
		}
	}
	return nil
}

// options are the choices with their labels, nil where none has one; of a set those of
// its elements, whether they have labels or not.
func (s *shape) options() []Option {
	if s.is("array") && s.truth("uniqueItems") && s.scalarRows() {
		c := s.row()
		row := shapeOf(c.must, c.either)
		if list := row.options(); list != nil {
			return list
		}
		return optionsOf(row.values(), nil)
	}
	for _, n := range s.must {
		if n.ownValues() != nil {
			return nil
		}
		for _, word := range []string{"oneOf", "anyOf"} {
			values := branchValues(n.many[word])
			if titles := branchTitles(n.many[word]); values != nil && titles != nil {
				return optionsOf(values, titles)
			}
		}
	}
	return nil
}

func optionsOf(values []any, titles []string) []Option {
	var list []Option
	for i, v := range values {
		o := Option{Value: v}
		if titles != nil {
			o.Title = titles[i]
		}
		list = append(list, o)
	}
	return list
}

// branchTitles are the labels of the values of branches, in their order; nil where none
// has one.
func branchTitles(branches []*node) []string {
	var titles []string
	some := false
	for _, n := range branches {
		for range n.ownValues() {
			titles = append(titles, n.text("title"))
		}
		some = some || n.text("title") != ""
	}
	if !some {
		return nil
	}
	return titles
}

func branchValues(branches []*node) []any {
	var list []any
	for _, n := range branches {
		values := n.ownValues()
		if values == nil {
			return nil
		}
		list = append(list, values...)
	}
	return list
}

// typeName is what Field.Type says: the one type there is beside null, else any.
func (s *shape) typeName() string {
	types := slices.DeleteFunc(slices.Clone(s.types), func(t string) bool { return t == "null" })
	switch {
	case len(types) == 1:
		return types[0]
	case len(s.types) == 1:
		return "null"
	}
	return "any"
}
