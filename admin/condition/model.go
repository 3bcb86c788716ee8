package condition

import (
	"reflect"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// Model is a condition as it is edited. Not safe for concurrent use.
type Model struct {
	// Acted says that a button of the editor was pressed, so that the form is to be shown
	// again and nothing else done.
	Acted bool

	name   string
	schema *schema.Schema
	root   *node
	judged bool  // Condition was called: faults are to be shown
	focus  *node // what is to have the focus after a button was pressed, nil for nothing
}

// node is a group, a row, or a part that rows cannot say.
type node struct {
	join string  // of a group: all, any or none
	subs []*node // of a group

	field  []string // of a row
	choice string   // … the id of its comparison
	values []any    // … as typed: texts, or the scalars of choices
	unsure bool     // … whose comparison nobody chose for its field

	kept *schema.Condition // what rows cannot say

	fault string // a key of package words, "": none
}

// Bounds of what is edited in rows: what is larger is not made by hand.
const (
	maxNodes = 150
	maxDepth = 12
)

// New makes the model of a condition. name begins the names of all its form fields;
// it is made of the letters a to z, digits and dashes. A nil condition is one with no rows.
func New(c *schema.Condition, s *schema.Schema, name string) *Model {
	m := &Model{name: name, schema: s, root: &node{join: "all"}}
	switch {
	case c == nil || c.Op == "true" || c.Op == "all" && len(c.Subs) == 0:
	case isGroup(c.Op) && len(c.Subs) > 0:
		m.root = m.nodeOf(c)
	default:
		m.root.subs = []*node{m.nodeOf(c)}
	}
	return m
}

// Empty reports whether there are no rows at all.
func (m *Model) Empty() bool { return len(m.root.subs) == 0 }

// AddRow adds a row for a person to fill in.
func (m *Model) AddRow() { m.root.subs = append(m.root.subs, m.newRow()) }

func isGroup(op string) bool { return op == "all" || op == "any" || op == "none" }

// nodeOf makes a node of a part of a condition. Every node is asked what it would say:
// where that is not what it was made of, the part is kept as it is.
func (m *Model) nodeOf(c *schema.Condition) *node {
	if isGroup(c.Op) && len(c.Subs) > 0 {
		n := &node{join: c.Op}
		for _, sub := range c.Subs {
			n.subs = append(n.subs, m.nodeOf(sub))
		}
		return n
	}
	field, known := m.schema.Field(c.Field)
	if !known {
		return &node{kept: c}
	}
	list := operatorsOf(m.schema, field, true)
	// "is me" before "is" with $me typed behind it.
	slices.SortStableFunc(list, func(a, b operator) int { return strings.Compare(string(a.control), string(b.control)) })
	for _, o := range list {
		if o.op != c.Op {
			continue
		}
		n := &node{field: c.Field, choice: o.id, values: o.control.shown(c.Value)}
		if said, fault := m.comparison(n); fault == "" && (reflect.DeepEqual(said, c) || o.control == anyChoices) {
			return n
		}
	}
	return &node{kept: c}
}

// newRow is a row of the first field.
func (m *Model) newRow() *node {
	fields := fieldsOf(m.schema)
	if len(fields) == 0 {
		return &node{fault: noField}
	}
	return &node{field: fields[0].Path, choice: operatorsOf(m.schema, fields[0], false)[0].id}
}

// Condition gives what the rows say, nil for none. ok is false where something is missing
// or wrong: View then shows it beside the row.
func (m *Model) Condition() (c *schema.Condition, ok bool) {
	m.judged = true
	if len(m.root.subs) == 0 {
		return nil, true
	}
	c, ok = m.say(m.root)
	if ok && len(c.Subs) == 1 && c.Op != "none" {
		c = c.Subs[0]
	}
	return c, ok
}

// say gives what a node says, and notes what is wrong with it.
func (m *Model) say(n *node) (c *schema.Condition, ok bool) {
	switch {
	case n.kept != nil:
		return n.kept, n.fault == ""
	case n.join == "":
		c, n.fault = m.comparison(n)
		return c, n.fault == ""
	}
	c, ok = &schema.Condition{Op: n.join}, true
	for _, sub := range n.subs {
		part, fine := m.say(sub)
		c.Subs, ok = append(c.Subs, part), ok && fine
	}
	if len(n.subs) == 0 {
		n.fault = emptyGroup
	}
	return c, ok && n.fault == ""
}

// comparison gives what a row says, or what is wrong with it.
func (m *Model) comparison(n *node) (*schema.Condition, string) {
	field, known := m.schema.Field(n.field)
	if !known {
		return nil, noField
	}
	o, known := find(operatorsOf(m.schema, field, true), n.choice)
	if !known || n.unsure {
		return nil, noOperator
	}
	c := &schema.Condition{Op: o.op, Field: n.field}
	if o.control == noControl {
		c.Value = o.value
		return c, ""
	}
	var fault string
	c.Value, fault = o.control.meant(n.values, choicesOf(m.schema, field))
	return c, fault
}

// at finds the node at a path of numbers, nil if there is none.
func (m *Model) at(path []int) *node {
	n := m.root
	for _, i := range path {
		if i >= len(n.subs) {
			return nil
		}
		n = n.subs[i]
	}
	return n
}

// remove takes the node at a path away, and groups around it that it leaves empty. What
// stands there then has the focus: the one behind it, else the one before.
func (m *Model) remove(path []int) {
	for len(path) > 0 {
		around := m.at(path[:len(path)-1])
		i := path[len(path)-1]
		if around == nil || i >= len(around.subs) {
			return
		}
		around.subs = slices.Delete(around.subs, i, i+1)
		m.focus = around
		if left := len(around.subs); left > 0 {
			m.focus = around.subs[min(i, left-1)].first()
			return
		}
		path = path[:len(path)-1]
	}
}

// first is the first part of a group, and of the groups in it, that is none.
func (n *node) first() *node {
	for n.kept == nil && len(n.subs) > 0 {
		n = n.subs[0]
	}
	return n
}
