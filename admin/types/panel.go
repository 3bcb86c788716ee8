package types

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// controlID is the id of the element that a setting is entered in.
func controlID(setting string) string { return "set-" + setting }

// panel is the settings of what was chosen: of the type, or of a field.
func (b *builder) panel() (view.TypePanel, *view.FieldPanel, error) {
	if f := b.chosen; f != nil {
		panel, err := b.fieldPanel(f)
		return view.TypePanel{}, panel, err
	}
	d := b.work.draft
	title := view.Control{ID: controlID("label"), Do: "set", Setting: "label", Title: words.Say(b.ctx, "Title"),
		Hint: words.Say(b.ctx, "What one such record is called: Work order, Visit, Meter."), Input: view.InputText, Value: d.Title(), From: textFrom(d.Title())}
	help := view.Control{ID: controlID("help"), Do: "set", Setting: "help", Title: words.Say(b.ctx, "Help text"),
		Hint: words.Say(b.ctx, "Says in the app what it is for."), Input: view.InputLines, As: "lines", Value: d.Description(), From: textFrom(d.Description())}
	return view.TypePanel{Title: b.hold(title, nil), Help: b.hold(help, nil), Icon: b.hold(b.iconControl(), nil)}, nil, nil
}

func textFrom(text string) string {
	if text == "" {
		return "null"
	}
	return asJSON(text)
}

func (b *builder) fieldPanel(f *studio.Field) (*view.FieldPanel, error) {
	info := studio.InfoOf(f.Kind)
	at := encoded(f.Path)
	panel := &view.FieldPanel{
		At: at, ID: view.ElementID("panel-", at), Name: f.Name(), Key: f.Key(), Kind: words.Say(b.ctx, info.Title), Icon: info.Icon, Fixed: f.Elsewhere,
	}
	for _, note := range f.Notes {
		panel.Notes = append(panel.Notes, show.Sentence(b.ctx, note))
	}
	for _, e := range f.Problems {
		panel.Problems = append(panel.Problems, view.Fault{Message: show.Sentence(b.ctx, e.Message), Fix: show.Sentence(b.ctx, e.Fix)})
	}
	if f.Elsewhere {
		return panel, nil
	}
	groups, err := b.groups(f, info)
	panel.Groups = groups
	return panel, err
}

