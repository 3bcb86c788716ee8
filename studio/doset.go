package studio

import (
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// clash is a *Clash where somebody changed what a command is about to something that
// its author neither saw nor wants.
func clash(c Command, setting string, now, value any) error {
	now, value, from := valueOf(now), valueOf(value), valueOf(c.From)
	if same(now, from) || same(now, value) {
		return nil
	}
	return &Clash{Path: c.Path, Setting: setting, Mine: value, Theirs: now, From: from}
}

// setOfType sets the label, the help or the icon of the type.
func (m *doer) setOfType(c Command) error {
	word := map[string]string{"label": "title", "help": "description", "icon": "x-icon"}[c.Setting]
	if word == "" {
		return refuse("setting", "A type has no setting %q.", c.Setting)
	}
	if err := clash(c, c.Setting, m.root.get(word), c.Value); err != nil {
		return err
	}
	text, _ := valueOf(c.Value).(string)
	if word == "title" && strings.TrimSpace(text) == "" {
		return refuse("label", "A type needs a title that people know it by.")
	}
	setText(m.root, word, text, "type")
	return nil
}

// setText sets a text, or takes it out where it is empty; a new one stands before the
// keyword before.
func setText(o *object, word, text, before string) {
	if strings.TrimSpace(text) == "" {
		o.drop(word)
		return
	}
	o.put(word, text, before)
}

// set changes one setting of a field.
func (m *doer) set(f *Field, c Command) error {
	if f.Kind == Other && c.Setting != "json" && c.Setting != "label" && c.Setting != "help" && c.Setting != "required" || !f.Kind.has(c.Setting) {
		return refuse("setting", "%s has no setting %q.", f.Name(), c.Setting)
	}
	value := valueOf(c.Value)
	if c.Setting == "json" {
		return m.setJSON(f, c)
	}
	if value == "" || value == false && c.Setting != "default" {
		value = nil
	}
	if err := clash(c, c.Setting, f.Setting(c.Setting), value); err != nil {
		return err
	}
	if same(f.Setting(c.Setting), value) {
		return nil
	}
	if want := mustBe(c.Setting, value); !want.IsEmpty() {
		return refuse(c.Setting, "It must be %s.", want)
	}
	node := m.node(f.Path)
	switch c.Setting {
	case "label":
		return setLabel(node, value)
	case "help":
		text, _ := value.(string)
		setText(node, "description", text, "type")
		return nil
	case "required":
		return m.setAlways(f, value == true)
	}
	if err := setSetting(f.Kind, c.Setting, node, value); err != nil {
		return err
	}
	return boundsFit(f.Kind, c.Setting, node)
}

// mustBe says what kind of value a setting that is not one keyword takes, nothing where it is
// such a value.
func mustBe(setting string, value any) schema.Sentence {
	switch setting {
	case "label", "help", "type", "merge":
		if _, ok := value.(string); !ok && value != nil {
			return schema.Says("a text")
		}
	case "required", "whole", "formatted", "many":
		if _, ok := value.(bool); !ok && value != nil {
			return schema.Says("yes or no")
		}
	}
	return schema.Sentence{}
}

func setLabel(node *object, value any) error {
	text, _ := value.(string)
	if strings.TrimSpace(text) == "" {
		return refuse("label", "A field needs a label: it is what people read.")
	}
	setText(node, "title", strings.TrimSpace(text), "type")
	return nil
}

// setAlways makes a field required, or not.
func (m *doer) setAlways(f *Field, always bool) error {
	if f.Kind == Series && always {
		return refuse("required", "The server fills it in by itself.")
	}
	return setRequired(m.root, f.Path, always, nil)
}

// boundsFit refuses a lower bound above the upper one.
func boundsFit(k Kind, changed string, node *object) error {
	for _, pair := range [][2]string{{"minimum", "maximum"}, {"min-length", "max-length"}, {"min-items", "max-items"}} {
		if changed != pair[0] && changed != pair[1] {
			continue
		}
		least, hasLeast := settingOf(k, pair[0], node).(float64)
		most, hasMost := settingOf(k, pair[1], node).(float64)
		if hasLeast && hasMost && least > most {
			return refuse(changed, "The least, %s, is above the most, %s: no value could be entered.", canonical(least), canonical(most))
		}
	}
	return nil
}

// setJSON replaces the schema of one field.
func (m *doer) setJSON(f *Field, c Command) error {
	value, err := jsonOf(c.Value)
	if err != nil {
		return err
	}
	from, err := jsonOf(c.From)
	if err != nil {
		from = nil
	}
	c.From = plain(from)
	if err := clash(c, "json", plain(f.node), plain(value)); err != nil {
		return err
	}
	m.holder(f.Path).object("properties").set(f.Key(), value)
	return writeDemands(m.root, f.Path)
}

// jsonOf reads a schema that is given as text or as JSON.
func jsonOf(v any) (any, error) {
	text, ok := v.(string)
	if !ok {
		return treeOf(v), nil
	}
	tree, err := readTree([]byte(text))
	if err != nil {
		return nil, refuse("json", "This is not JSON: %s", err)
	}
	return tree, nil
}

// setCondition says when a field is shown.
func (m *doer) setCondition(f *Field, c Command) error {
	condition, err := readCondition(c.Value, "condition")
	if err != nil {
		return err
	}
	if asks(condition, f.Path[:lastScope(f.Path)], f.Path) {
		return refuse("condition", "%s cannot decide by itself whether it is shown: ask for another field.", f.Name())
	}
	if err := clash(c, "condition", treeOfCondition(f.When), treeOfCondition(condition)); err != nil {
		return err
	}
	node := m.node(f.Path)
	if condition == nil {
		node.drop("x-when")
	} else {
		node.set("x-when", treeOfCondition(condition))
	}
	if f.Required || f.RequiredWhen != nil {
		if err := setRequired(m.root, f.Path, f.Required, f.RequiredWhen); err != nil {
			return err
		}
	}
	return writeDemands(m.root, f.Path)
}

// setRequiredWhen says under which condition a field is required.
func (m *doer) setRequiredWhen(f *Field, c Command) error {
	condition, err := readCondition(c.Value, "required-when")
	if err != nil {
		return err
	}
	if asks(condition, f.Path[:lastScope(f.Path)], f.Path) {
		return refuse("required-when", "%s cannot decide by itself whether it is required: ask for another field.", f.Name())
	}
	if err := clash(c, "required-when", treeOfCondition(f.RequiredWhen), treeOfCondition(condition)); err != nil {
		return err
	}
	if f.Kind == Series && condition != nil {
		return refuse("required-when", "The server fills it in by itself.")
	}
	if condition != nil && condition.Op == "true" {
		return setRequired(m.root, f.Path, true, nil)
	}
	if err := m.fits(f, condition); err != nil {
		return err
	}
	return setRequired(m.root, f.Path, f.Required && condition == nil, condition)
}

// fits refuses a condition that asks for what is not there, or compares it with what it
// cannot be.
func (m *doer) fits(f *Field, c *schema.Condition) error {
	if c == nil || m.parsed == nil {
		return nil
	}
	// As a condition that shows the field it would be checked in its own surroundings.
	tried := clone(m.whole).(*object)
	if nodeAt(tried, f.Path) == nil {
		return nil
	}
	nodeAt(tried, f.Path).set("x-when", treeOfCondition(c))
	_, err := schema.Parse(canonicalText(tried))
	faults := schema.Errors(err)
	if len(faults) == 0 {
		return nil
	}
	says := faults[0].Message
	if strings.Contains(says.Text, `"x-when"`) && len(says.Args) == 2 {
		says = schema.Says("The condition of the field %q does not fit: %s", says.Args...)
	}
	return &Refusal{Field: "required-when", Message: says}
}

func readCondition(v any, setting string) (*schema.Condition, error) {
	if v = valueOf(v); v == nil {
		return nil, nil
	}
	c, err := schema.ConditionFromValue(v)
	if err != nil {
		return nil, &Refusal{Field: setting, Message: schema.OfError(err)}
	}
	return c, nil
}

func treeOfCondition(c *schema.Condition) any {
	if c == nil {
		return nil
	}
	return treeOf(c)
}
