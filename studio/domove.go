package studio

import (
	"cmp"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// moveInto gives a field that was never published another place: inside a group or rows,
// or out of them. There it keeps its key, if that is free. What is required of it, its
// conditions, and what the tray keeps of fields inside it go along.
func (m *doer) moveInto(f *Field, c Command) error {
	if slices.Equal(c.Into, into(f.Path)) {
		return m.move(f, c)
	}
	if f.Published {
		return refuse("into", "%s was published, and records hold it under its place: it stays there. Duplicate it to the new place instead; the copy begins empty.", f.Name())
	}
	if begins(c.Into, f.Path) {
		return refuse("into", "%s cannot stand inside itself.", f.Name())
	}
	if err := m.mayHold(c.Into, f.Kind); err != nil {
		return err
	}
	if user := m.usedBy(f); user != nil {
		return refuse("into", "%s asks for %s: change that condition first.", user.Name(), f.Name())
	}
	to := below(c.Into, m.freeKey(c.Into, f))
	node, lost := reached(cmp.Or(f.node, newObject()), f.Path, to)
	rules, unasked := reachedRules(rulesAt(m.root, f.Path), f.Path, to)
	if lost+unasked > 0 {
		return refuse("into", "A condition of %s asks for what it cannot see from there: take the condition away first.", f.Name())
	}
	m.takeOut(f, newObject("schema", newObject()))
	node.drop("x-section")
	if err := m.place(to, node, c); err != nil {
		return err
	}
	m.moveTray(f.Path, to)
	return m.demand(rules)
}

// freeKey is the key of a field inside another place: its own, where that is free there.
func (m *doer) freeKey(into []string, f *Field) string {
	if !m.taken(into, f.Key()) {
		return f.Key()
	}
	return newKey(f.Name(), "field", func(key string) bool { return m.taken(into, key) })
}

// demand says of each rule when its field is required.
func (m *doer) demand(rules []demand) error {
	for _, rule := range rules {
		if err := setRequired(m.root, rule.path, rule.always, rule.when); err != nil {
			return err
		}
	}
	return nil
}

// moveTray takes what the tray keeps of the fields inside one along with it.
func (m *doer) moveTray(from, to []string) {
	var list []any
	for _, v := range m.root.list("x-tray") {
		entry, _ := v.(*object)
		if path := entry.texts("path"); len(path) > len(from) && begins(path, from) {
			entry.set("path", treeOf(moved(path, from, to)))
			for _, rule := range entry.list("required") {
				if o, _ := rule.(*object); o != nil {
					o.set("path", treeOf(moved(o.texts("path"), from, to)))
				}
			}
		}
		list = append(list, v)
	}
	if len(list) > 0 {
		m.root.set("x-tray", list)
	}
}

// into is what the field at a path stands in, as a command names it.
func into(path []string) []string { return path[:len(path)-1] }

// moved is a path below from, below to.
func moved(path, from, to []string) []string {
	return slices.Concat(to, path[len(from):])
}

// reached copies the schema of the field at from, for its place at to: what its
// conditions, and those of the fields inside it, ask for inside it they ask for there. A
// condition that cannot ask from there is left out, and counted.
func reached(node *object, from, to []string) (made *object, lost int) {
	made = clone(node).(*object)
	rewrite := func(path []string, inner *object) {
		c := conditionOf(inner.get("x-when"))
		if c == nil {
			return
		}
		if c, there := rebased(c, path, from, to); there {
			inner.set("x-when", treeOfCondition(c))
			return
		}
		inner.drop("x-when")
		lost++
	}
	rewrite(from, made)
	eachField(holderOf(made), inside(made, from), rewrite)
	return made, lost
}

// holderOf is the object that has the fields of a group or of rows among its properties.
func holderOf(node *object) *object {
	if kindOf(node) == Rows {
		return node.object("items")
	}
	return node
}

func inside(node *object, path []string) []string {
	if kindOf(node) == Rows {
		return below(path, "*")
	}
	return path
}

// reachedRules are the rules of the field at from, and of those inside it, at its new
// place, without those whose conditions cannot be asked there, which are counted.
func reachedRules(rules []demand, from, to []string) (made []demand, lost int) {
	for _, rule := range rules {
		there := true
		if rule.when != nil {
			rule.when, there = rebased(rule.when, rule.path, from, to)
		}
		if !there {
			lost++
			continue
		}
		rule.path = moved(rule.path, from, to)
		made = append(made, rule)
	}
	return made, lost
}

// rebased is a condition of the field at path, once what stands at from stands at to.
func rebased(c *schema.Condition, path, from, to []string) (made *schema.Condition, there bool) {
	scope := lastScope(path)
	if scope > len(from) {
		return c, true // of a row inside it
	}
	around := to[:lastScope(to)]
	copied := *c
	copied.Subs, there = nil, true
	for _, sub := range c.Subs {
		one, reaches := rebased(sub, path, from, to)
		copied.Subs, there = append(copied.Subs, one), there && reaches
	}
	if len(c.Field) == 0 {
		return &copied, there
	}
	asked := slices.Concat(path[:scope], c.Field)
	if begins(asked, from) {
		asked = moved(asked, from, to)
	}
	if !begins(asked, around) || slices.Contains(asked[len(around):], "*") {
		return c, false
	}
	copied.Field = asked[len(around):]
	return &copied, there
}

// duplicate puts a copy of a field after it, or, as duplicate-into, somewhere else. Of
// its conditions the copy has those that it can still ask.
func (m *doer) duplicate(f *Field, c Command) error {
	label := strings.TrimSpace(c.Label)
	elsewhere := c.Do == "duplicate-into" && !slices.Equal(c.Into, into(f.Path))
	switch {
	case f.node == nil:
		return refuse("", "%s allows anything: there is nothing to copy.", f.Name())
	case elsewhere:
		if err := m.mayHold(c.Into, f.Kind); err != nil {
			return err
		}
	default:
		c.Into, c.After, c.Section = into(f.Path), f.Key(), nil
	}
	if label == "" && elsewhere {
		label = f.Name()
	} else if label == "" {
		label = f.Name() + " (copy)"
	}
	to := below(c.Into, newKey(label, "field", func(key string) bool { return m.taken(c.Into, key) }))
	node, _ := reached(f.node, f.Path, to)
	if slices.Contains(to, "*") { // only a single value of the record has these
		node.drop("x-index")
		node.drop("x-unique")
	}
	node.drop("x-section")
	node.put("title", label, "type")
	if err := m.place(to, node, c); err != nil {
		return err
	}
	rules, _ := reachedRules(rulesAt(m.root, f.Path), f.Path, to)
	return m.demand(rules)
}
