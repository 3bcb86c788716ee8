package studio

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// readFields reads the fields of an object at a path.
func (d *Draft) readFields(holder *object, path []string) []*Field {
	properties := holder.object("properties")
	if properties == nil {
		return nil
	}
	var list []*Field
	for _, key := range properties.keys {
		f := d.readField(properties.get(key), below(path, key))
		f.Required = f.Required || slices.Contains(holder.texts("required"), key)
		list = append(list, f)
	}
	return list
}

// readField reads one field.
func (d *Draft) readField(raw any, path []string) *Field {
	o, _ := raw.(*object)
	f := &Field{Path: path, Kind: kindOf(o), Raw: json.RawMessage(canonicalText(raw)), node: o}
	f.Label, f.Help = o.text("title"), o.text("description")
	f.When = conditionOf(o.get("x-when"))
	f.Published = d.publishedAt(path) != nil
	d.readRequired(f)
	if f.Kind != Other {
		f.Settings = settingsOf(f.Kind, o)
		f.Choices = d.fieldChoices(f)
	}
	if d.parsed != nil {
		if told, ok := d.parsed.Field(path); ok {
			f.Strategy, f.Why = told.Strategy, told.Why
		}
	}
	f.Merges = mergesOf(f)
	f.Notes = notesOf(f)
	d.byPath[pathKey(path)] = f
	switch f.Kind {
	case Group, Address, Checklist:
		f.Fields = d.readFields(o, path)
	case Rows:
		f.Fields = d.readFields(o.object("items"), below(path, "*"))
	}
	return f
}

// canonicalText is a tree as JSON, in its own order.
func canonicalText(v any) []byte {
	return []byte(strings.TrimSuffix(string(writeTree(v).text), "\n"))
}

func conditionOf(v any) *schema.Condition {
	if v == nil {
		return nil
	}
	c, err := schema.ConditionFromValue(plain(v))
	if err != nil {
		return nil
	}
	return c
}

// choiceNode is the part of a field's schema that has its choices, nil for a kind
// without any.
func choiceNode(k Kind, o *object) *object {
	switch k {
	case ChoiceOfOne:
		return o
	case Choices:
		return o.object("items")
	}
	return nil
}

func (d *Draft) fieldChoices(f *Field) []Choice {
	node := choiceNode(f.Kind, f.node)
	if node == nil {
		return nil
	}
	list := choicesOf(node)
	for i := range list {
		list[i].Published = slices.ContainsFunc(d.publishedChoices(f.Path), func(v any) bool { return same(v, list[i].Value) })
	}
	return list
}

// notesOf says what a field still lacks to be of use.
func notesOf(f *Field) []schema.Sentence {
	switch {
	case (f.Kind == ChoiceOfOne || f.Kind == Choices) && len(f.Choices) == 0:
		return []schema.Sentence{schema.Says("It has no choices yet: until then any text may be entered.")}
	case f.Kind == Reference && f.Settings["type"] == nil:
		return []schema.Sentence{schema.Says("Choose which records it refers to.")}
	}
	return nil
}

// addElsewhere adds the fields that only branches of the schema speak of.
func (d *Draft) addElsewhere() {
	if d.parsed == nil {
		return
	}
	for _, told := range d.parsed.Fields() {
		if len(told.Path) != 1 || told.Path[0] == "*" || d.Field(told.Path) != nil {
			continue
		}
		f := &Field{Path: told.Path, Kind: Other, Label: told.Title, Help: told.Description, Required: told.Required,
			Strategy: told.Strategy, Why: told.Why, Elsewhere: true, Published: d.publishedAt(told.Path) != nil}
		d.fields = append(d.fields, f)
		d.byPath[pathKey(f.Path)] = f
	}
}

// attachFaults puts each fault on the field that it is about.
func (d *Draft) attachFaults() {
	for _, fault := range d.faults {
		if f := d.Field(d.FieldAt(fault.Path)); f != nil {
			f.Problems = append(f.Problems, fault)
		}
	}
}

// FieldAt is the path of the field that a place in the draft's JSON belongs to, by its
// JSON Pointer; nil for the type as a whole.
func (d *Draft) FieldAt(pointer string) []string {
	var path, found []string
	list := stepsOf(pointer)
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == "properties" && i+1 < len(list):
			i++
			path = append(path, list[i])
		case list[i] == "items":
			path = append(path, "*")
		default:
			return slices.Clone(found)
		}
		if d.Field(path) != nil {
			found = path[:len(path):len(path)]
		}
	}
	return slices.Clone(found)
}