// groups puts a field's settings under their headings.
func (b *builder) groups(f *studio.Field, info studio.KindInfo) ([]view.Group, error) {
	basics := view.Group{ID: "group-basics", Title: words.Say(b.ctx, "Basics"), Open: true}
	rules := view.Group{ID: "group-rules", Title: words.Say(b.ctx, "Rules"), Open: true}
	conditions := view.Group{ID: "group-conditions", Title: words.Say(b.ctx, "Conditions"), Open: true}
	together := view.Group{ID: "group-together", Title: words.Say(b.ctx, "Two people at once"), Open: true}
	hand := view.Group{ID: "group-hand", Title: words.Say(b.ctx, "By hand"), Open: f.Kind == studio.Other,
		Lead: words.Say(b.ctx, "The field as JSON Schema. What no setting shows is edited here.")}

	basics.Controls = append(basics.Controls,
		b.hold(b.control(f, "label", words.Say(b.ctx, "Label"), "", view.InputText, "text"), f),
		b.hold(b.control(f, "help", words.Say(b.ctx, "Help text"), words.Say(b.ctx, "Stands under the label in the form."), view.InputLines, "lines"), f))
	if !f.Published && f.Kind != studio.Other && f.Into() == nil {
		basics.Controls = append(basics.Controls, b.hold(b.kindControl(f), f))
	}
	if f.Kind == studio.ChoiceOfOne || f.Kind == studio.Choices {
		basics.Controls = append(basics.Controls, b.choicesControl(f))
	}
	if f.Kind != studio.Series && f.Kind != studio.Other {
		rules.Controls = append(rules.Controls, b.hold(b.control(f, "required", words.Say(b.ctx, "Required"), b.requiredHint(f), view.InputYesNo, "yes"), f))
	}
	for _, s := range info.Settings {
		c, err := b.setting(f, s)
		if err != nil {
			return nil, err
		}
		switch {
		case s.Name == "json":
			hand.Controls = append(hand.Controls, b.hold(c, f))
		case s.Name == "merge":
			together.Controls = append(together.Controls, b.hold(c, f))
		case slices.Contains(basic, s.Name):
			basics.Controls = append(basics.Controls, b.hold(c, f))
		default:
			rules.Controls = append(rules.Controls, b.hold(c, f))
		}
	}
	if place := b.placeControl(f); place != nil {
		basics.Controls = append(basics.Controls, *place)
	}
	conditions.Controls = b.conditions(f)
	together.Controls = b.together(f, together.Controls)
	if len(hand.Controls) == 0 {
		hand.Controls = append(hand.Controls, b.hold(b.jsonControl(f), f))
	}
	var groups []view.Group
	for _, g := range []view.Group{basics, rules, conditions, together, hand} {
		if len(g.Controls) > 0 {
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// basic are the settings that say what a field is, rather than what it may hold.
var basic = []string{"unit", "whole", "formatted", "serial", "type", "many", "default"}

// control is a setting as it stands.
func (b *builder) control(f *studio.Field, name, title, hint string, input view.Input, as string) view.Control {
	now := f.Setting(name)
	c := view.Control{
		ID: controlID(name), At: encoded(f.Path), Do: "set", Setting: name, Title: title, Hint: hint, Input: input, As: as, From: asJSON(now),
	}
	c.Value = typedAs(now)
	return c
}

// typedAs is a value as a person types it.
func typedAs(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return asJSON(v)
}

// hold puts what was typed and not taken back into its control.
func (b *builder) hold(c view.Control, f *studio.Field) view.Control {
	h := b.held
	if h == nil || !sameField(h.order.path, f) {
		return c
	}
	own := h.order.setting
	switch {
	case h.order.do == "label":
		own = "label"
	case h.order.do == "make-kind":
		own = "kind"
	}
	if own != c.Setting && h.setting != c.Setting || own != c.Setting && own != "" {
		return c
	}
	b.shown = true
	if h.tried != nil {
		c.Value, c.Tester = h.order.value, h.tried
		return c
	}
	c.Value = h.order.value
	if h.clash == nil {
		c.Error = h.message
		return c
	}
	c.Clash = b.clashing(c)
	return c
}

// clashing is what two people set a control to, for one of them to choose.
func (b *builder) clashing(c view.Control) *view.Clash {
	was := b.held.clash
	clash := &view.Clash{Mine: b.spoken(c, was.Mine), Theirs: b.spoken(c, was.Theirs), MineValue: asJSON(was.Mine), TheirFrom: asJSON(was.Theirs)}
	if b.work.kept != nil && b.work.kept.By != b.Actor().Name {
		clash.By = b.work.kept.By
	}
	return clash
}

func sameField(path []string, f *studio.Field) bool {
	if f == nil {
		return len(path) == 0
	}
	return slices.Equal(path, f.Path)
}

// spoken is the value of a setting as a person reads it.
func (b *builder) spoken(c view.Control, v any) string {
	if c.Input == view.InputCondition {
		return b.spokenCondition(c, v)
	}
	switch {
	case v == nil && c.Input == view.InputYesNo:
		return words.Say(b.ctx, "No")
	case v == true:
		return words.Say(b.ctx, "Yes")
	case v == nil || v == "":
		return words.Say(b.ctx, "empty")
	}
	for _, m := range c.Ways {
		if m.Value == v {
			return m.Title
		}
	}
	return typedAs(v)
}

// setting is one of the kind's own settings.
func (b *builder) setting(f *studio.Field, s studio.Setting) (view.Control, error) {
	title, hint := words.Say(b.ctx, s.Title), words.Say(b.ctx, s.Hint)
	if s.Hint == "" {
		hint = ""
	}
	switch s.Input {
	case "yesno":
		return b.control(f, s.Name, title, hint, view.InputYesNo, "yes"), nil
	case "number", "whole":
		c := b.control(f, s.Name, title, hint, view.InputNumber, "number")
		if unit, ok := f.Settings["unit"].(string); ok && s.Input == "number" {
			c.Unit = unit
		}
		return c, nil
	case "lines":
		return b.control(f, s.Name, title, hint, view.InputLines, "lines"), nil
	case "pattern":
		c := b.control(f, s.Name, title, hint, view.InputPattern, "text")
		c.Tester = &view.Tester{}
		return c, nil
	case "value":
		return b.presetControl(f, s, title, hint), nil
	case "merge":
		c := b.control(f, s.Name, title, "", view.InputMerge, "text")
		for _, m := range f.Merges {
			c.Ways = append(c.Ways, view.MergeWay{Value: string(m.Strategy), Title: words.Say(b.ctx, m.Title), Says: mergeSaid(b.ctx, string(m.Strategy), f.Kind), Chosen: m.Chosen})
		}
		return c, nil
	case "type":
		return b.typeControl(f, s, title, hint)
	case "pick":
		c := b.control(f, s.Name, title, hint, view.InputSelect, "text")
		for _, o := range s.Options {
			c.Choices = append(c.Choices, templates.Choice{Value: o.Value, Label: words.Say(b.ctx, o.Title), Chosen: o.Value == c.Value})
		}
		return c, nil
	case "json":
		return b.jsonControl(f), nil
	}
	return b.control(f, s.Name, title, hint, view.InputText, "text"), nil
}

func (b *builder) jsonControl(f *studio.Field) view.Control {
	c := b.control(f, "json", words.Say(b.ctx, "JSON Schema"), "", view.InputCode, "code")
	c.Value = string(f.Raw)
	return c
}

// presetControl asks for a value of the field itself.
func (b *builder) presetControl(f *studio.Field, s studio.Setting, title, hint string) view.Control {
	switch f.Kind {
	case studio.Number, studio.Counter, studio.Meter:
		return b.control(f, s.Name, title, hint, view.InputNumber, "number")
	case studio.Date:
		return b.control(f, s.Name, title, hint, view.InputDate, "text")
	case studio.Time:
		return b.control(f, s.Name, title, hint, view.InputTime, "text")
	case studio.YesNo, studio.ChoiceOfOne:
		c := b.control(f, s.Name, title, hint, view.InputSelect, "json")
		c.Choices = []templates.Choice{{Value: "", Label: words.Say(b.ctx, "Nothing"), Chosen: c.From == "null"}}
		if f.Kind == studio.YesNo {
			c.Choices = append(c.Choices, templates.Choice{Value: "true", Label: words.Say(b.ctx, "Yes"), Chosen: c.From == "true"},
				templates.Choice{Value: "false", Label: words.Say(b.ctx, "No"), Chosen: c.From == "false"})
		}
		for _, one := range f.Choices {
			c.Choices = append(c.Choices, templates.Choice{Value: asJSON(one.Value), Label: one.Words(), Chosen: asJSON(one.Value) == c.From})
		}
		return c
	}
	return b.control(f, s.Name, title, hint, view.InputText, "text")
}

// typeControl asks for the type whose records a field refers to.
func (b *builder) typeControl(f *studio.Field, s studio.Setting, title, hint string) (view.Control, error) {
	c := b.control(f, s.Name, title, hint, view.InputSelect, "text")
	types, err := b.asks.Types(b.ctx, b.Actor())
	if err != nil {
		return c, err
	}
	c.Choices = []templates.Choice{{Value: "", Label: words.Say(b.ctx, "Choose a type"), Chosen: c.Value == ""}}
	known := c.Value == ""
	for _, t := range types {
		c.Choices = append(c.Choices, templates.Choice{Value: t.Name, Label: cmp.Or(t.Schema.Title(), t.Name), Chosen: t.Name == c.Value})
		known = known || t.Name == c.Value
	}
	if !known {
		c.Choices = append(c.Choices, templates.Choice{Value: c.Value, Label: words.Say(b.ctx, "%s (not published yet)", c.Value), Chosen: true})
	}
	return c, nil
}

// kindControl makes the field one of another kind, while no record holds a value of it.
func (b *builder) kindControl(f *studio.Field) view.Control {
	c := view.Control{ID: controlID("kind"), At: encoded(f.Path), Do: "make-kind", Setting: "kind", Title: words.Say(b.ctx, "Kind"), Input: view.InputSelect, As: "text", From: "null",
		Hint: words.Say(b.ctx, "Can be changed until it is published. Its own rules begin anew then.")}
	for _, k := range studio.Kinds() {
		if k.Example == "" || k.Holds && k.Kind != studio.Address || k.Kind == studio.Series && len(f.Path) > 1 {
			continue
		}
		c.Choices = append(c.Choices, templates.Choice{Value: string(k.Kind), Label: words.Say(b.ctx, k.Title), Chosen: k.Kind == f.Kind})
	}
	return c
}

func (b *builder) requiredHint(f *studio.Field) string {
	if f.When != nil {
		return words.Say(b.ctx, "Only while it is shown: a hidden field never blocks.")
	}
	return ""
}

// choicesControl is the editor of the choices.
func (b *builder) choicesControl(f *studio.Field) view.Control {
	c := view.Control{ID: controlID("choices"), At: encoded(f.Path), Setting: "choices", Title: words.Say(b.ctx, "Choices"), Input: view.InputChoices}
	c.Editor = &view.Choices{At: c.At, Back: withQuery(formPath(b.work.name), "field", c.At)}
	h := b.held
	if h != nil && !sameField(h.order.path, f) {
		h = nil
	}
	for _, one := range f.Choices {
		value := asJSON(one.Value)
		row := view.ChoiceRow{ID: view.ElementID(c.ID+"-", value), Value: value, Label: one.Words(), From: asJSON(one.Words()), Published: one.Published}
		if one.Label != "" && one.Label != one.Value {
			row.Key = typedAs(one.Value)
		}
		row.Leave = withQuery(formPath(b.work.name), "field", c.At, "drop", value)
		if b.at.drop == value && one.Published {
			row.Leaving, row.Says = true, b.leaving(f, one)
		}
		if h != nil && h.order.choice == value {
			row.Typed = view.Typed{Text: h.order.value, Error: h.message}
			b.shown = true
		}
		c.Editor.List = append(c.Editor.List, row)
	}
	if h != nil && h.order.do == "add-choice" {
		c.Editor.Typed = view.Typed{Text: h.order.value, Error: h.message}
		b.shown = true
	}
	return c
}

// sentence is a condition in words.
func (b *builder) sentence(c *schema.Condition) string {
	return show.Sentence(b.ctx, c.Sentence(b.work.draft.Schema()))
}

// together says what happens when two people edit the field offline.
func (b *builder) together(f *studio.Field, controls []view.Control) []view.Control {
	if len(f.Merges) < 2 {
		says := mergeSaid(b.ctx, string(f.Strategy), f.Kind)
		if says == "" {
			says = words.Say(b.ctx, "It is said here once the draft is a type.")
		}
		controls = append(controls, view.Control{ID: controlID("merge-says"), Input: view.InputSays, Value: says})
	}
	controls[len(controls)-1].Rehearse = withQuery(formPath(b.work.name)+"/rehearse", "field", encoded(f.Path))
	return controls
}
