package studio

import (
	"slices"
	"strings"
)

// add puts a new field, or a heading, into the form.
func (m *doer) add(c Command) error {
	label := strings.TrimSpace(c.Label)
	if label == "" {
		return refuse("label", "Give it a label first: it is what people read.")
	}
	if c.Kind == Section {
		return m.addSection(label, c)
	}
	example := InfoOf(c.Kind).Example
	if example == "" {
		return refuse("kind", "There is no kind of field %q.", c.Kind)
	}
	if err := m.mayHold(c.Path, c.Kind); err != nil {
		return err
	}
	made, _ := decodeTree([]byte(example))
	node := newObject("title", label)
	for _, key := range made.(*object).keys {
		node.set(key, made.(*object).get(key))
	}
	if c.Kind == Series {
		node.set("x-serial", initials(m.Title())+"{0000}")
	}
	key := newKey(label, "field", func(key string) bool { return m.taken(c.Path, key) })
	return m.place(below(c.Path, key), node, c)
}

// mayHold refuses a place that can hold no such field.
func (m *doer) mayHold(into []string, kind Kind) error {
	if len(into) == 0 {
		if m.root.object("properties") == nil {
			m.root.set("properties", newObject())
		}
		return nil
	}
	owner := into
	if into[len(into)-1] == "*" {
		owner = into[:len(into)-1]
	}
	f := m.Field(owner)
	switch {
	case f == nil || !slices.Equal(f.Into(), into):
		return refuse("path", "Nothing can be added there any more.")
	case f.Kind == Checklist && kind != YesNo:
		return refuse("kind", "A checklist has only steps to tick off.")
	case kind == Series:
		return refuse("kind", "Only the record itself can be numbered.")
	}
	return nil
}

// place puts a schema in at a path, where the command says.
func (m *doer) place(path []string, node any, c Command) error {
	m.last = path
	into, key := path[:len(path)-1], path[len(path)-1]
	holder := nodeAt(m.root, into)
	after, given := c.After.(string)
	if len(into) == 0 {
		l := layoutOf(m.root)
		holder.object("properties").set(key, node)
		l.with(key, headingFor(l, c, after), lastOf(l, c, after, given)).write(m.root)
		return nil
	}
	order := slices.Clone(holder.object("properties").keys)
	at := slices.Index(order, after) + 1
	if !given {
		at = len(order)
	}
	holder.object("properties").set(key, node)
	setOrder(holder, slices.Insert(order, at, key))
	return nil
}

// headingFor is the heading that a field comes under: the one asked for, else that of
// the field it stands after, else the last.
func headingFor(l layout, c Command, after string) string {
	if c.Section != nil {
		return strings.TrimSpace(*c.Section)
	}
	if title, at := l.of(after); at >= 0 {
		return title
	}
	if c.After == nil && len(l) > 0 {
		return l[len(l)-1].title
	}
	if len(l) > 0 {
		return l[0].title
	}
	return ""
}

// lastOf is the key that a field comes after under its heading.
func lastOf(l layout, c Command, after string, given bool) string {
	if given {
		return after
	}
	if i := l.find(headingFor(l, c, after)); i >= 0 && len(l[i].keys) > 0 {
		return l[i].keys[len(l[i].keys)-1]
	}
	return ""
}

// move gives a field another place among its siblings.
func (m *doer) move(f *Field, c Command) error {
	into, key := f.Path[:len(f.Path)-1], f.Key()
	after, given := c.After.(string)
	if after == key {
		return nil
	}
	holder := nodeAt(m.root, into)
	if after != "" && !holder.object("properties").has(after) {
		return refuse("after", "The field that it was to stand after is not there any more.")
	}
	if len(into) == 0 {
		l := layoutOf(m.root)
		if c.Section == nil && after == "" && given {
			first := ""
			c.Section = &first
			if len(l) > 0 {
				c.Section = &l[0].title
			}
		}
		rest := l.without(key)
		rest.with(key, headingFor(rest, c, after), lastOf(rest, c, after, given)).write(m.root)
		return nil
	}
	order := slices.DeleteFunc(slices.Clone(holder.object("properties").keys), func(k string) bool { return k == key })
	at := slices.Index(order, after) + 1
	if !given {
		at = len(order)
	}
	setOrder(holder, slices.Insert(order, at, key))
	return nil
}

