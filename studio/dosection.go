package studio

import (
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// addSection adds a heading: over the fields from the one behind After on, or at the
// end, with no field yet.
func (m *doer) addSection(label string, c Command) error {
	if len(c.Path) > 0 {
		return refuse("path", "Only the fields of the record itself stand under headings.")
	}
	l := layoutOf(m.root)
	if l.find(label) >= 0 {
		return refuse("label", "There is a section %q already.", label)
	}
	m.last = nil
	after, given := c.After.(string)
	if m.root.object("properties") == nil {
		m.root.set("properties", newObject())
	}
	if !given {
		append(l.clone(), section{title: label}).write(m.root)
		return nil
	}
	l.split(label, after).write(m.root)
	return nil
}

// split begins a heading behind a field; "" is before all fields.
func (l layout) split(title, after string) layout {
	c := l.clone()
	if len(c) == 0 {
		return layout{{title: title}}
	}
	i := 0
	at := 0
	for n, s := range c {
		if k := slices.Index(s.keys, after); k >= 0 {
			i, at = n, k+1
		}
	}
	rest := section{title: title, keys: slices.Clone(c[i].keys[at:])}
	c[i].keys = c[i].keys[:at]
	c = slices.Insert(c, i+1, rest)
	return slices.DeleteFunc(c, func(s section) bool { return s.title == "" && len(s.keys) == 0 })
}

// renameSection gives a heading another title; nil takes it away, and its fields stand
// under the one before it.
func (m *doer) renameSection(c Command) error {
	from, _ := valueOf(c.From).(string)
	to, _ := valueOf(c.Value).(string)
	to = strings.TrimSpace(to)
	l := layoutOf(m.root).clone()
	i := l.find(from)
	switch {
	case from == "" || i < 0:
		return refuse("section", "There is no section %q any more.", from)
	case from == to:
		return nil
	case to == "" && i == 0:
		l[0].title = ""
	case to == "":
		l[i-1].keys = append(l[i-1].keys, l[i].keys...)
		l = slices.Delete(l, i, i+1)
	case l.find(to) >= 0:
		return refuse("section", "There is a section %q already.", to)
	default:
		l[i].title = to
	}
	m.last = nil
	l.write(m.root)
	return nil
}

// beginSection begins a heading at a field; nil joins the field's section to the one
// before.
func (m *doer) beginSection(f *Field, c Command) error {
	if len(f.Path) > 1 {
		return refuse("path", "Only the fields of the record itself stand under headings.")
	}
	l := layoutOf(m.root)
	title, at := l.of(f.Key())
	now := any(nil)
	if at == 0 && title != "" {
		now = title
	}
	if err := clash(c, "section", now, c.Value); err != nil {
		return err
	}
	to, _ := valueOf(c.Value).(string)
	if to = strings.TrimSpace(to); now != nil || to == "" {
		return m.renameSection(Command{From: title, Value: to})
	}
	if l.find(to) >= 0 {
		return refuse("section", "There is a section %q already: move the field there.", to)
	}
	after := ""
	if at > 0 {
		after = l[l.find(title)].keys[at-1]
	}
	l.split(to, after).write(m.root)
	return nil
}

// lastScope is how many steps of a path lead to the row around the field, 0 for the
// record: where its conditions look.
func lastScope(path []string) int {
	scopes := scopesOf(path)
	if n := scopes[len(scopes)-1]; n < len(path) {
		return n
	}
	return 0
}

// asks reports whether a condition asks for the field at path, or for one inside it.
func asks(c *schema.Condition, around, path []string) bool {
	if c == nil {
		return false
	}
	if len(c.Field) > 0 && begins(slices.Concat(around, c.Field), path) {
		return true
	}
	return slices.ContainsFunc(c.Subs, func(sub *schema.Condition) bool { return asks(sub, around, path) })
}
