package studio

import (
	"errors"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// Do makes one command and gives the draft that comes of it; d stays as it is. The
// error is a *Refusal, or a *Clash where a setting is no longer what its author saw. A
// command that changes nothing gives a draft that is the same.
func (d *Draft) Do(c Command) (*Draft, error) {
	next, last, err := d.do(c)
	if err != nil {
		return nil, withPath(err, c.Path)
	}
	made := draftOf(next, d.history)
	// A whole text that is no type yet is kept too: it can be mended where it is wrong.
	if c.Do != "replace" {
		if err := d.allow(made, last); err != nil {
			return nil, withPath(err, c.Path)
		}
	}
	made.last = last
	if changes := differences(made.whole, d.whole); len(changes) > 0 {
		made.undo = &Command{Do: "patch", Path: last, Value: changes}
	}
	return made, nil
}

// withPath tells a refusal which field it is about.
func withPath(err error, path []string) error {
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.Path == nil {
		refusal.Path = path
	}
	return err
}

// doer is a draft being changed.
type doer struct {
	*Draft
	root *object // a copy, to change
	last []string
}

// do gives the tree that a command makes.
func (d *Draft) do(c Command) (tree any, last []string, err error) {
	switch c.Do {
	case "replace":
		tree, err = d.replace(c)
		return tree, nil, err
	case "patch":
		tree, err = d.patch(c)
		return tree, c.Path, err
	}
	if d.root == nil {
		return nil, nil, refuse("", "The draft is no JSON object: write it as JSON first.")
	}
	m := &doer{Draft: d, root: clone(d.root).(*object), last: c.Path}
	if err := m.run(c); err != nil {
		return nil, nil, err
	}
	return m.root, m.last, nil
}

func (m *doer) run(c Command) error {
	switch c.Do {
	case "add":
		return m.add(c)
	case "set-title":
		c.Path, c.Setting = nil, "label"
		return m.setOfType(c)
	}
	if c.Do == "set" && len(c.Path) == 0 {
		return m.setOfType(c)
	}
	if c.Do == "set-section" && len(c.Path) == 0 {
		return m.renameSection(c)
	}
	if c.Do == "bring-back" {
		return m.bringBack(c)
	}
	f, err := m.field(c.Path)
	if err != nil {
		return err
	}
	switch c.Do {
	case "set":
		return m.set(f, c)
	case "move":
		return m.move(f, c)
	case "remove":
		return m.remove(f, c)
	case "move-into":
		return m.moveInto(f, c)
	case "duplicate", "duplicate-into":
		return m.duplicate(f, c)
	case "add-choice", "set-choice", "move-choice", "remove-choice":
		return m.choice(f, c)
	case "set-condition":
		return m.setCondition(f, c)
	case "set-required-when":
		return m.setRequiredWhen(f, c)
	case "set-section":
		return m.beginSection(f, c)
	case "set-json":
		c.Setting = "json"
		return m.set(f, c)
	}
	return refuse("do", "There is no command %q.", c.Do)
}

// field finds the field that a command is about, where a command can change it.
func (m *doer) field(path []string) (*Field, error) {
	f := m.Field(path)
	switch {
	case f == nil:
		return nil, refuse("", "There is no field %q any more: somebody may have removed it.", strings.Join(path, "."))
	case f.Elsewhere:
		return nil, refuse("", "%s is written in a part of the schema that only the JSON shows: change it there.", f.Name())
	}
	return f, nil
}

// node is the schema of a field in the copy, an object even where it was true.
func (m *doer) node(path []string) *object {
	if node := nodeAt(m.root, path); node != nil {
		return node
	}
	node := newObject()
	m.holder(path).object("properties").set(path[len(path)-1], node)
	return node
}

// holder is the object in the copy that has a field among its properties.
func (m *doer) holder(path []string) *object {
	return nodeAt(m.root, path[:len(path)-1])
}

// allow refuses what would leave a valid draft invalid, or one that can be published
// unable to follow the versions there are.
func (d *Draft) allow(next *Draft, path []string) error {
	if d.parsed == nil {
		return nil
	}
	if next.parsed == nil {
		return &Refusal{Field: faultSetting(next.faults), Message: schema.OfError(next.faults[0])}
	}
	if err := next.defaultFits(path); err != nil {
		return err
	}
	before := d.refused()
	for _, difference := range next.refused() {
		same := func(other schema.Difference) bool {
			return other.Kind == difference.Kind && slices.Equal(other.Path, difference.Path)
		}
		if !slices.ContainsFunc(before, same) {
			return &Refusal{Message: schema.Join(difference.Message, difference.Devices)}
		}
	}
	return nil
}

// faultSetting is the setting that a fault is most likely about.
func faultSetting(faults []*schema.SchemaError) string {
	list := stepsOf(faults[0].Path)
	if len(list) == 0 {
		return ""
	}
	for name, w := range words {
		if w.name == list[len(list)-1] {
			return name
		}
	}
	switch {
	case slices.Contains(list, "x-when"):
		return "condition"
	case list[len(list)-1] == "x-merge":
		return "merge"
	case list[len(list)-1] == "x-ref":
		return "type"
	}
	return ""
}

// refused are the differences to the published versions that forbid publishing.
func (d *Draft) refused() []schema.Difference {
	var history []*schema.Schema
	for _, v := range d.history {
		if v.parsed != nil {
			history = append(history, v.parsed)
		}
	}
	if len(history) == 0 || d.parsed == nil {
		return nil
	}
	refused := schema.Compare(history[len(history)-1], d.parsed).Refused()
	return append(refused, schema.Returned(history, d.parsed)...)
}

// defaultFits refuses a field that would begin with a value that breaks its own rules.
func (d *Draft) defaultFits(path []string) error {
	f := d.Field(path)
	if f == nil || f.Elsewhere || !f.node.has("default") || slices.Contains(path, "*") {
		return nil
	}
	if problems := d.parsed.ValidateField(path, plain(f.node.get("default")), false); len(problems) > 0 {
		return refuse("default", "It starts as %s, which would not be allowed: %s", canonical(f.node.get("default")), problems[0].Message)
	}
	return nil
}