// remove takes a field out of the form; it waits in the tray.
func (m *doer) remove(f *Field, c Command) error {
	if c.Forget && f.Published {
		return refuse("forget", "%s was published: it stays in the tray, so that what records hold in it can come back.", f.Name())
	}
	if user := m.usedBy(f); user != nil {
		return refuse("", "%s asks for %s: change that condition first.", user.Name(), f.Name())
	}
	entry := newObject("path", treeOf(f.Path), "schema", clone(f.node))
	if rules := rulesAt(m.root, f.Path); len(rules) > 0 {
		entry.set("required", treeOfRules(rules))
	}
	if title := f.Section; title != "" {
		entry.set("section", title)
	}
	m.takeOut(f, entry)
	if !c.Forget {
		m.root.set("x-tray", append(slices.Clone(m.root.list("x-tray")), entry))
	}
	return nil
}

// takeOut takes a field out of its object, and notes in entry where it was.
func (m *doer) takeOut(f *Field, entry *object) {
	holder, key := m.holder(f.Path), f.Key()
	properties := holder.object("properties")
	if i := slices.Index(properties.keys, key); i > 0 {
		entry.set("after", properties.keys[i-1])
	}
	entry.object("schema").drop("x-section")
	for _, demand := range demandsIn(m.root) {
		if begins(demand.path, f.Path) {
			putDemand(m.root, demand.path, nil, nil)
		}
	}
	dropRequired(holder, key)
	rest := layoutOf(m.root).without(key)
	properties.drop(key)
	if order := slices.DeleteFunc(holder.texts("x-order"), func(k string) bool { return k == key }); holder.has("x-order") {
		holder.set("x-order", treeOf(order))
	}
	if len(f.Path) == 1 {
		rest.write(m.root)
	}
}

// bringBack puts a field from the tray into the form again.
func (m *doer) bringBack(c Command) error {
	var found *Removed
	for _, r := range m.Tray() {
		if slices.Equal(r.Path, c.Path) {
			found = r
		}
	}
	if found == nil {
		return refuse("", "%q is not in the tray any more.", strings.Join(c.Path, "."))
	}
	entry := trayEntry(m.root, c.Path)
	node := clone(found.node).(*object)
	node.drop("x-section")
	if title := entry.text("section"); title != "" && c.Section == nil {
		c.Section = &title
	}
	if c.After == nil {
		if after := entry.text("after"); after != "" && m.holder(c.Path).object("properties").has(after) {
			c.After = after
		}
	}
	if err := m.place(c.Path, node, c); err != nil {
		return err
	}
	rules := rulesOf(entry)
	if entry == nil {
		rules = rulesAt(m.history[found.Version-1].root, c.Path)
	}
	dropTray(m.root, c.Path)
	return m.demand(rules)
}

// treeOfRules and rulesOf write and read what an entry of the tray keeps of when its
// field, and those inside it, are required.
func treeOfRules(rules []demand) any {
	var list []any
	for _, rule := range rules {
		when := any(true)
		if !rule.always {
			when = treeOfCondition(rule.when)
		}
		list = append(list, newObject("path", treeOf(rule.path), "when", when))
	}
	return list
}

func rulesOf(entry *object) []demand {
	var rules []demand
	for _, v := range entry.list("required") {
		o, _ := v.(*object)
		rule := demand{path: o.texts("path"), always: o.truth("when")}
		if !rule.always {
			rule.when = conditionOf(o.get("when"))
		}
		if len(rule.path) > 0 && (rule.always || rule.when != nil) {
			rules = append(rules, rule)
		}
	}
	return rules
}

// usedBy is the first field whose condition asks for f, nil for none.
func (m *doer) usedBy(f *Field) *Field {
	var found *Field
	m.each(func(other *Field) {
		around := other.Path[:lastScope(other.Path)]
		if found == nil && !begins(other.Path, f.Path) && (asks(other.When, around, f.Path) || asks(other.RequiredWhen, around, f.Path)) {
			found = other
		}
	})
	return found
}

// each calls f for every field, parents first, in the order of the form.
func (d *Draft) each(f func(*Field)) {
	var walk func([]*Field)
	walk = func(list []*Field) {
		for _, field := range list {
			f(field)
			walk(field.Fields)
		}
	}
	walk(d.fields)
}
