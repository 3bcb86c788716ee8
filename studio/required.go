package studio

import (
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// requiredWhen is the annotation of an entry of "allOf" that the studio has written:
// the condition under which the one field that its "then" names is required; true for a
// field that is required whenever it is shown. "if" says the same to any validator,
// together with what shows the field, so that a hidden field never blocks.
const requiredWhen = "x-required-when"

// demand is what one such entry says.
type demand struct {
	path   []string // of the field
	always bool
	when   *schema.Condition
}

// demandsIn lists what the entries of a type say.
func demandsIn(root *object) []demand {
	var list []demand
	eachScope(root, nil, func(scope *object, path []string) {
		for _, v := range scope.list("allOf") {
			if d, ok := demandOf(v, path); ok {
				list = append(list, d)
			}
		}
	})
	return list
}

// eachScope calls f for the record and for the rows in it: what conditions look at.
func eachScope(holder *object, path []string, f func(scope *object, path []string)) {
	if holder == nil {
		return
	}
	f(holder, path)
	eachField(holder, path, func(at []string, node *object) {
		if items := node.object("items"); items != nil && kindOf(node) == Rows {
			f(items, below(at, "*"))
		}
	})
}

// demandOf reads one entry of the "allOf" of the scope at a path.
func demandOf(v any, path []string) (demand, bool) {
	entry, _ := v.(*object)
	if !entry.has(requiredWhen) {
		return demand{}, false
	}
	path = slices.Clone(path)
	d := demand{always: entry.truth(requiredWhen)}
	if !d.always {
		if d.when = conditionOf(entry.get(requiredWhen)); d.when == nil {
			return d, false
		}
	}
	for at := entry; at != nil; {
		switch {
		case at.has("then"):
			at = at.object("then")
		case len(at.texts("required")) == 1:
			d.path = append(path, at.texts("required")[0])
			return d, true
		case at.has("items"):
			at, path = at.object("items"), append(path, "*")
		case at.object("properties") != nil && len(at.object("properties").keys) == 1:
			key := at.object("properties").keys[0]
			at, path = at.object("properties").object(key), append(path, key)
		default:
			return d, false
		}
	}
	return d, false
}

// readRequired tells a field when it is required.
func (d *Draft) readRequired(f *Field) {
	for _, demand := range d.demands {
		if slices.Equal(demand.path, f.Path) {
			f.Required = f.Required || demand.always
			f.RequiredWhen = demand.when
		}
	}
}

// setRequired says when the field at a path is required: always, or when a condition
// holds, or never. The error is a *Refusal.
func setRequired(root *object, path []string, always bool, when *schema.Condition) error {
	conditions := shownWhen(root, path)
	hides := slices.ContainsFunc(conditions, func(c *schema.Condition) bool { return c != nil })
	var scope []string
	var entry *object
	if always && hides || when != nil {
		var err error
		if scope, entry, err = entryFor(path, conditions, when); err != nil {
			return err
		}
	}
	putDemand(root, path, scope, entry)
	holder, key := nodeAt(root, path[:len(path)-1]), path[len(path)-1]
	if always && !hides {
		addRequired(holder, key)
	} else {
		dropRequired(holder, key)
	}
	return nil
}

// shownWhen gives for the record, and for each row around a field, what has to hold
// there for the field to be shown; nil for nothing.
func shownWhen(root *object, path []string) []*schema.Condition {
	conditions := []*schema.Condition{nil}
	for i := range path {
		if path[i] == "*" {
			conditions = append(conditions, nil)
			continue
		}
		if c := conditionOf(nodeAt(root, path[:i+1]).get("x-when")); c != nil {
			last := len(conditions) - 1
			conditions[last] = both(conditions[last], c)
		}
	}
	return conditions
}

// both is true when a and b are; nil is no condition.
func both(a, b *schema.Condition) *schema.Condition {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return &schema.Condition{Op: "all", Subs: []*schema.Condition{a, b}}
}

// entryFor makes the entry of a field, and says in which scope it is to stand: the
// outermost of which a condition speaks, because that is what must be looked at.
func entryFor(path []string, conditions []*schema.Condition, when *schema.Condition) (scope []string, entry *object, err error) {
	last := len(conditions) - 1
	conditions[last] = both(conditions[last], when)
	scopes := scopesOf(path)
	first := slices.IndexFunc(conditions, func(c *schema.Condition) bool { return c != nil })
	inner := newObject("required", []any{path[len(path)-1]})
	for i := last; i >= first; i-- {
		end := len(path) - 1
		if i < last {
			end = scopes[i+1]
		}
		inner = nested(path[scopes[i]:end], inner)
		if conditions[i] == nil {
			continue
		}
		test, err := compile(conditions[i])
		if err != nil {
			return nil, nil, err
		}
		inner = newObject("if", test, "then", inner)
	}
	entry = newObject(requiredWhen, true)
	if when != nil {
		entry.set(requiredWhen, treeOf(when))
	}
	entry.set("if", inner.get("if"))
	entry.set("then", inner.get("then"))
	return path[:scopes[first]], entry, nil
}

// scopesOf gives how many steps of a path lead to the record and to each row around the
// field.
func scopesOf(path []string) []int {
	scopes := []int{0}
	for i, key := range path {
		if key == "*" {
			scopes = append(scopes, i+1)
		}
	}
	return scopes
}

// nested is a schema that asks of what stands at a path below what inner asks of it.
func nested(path []string, inner *object) *object {
	for _, key := range slices.Backward(path) {
		if key == "*" {
			inner = newObject("items", inner)
		} else {
			inner = newObject("properties", newObject(key, inner))
		}
	}
	return inner
}

// putDemand writes the entry of the field at path into a scope, in the place of the one
// that is there, and takes out any other; nil: all.
func putDemand(root *object, path, scope []string, entry *object) {
	eachScope(root, nil, func(o *object, at []string) {
		var rest []any
		put := entry == nil || !slices.Equal(at, scope)
		for _, v := range o.list("allOf") {
			if d, ok := demandOf(v, at); !ok || !slices.Equal(d.path, path) {
				rest = append(rest, v)
			} else if !put {
				rest, put = append(rest, entry), true
			}
		}
		if !put {
			rest = append(rest, entry)
		}
		switch {
		case len(rest) > 0:
			o.put("allOf", rest, "$defs")
		case len(o.list("allOf")) > 0:
			o.drop("allOf")
		}
	})
}

// writeDemands writes anew what fields at or below a path are required by, after
// something there changed that shows them.
func writeDemands(root *object, path []string) error {
	for _, d := range demandsIn(root) {
		if !begins(d.path, path) {
			continue
		}
		if nodeAt(root, d.path) == nil {
			putDemand(root, d.path, nil, nil)
			continue
		}
		if err := setRequired(root, d.path, d.always, d.when); err != nil {
			return err
		}
	}
	return nil
}

func begins(path, with []string) bool {
	return len(path) >= len(with) && slices.Equal(path[:len(with)], with)
}

// addRequired adds a key to "required", where the order of the properties has it.
func addRequired(holder *object, key string) {
	list := holder.texts("required")
	if slices.Contains(list, key) {
		return
	}
	order := holder.object("properties").keys
	at := slices.IndexFunc(list, func(other string) bool {
		return slices.Index(order, other) > slices.Index(order, key)
	})
	if at < 0 {
		at = len(list)
	}
	if !holder.has("required") {
		holder.put("required", []any{key}, "properties")
		return
	}
	holder.set("required", treeOf(slices.Insert(list, at, key)))
}

func dropRequired(holder *object, key string) {
	list := holder.texts("required")
	rest := slices.DeleteFunc(slices.Clone(list), func(k string) bool { return k == key })
	switch {
	case len(rest) == len(list):
	case len(rest) == 0:
		holder.drop("required")
	default:
		holder.set("required", treeOf(rest))
	}
}

// rulesAt lists what a type asks of the field at a path, and of those inside it, by a
// condition; and of the field itself always.
func rulesAt(root *object, path []string) []demand {
	var list []demand
	for _, d := range demandsIn(root) {
		if begins(d.path, path) {
			list = append(list, d)
		}
	}
	if slices.Contains(nodeAt(root, path[:len(path)-1]).texts("required"), path[len(path)-1]) {
		list = append(list, demand{path: path, always: true})
	}
	return list
}
