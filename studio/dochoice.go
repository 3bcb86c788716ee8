package studio

import (
	"slices"
	"strings"
)

// choice changes the choices of a field.
func (m *doer) choice(f *Field, c Command) error {
	node := choiceNode(f.Kind, m.node(f.Path))
	if node == nil {
		return refuse("", "%s has no choices.", f.Name())
	}
	list := slices.Clone(f.Choices)
	find := func(v any) int {
		return slices.IndexFunc(list, func(one Choice) bool { return same(one.Value, valueOf(v)) })
	}
	if c.Do == "add-choice" {
		return m.addChoice(f, c, node, list, find)
	}
	at := find(c.Value)
	if at < 0 {
		return refuse("value", "%s has no such choice any more.", f.Name())
	}
	switch c.Do {
	case "set-choice":
		return setChoice(c, node, list, at)
	case "remove-choice":
		if len(list) == 1 {
			return refuse("value", "The last choice stays: add another one first.")
		}
		if same(f.node.get("default"), list[at].Value) {
			return refuse("value", "%s starts as %s: change that first.", f.Name(), list[at].Words())
		}
		writeChoices(node, slices.Delete(list, at, at+1))
		return nil
	}
	moved := list[at]
	list = slices.Delete(list, at, at+1)
	to := 0
	if c.After != nil {
		if to = find(c.After) + 1; to == 0 {
			to = len(list)
		}
	}
	writeChoices(node, slices.Insert(list, to, moved))
	return nil
}

// addChoice adds a choice. Its value is made of its label, once; Value gives another.
func (m *doer) addChoice(f *Field, c Command, node *object, list []Choice, find func(any) int) error {
	label := strings.TrimSpace(c.Label)
	if label == "" {
		return refuse("label", "Write what people are to choose.")
	}
	for _, one := range list {
		if strings.EqualFold(one.Words(), label) {
			return refuse("label", "There is a choice %q already.", one.Words())
		}
	}
	value := valueOf(c.Value)
	used := m.publishedChoices(f.Path)
	if value == nil {
		value = newKey(label, "choice", func(key string) bool {
			return find(key) >= 0 || slices.ContainsFunc(used, func(v any) bool { return same(v, key) })
		})
	}
	if find(value) >= 0 {
		return refuse("value", "There is a choice with the value %s already.", canonical(value))
	}
	to := len(list)
	if c.After != nil {
		if at := find(c.After); at >= 0 {
			to = at + 1
		}
	}
	writeChoices(node, slices.Insert(list, to, Choice{Value: value, Label: label}))
	return nil
}

// setChoice gives a choice another label.
func setChoice(c Command, node *object, list []Choice, at int) error {
	label := strings.TrimSpace(c.Label)
	if label == "" {
		return refuse("label", "Write what people are to choose.")
	}
	now := list[at].Words()
	if from, _ := valueOf(c.From).(string); now != from && now != label {
		return &Clash{Path: c.Path, Setting: "choice", Mine: label, Theirs: now, From: valueOf(c.From)}
	}
	for i, one := range list {
		if i != at && strings.EqualFold(one.Words(), label) {
			return refuse("label", "There is a choice %q already.", one.Words())
		}
	}
	list[at].Label = label
	writeChoices(node, list)
	return nil
}

// writeChoices writes choices as an enum while values speak for themselves, else as a
// oneOf of const and title, which says the same to any validator. What else was said
// about a choice stays with it.
func writeChoices(node *object, list []Choice) {
	word := "oneOf"
	if len(branchChoices(node.list("anyOf"))) > 0 {
		word = "anyOf"
	}
	said := slices.Clone(node.list(word))
	labelled := len(said) > 0 || !node.has("enum") || slices.ContainsFunc(list, func(c Choice) bool { return c.Label != "" && c.Label != (Choice{Value: c.Value}).Words() })
	var values, branches []any
	for _, c := range list {
		values = append(values, treeOf(c.Value))
		branch := newObject("const", treeOf(c.Value))
		for _, v := range said {
			if old, _ := v.(*object); old.has("const") && same(old.get("const"), c.Value) {
				branch = clone(old).(*object)
			}
		}
		if c.Label != "" {
			branch.set("title", c.Label)
		}
		branches = append(branches, branch)
	}
	if !labelled {
		node.set("enum", values)
		return
	}
	node.drop("enum")
	node.set(word, branches)
}
