package types

import (
	"cmp"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// The conditions of a field, by the names of their settings: when it is shown, and when
// it is required.
const (
	shownWhen    = "condition"
	requiredWhen = "required-when"
)

// sentence reads a condition as it is made in the panel. While a row is added or chosen
// only the panel moves; the draft has it when it is whole and kept.
func (p *pages) sentence(v *ui.Visit, name string, o order) error {
	w, err := p.open(v, name)
	if err != nil {
		return err
	}
	f := w.draft.Field(o.path)
	if f == nil || o.setting != shownWhen && o.setting != requiredWhen {
		return p.refused(v, w, o, &studio.Refusal{Path: o.path, Message: schema.Says("There is no such field any more: somebody may have removed it.")})
	}
	around := surroundings(w.draft, f)
	if around == nil {
		return p.refused(v, w, o, &studio.Refusal{Path: o.path, Message: schema.Says("The draft is no type yet: mend it first, then say when this field is there.")})
	}
	m := condition.Read(o.form, around, o.setting)
	at := place{field: encoded(o.path), edit: o.setting}
	if m.Acted {
		return p.show(v, w, at, &held{order: o.making(m)})
	}
	made, whole := m.Condition()
	if !whole {
		at.focus = controlID(o.setting)
		return p.show(v, w, at, &held{order: o.making(m), status: fiber.StatusUnprocessableEntity})
	}
	o.do, o.value = "set-"+o.setting, conditionJSON(made)
	if w, err = p.change(v, name, o.page, o.command); err != nil {
		return p.refused(v, w, o.making(m), err)
	}
	p.remember(v, w, o)
	return p.goOn(v, name, place{field: encoded(o.path), focus: controlID(o.setting) + "-change"})
}

// surroundings is what a condition of a field looks at: the record, or the row that the
// field stands in. Nil while that is no type.
func surroundings(d *studio.Draft, f *studio.Field) *schema.Schema {
	for i := len(f.Path) - 1; i >= 0; i-- {
		if f.Path[i] != "*" {
			continue
		}
		rows := d.Field(f.Path[:i])
		if rows == nil {
			return nil
		}
		node, _ := rows.Setting("json").(map[string]any)
		text, err := json.Marshal(node["items"])
		if err != nil {
			return nil
		}
		s, err := schema.Parse(text)
		if err != nil {
			return nil
		}
		return s
	}
	return d.Schema()
}

func conditionJSON(c *schema.Condition) string {
	if c == nil {
		return "null"
	}
	return asJSON(c)
}

// conditions say when the field is shown and required, or are where that is said.
func (b *builder) conditions(f *studio.Field) []view.Control {
	shown := b.condition(f, shownWhen, f.When, words.Say(b.ctx, "Shown"), words.Say(b.ctx, "Show this field when …"))
	if f.When == nil {
		shown.Condition.Sentence = words.Say(b.ctx, "Always.")
	}
	shown.Condition.Clear = words.Say(b.ctx, "Always show it")
	shown.Condition.Lead = words.Say(b.ctx, "The form shows it while this holds. What was entered before stays.")
	if f.Kind == studio.Series {
		return []view.Control{shown}
	}
	required := b.condition(f, requiredWhen, f.RequiredWhen, words.Say(b.ctx, "Required"), words.Say(b.ctx, "Required when …"))
	switch {
	case f.RequiredWhen != nil:
	case f.Required && f.When != nil:
		required.Condition.Sentence = words.Say(b.ctx, "Whenever it is shown.")
	case f.Required:
		required.Condition.Sentence = words.Say(b.ctx, "Always.")
	default:
		required.Condition.Sentence = words.Say(b.ctx, "Never.")
	}
	required.Condition.Clear = words.Say(b.ctx, "Not by a condition")
	required.Condition.Lead = words.Say(b.ctx, "Nobody can save a record without it while this holds. A hidden field never blocks.")
	return []view.Control{shown, required}
}

// condition is one of them: c as it stands in the draft, as a sentence, and its editor
// where somebody is at it.
func (b *builder) condition(f *studio.Field, setting string, c *schema.Condition, title, label string) view.Control {
	at := encoded(f.Path)
	form := formPath(b.work.name)
	control := view.Control{
		ID: controlID(setting), At: at, Do: "set-" + setting, Setting: setting, Title: title, Input: view.InputCondition, From: conditionJSON(c),
		Condition: &view.Condition{Cancel: withQuery(form, "field", at)},
	}
	if c != nil {
		control.Condition.Sentence = words.Say(b.ctx, "When %s.", b.sentenceOf(c, f))
	}
	around := surroundings(b.work.draft, f)
	if around == nil {
		return control
	}
	control.Condition.Edit = withQuery(form, "field", at, "edit", setting)
	m := b.made(f, setting)
	if m == nil && b.at.edit == setting && (b.held == nil || b.held.clash == nil) {
		if m = condition.New(c, around, setting); m.Empty() {
			m.AddRow()
		}
	}
	if m != nil {
		editor := m.View(b.ctx, label, "")
		control.Condition.Editor = &editor
	}
	return b.holdCondition(control, f)
}

// made is the condition of a field as somebody is making it, nil where nobody is.
func (b *builder) made(f *studio.Field, setting string) *condition.Model {
	if h := b.held; h != nil && h.order.setting == setting && sameField(h.order.path, f) && h.clash == nil {
		b.shown = b.shown || h.order.model != nil
		return h.order.model
	}
	return nil
}

// holdCondition puts a condition that was not taken back where it was made.
func (b *builder) holdCondition(c view.Control, f *studio.Field) view.Control {
	h := b.held
	if h == nil || h.order.setting != c.Setting || !sameField(h.order.path, f) || h.message == "" {
		return c
	}
	b.shown = true
	if h.clash == nil {
		c.Error = h.message
		return c
	}
	// What they made of it is worth more than what is half made here.
	c.Condition.Editor = nil
	c.Clash = b.clashing(c)
	return c
}

// spokenCondition is a condition that somebody wants, in words.
func (b *builder) spokenCondition(c view.Control, v any) string {
	wanted, err := schema.ConditionFromValue(v)
	switch {
	case v != nil && err == nil:
		return words.Say(b.ctx, "When %s.", b.sentenceOf(wanted, b.chosen))
	case c.Setting == shownWhen:
		return words.Say(b.ctx, "Always.")
	}
	return words.Say(b.ctx, "Not by a condition")
}

// sentenceOf is a condition of a field in words.
func (b *builder) sentenceOf(c *schema.Condition, f *studio.Field) string {
	return show.Sentence(b.ctx, c.Sentence(cmp.Or(surroundings(b.work.draft, f), b.work.draft.Schema())))
}
