package condition

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/condition"
	"github.com/fieldstack/fieldstack/templates/words"
)

// maxNested is how many levels of groups people make by hand; a condition that has more
// is shown whole.
const maxNested = 3

// View gives what the component shows. label says what the condition is for; post is
// where its form goes, with script: "" sends the form as a whole only.
func (m *Model) View(ctx context.Context, label, post string) condition.Model {
	v := viewing{m, ctx}
	view := condition.Model{Name: m.name, Label: label, Post: post, Root: v.part(m.root, "", 1, 0)}
	// The sentence is of what stands there, unless a row is not finished.
	asked := m.judged
	if c, ok := m.Condition(); ok && c != nil {
		view.Says = show.Sentence(ctx, c.Sentence(m.schema))
	}
	m.judged = asked
	return view
}

// viewing is a view in the making.
type viewing struct {
	*Model
	ctx context.Context
}

func (v viewing) part(n *node, path string, depth, number int) condition.Part {
	p := condition.Part{Path: path, Number: number, Focus: n == v.focus}
	if n.fault != "" && (v.judged || n.kept != nil || n.fault == tooMuch) {
		p.Error = words.Say(v.ctx, n.fault)
	}
	switch {
	case n.kept != nil:
		p.Kept = keptJSON(n.kept)
		p.Sentence = show.Sentence(v.ctx, n.kept.Sentence(v.schema))
	case n.join != "":
		p.Group, p.Nests, p.Joins = true, depth < maxNested, v.joins(n.join)
		for i, sub := range n.subs {
			p.Parts = append(p.Parts, v.part(sub, strings.TrimPrefix(path+"."+strconv.Itoa(i), "."), depth+1, i+1))
		}
	default:
		v.row(n, &p)
	}
	return p
}

func keptJSON(c *schema.Condition) string {
	text, err := c.MarshalJSON()
	if err != nil {
		return "false" // never: a condition is always JSON
	}
	return string(text)
}

// joins are the ways that conditions go together, the one of a new group first.
func (v viewing) joins(join string) []templates.Choice {
	return []templates.Choice{
		{Value: "all", Label: words.Say(v.ctx, "all of these hold"), Chosen: join == "all"},
		{Value: "any", Label: words.Say(v.ctx, "at least one of these holds"), Chosen: join == "any"},
		{Value: "none", Label: words.Say(v.ctx, "none of these holds"), Chosen: join == "none"},
	}
}

func (v viewing) row(n *node, p *condition.Part) {
	p.Fields = v.fields(n.field)
	field, known := v.schema.Field(n.field)
	if !known {
		return
	}
	chosen, _ := find(operatorsOf(v.schema, field, true), n.choice)
	for _, o := range operatorsOf(v.schema, field, isRare(chosen)) {
		p.Ops = append(p.Ops, templates.Choice{Value: o.id, Label: words.Say(v.ctx, o.text), Chosen: o.id == n.choice})
	}
	p.Control = string(chosen.control)
	if chosen.control.coded() {
		p.Choices = v.choices(field, n.values, chosen.control == oneChoice)
		return
	}
	p.Text = strings.Join(texts(n.values), "\n")
}

// isRare reports whether an operator is one that is shown only where it is chosen.
func isRare(o operator) bool { return o.id == noValue.id || o.id == aValue.id }

// fields are what a row may be about; one that is chosen and not there any more is a
// choice of its own, so that nothing else seems chosen.
func (v viewing) fields(chosen []string) []templates.Choice {
	var list []templates.Choice
	there := false
	for _, f := range fieldsOf(v.schema) {
		is := slices.Equal(f.Path, chosen)
		there = there || is
		if f.Deprecated && !is {
			continue
		}
		list = append(list, templates.Choice{Value: joinKeys(f.Path), Label: labelOf(v.schema, f.Path), Chosen: is})
	}
	if there {
		return list
	}
	label := labelOf(v.schema, chosen)
	if label == "" {
		label = words.Say(v.ctx, "Choose a field")
	}
	return slices.Insert(list, 0, templates.Choice{Value: joinKeys(chosen), Label: label, Chosen: true})
}

// choices are the values of a field to choose from. Before one is chosen, none is.
func (v viewing) choices(f schema.Field, values []any, one bool) []templates.Choice {
	var list []templates.Choice
	chosen := false
	offered := choicesOf(v.schema, f)
	for _, o := range optionsOf(v.schema, f) {
		if !slices.Contains(offered, o.Value) {
			continue
		}
		is := slices.Contains(values, o.Value)
		chosen = chosen || is
		list = append(list, templates.Choice{Value: coding(o.Value), Label: v.choiceLabel(o), Chosen: is})
	}
	if one && !chosen {
		list = slices.Insert(list, 0, templates.Choice{Label: words.Say(v.ctx, "Choose …"), Chosen: true})
	}
	return list
}

// choiceLabel is what people call one value.
func (v viewing) choiceLabel(o schema.Option) string {
	switch {
	case o.Title != "":
		return o.Title
	case o.Value == true:
		return words.Say(v.ctx, "Yes")
	case o.Value == false:
		return words.Say(v.ctx, "No")
	}
	return typedAs(o.Value)
}
