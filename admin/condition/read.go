package condition

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// The form fields of a node are its name, a dot and one of these. The name of a part of a
// group is the group's, a dot and the part's number.
const (
	partJoin  = "join"
	partField = "field"
	partOp    = "op"
	partValue = "value" // one or many
	partAs    = "as"    // the control that showed the value
	partKept  = "kept"  // what rows cannot say, as JSON
	partDo    = "do"    // of the whole editor: which button was pressed
)

// What a button does, with the path of a node behind it.
const (
	doAdd    = "add"
	doGroup  = "group"
	doRemove = "remove"
	doLook   = "look" // only show again: another field or comparison was chosen
)

// Sent reports whether a form has the fields of an editor.
func Sent(form url.Values, name string) bool { return form.Has(name + "." + partJoin) }

// Read makes the model of what a form brought, and does what its button says.
func Read(form url.Values, s *schema.Schema, name string) *Model {
	m := &Model{name: name, schema: s}
	left := maxNodes
	m.root = m.read(form, name, 1, &left)
	if m.root.join == "" {
		m.root = &node{join: "all"}
	}
	if do := form.Get(name + "." + partDo); do != "" {
		m.Acted = true
		what, path, _ := strings.Cut(do, ":")
		m.act(what, numbers(path))
	}
	return m
}

// read reads the node of a name, depth levels deep; left is how many more there may be.
func (m *Model) read(form url.Values, name string, depth int, left *int) *node {
	if kept := form.Get(name + "." + partKept); kept != "" {
		c, err := schema.ParseCondition([]byte(kept))
		if err != nil {
			return &node{kept: &schema.Condition{Op: "false"}, fault: unreadable}
		}
		return &node{kept: c}
	}
	join := form.Get(name + "." + partJoin)
	if !isGroup(join) {
		return m.readRow(form, name)
	}
	n := &node{join: join}
	for _, i := range parts(form, name) {
		if *left--; *left < 0 || depth == maxDepth {
			n.fault = tooMuch
			break
		}
		n.subs = append(n.subs, m.read(form, name+"."+strconv.Itoa(i), depth+1, left))
	}
	return n
}

// readRow reads a row. A comparison that another field had is asked for again.
func (m *Model) readRow(form url.Values, name string) *node {
	n := &node{field: splitKeys(form.Get(name + "." + partField)), choice: form.Get(name + "." + partOp)}
	as := control(form.Get(name + "." + partAs))
	for _, text := range form[name+"."+partValue] {
		if !as.coded() {
			n.values = append(n.values, text)
		} else if v, ok := decoded(text); ok {
			n.values = append(n.values, v)
		}
	}
	field, known := m.schema.Field(n.field)
	if !known {
		return n
	}
	list := operatorsOf(m.schema, field, true)
	if _, known := find(list, n.choice); !known {
		n.choice, n.unsure = list[0].id, true
	}
	return n
}

// parts lists the numbers of a group's parts, in order.
func parts(form url.Values, name string) []int {
	found := map[int]bool{}
	for key := range form {
		rest, under := strings.CutPrefix(key, name+".")
		if !under {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		if i, err := strconv.Atoi(number); err == nil && i >= 0 && strconv.Itoa(i) == number {
			found[i] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// numbers reads a path such as "0.2"; nil for the whole.
func numbers(path string) []int {
	var list []int
	for text := range strings.SplitSeq(path, ".") {
		if i, err := strconv.Atoi(text); err == nil && i >= 0 {
			list = append(list, i)
		}
	}
	return list
}

// act does what a button says. What is not there is not done.
func (m *Model) act(what string, path []int) {
	n := m.at(path)
	switch {
	case n == nil:
	case what == doRemove:
		m.remove(path)
	case n.join != "" && what == doAdd:
		n.subs = append(n.subs, m.newRow())
		m.focus = n.subs[len(n.subs)-1]
	case n.join != "" && what == doGroup:
		n.subs = append(n.subs, &node{join: otherJoin(n.join), subs: []*node{m.newRow()}})
		m.focus = n.subs[len(n.subs)-1].first()
	}
}

// otherJoin is what a group inside a group is for.
func otherJoin(join string) string {
	if join == "all" {
		return "any"
	}
	return "all"
}
