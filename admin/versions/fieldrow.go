package versions

import (
	"context"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
	views "github.com/fieldstack/fieldstack/templates/versions"
	"github.com/fieldstack/fieldstack/templates/words"
)

// fieldRows explains every field of a draft or version, under its headings.
func fieldRows(ctx context.Context, d *studio.Draft) []views.FieldRow {
	var rows []views.FieldRow
	for _, s := range d.Sections() {
		if s.Title != "" {
			rows = append(rows, views.FieldRow{Label: s.Title})
		}
		rows = appendFields(ctx, rows, d, s.Fields)
	}
	return rows
}

func appendFields(ctx context.Context, rows []views.FieldRow, d *studio.Draft, fields []*studio.Field) []views.FieldRow {
	for _, f := range fields {
		depth := 0
		for _, key := range f.Path[:len(f.Path)-1] {
			if key != "*" {
				depth++
			}
		}
		info := studio.InfoOf(f.Kind)
		rows = append(rows, views.FieldRow{
			Label: f.Name(), Key: f.Key(), Help: f.Help, Depth: depth, Icon: info.Icon,
			Kind: words.Say(ctx, info.Title), Rules: rulesOf(ctx, d, f), Why: show.Sentence(ctx, f.Why),
		})
		rows = appendFields(ctx, rows, d, f.Fields)
	}
	return rows
}

// rulesOf says in short what a field asks of what is entered.
func rulesOf(ctx context.Context, d *studio.Draft, f *studio.Field) []string {
	var rules []string
	add := func(text string) { rules = append(rules, text) }
	switch {
	case f.Required && f.When != nil:
		add(words.Say(ctx, "required whenever it is shown"))
	case f.Required:
		add(words.Say(ctx, "required"))
	case f.RequiredWhen != nil:
		add(words.Say(ctx, "required when %s", sentence(ctx, f.RequiredWhen, d)))
	}
	if f.When != nil {
		add(words.Say(ctx, "shown when %s", sentence(ctx, f.When, d)))
	}
	if len(f.Choices) > 0 {
		add(choicesIn(ctx, f.Choices))
	}
	for _, s := range studio.InfoOf(f.Kind).Settings {
		if v := labelled(f, s.Name); v != nil {
			if text := ruleOf(ctx, s.Name, v, f.Setting("unit")); text != "" {
				add(text)
			}
		}
	}
	return rules
}

// labelled is a setting's value, a choice by its label.
func labelled(f *studio.Field, name string) any {
	v := f.Setting(name)
	for _, c := range f.Choices {
		if name == "default" && v != nil && c.Value == v {
			return c.Words()
		}
	}
	return v
}

func sentence(ctx context.Context, c *schema.Condition, d *studio.Draft) string {
	return show.Sentence(ctx, c.Sentence(d.Schema()))
}

// choicesIn lists choices, the first of many.
func choicesIn(ctx context.Context, choices []studio.Choice) string {
	const most = 8
	var list []string
	for _, c := range choices[:min(len(choices), most)] {
		list = append(list, c.Words())
	}
	text := strings.Join(list, ", ")
	if more := len(choices) - len(list); more > 0 {
		text += " " + words.Say(ctx, "and %d more", more)
	}
	return text
}

// ruleOf says one setting; "" for those that ask nothing of what is entered.
func ruleOf(ctx context.Context, name string, v, unit any) string {
	switch v := v.(type) {
	case float64:
		return ruleOfNumber(ctx, name, v, unit)
	case string:
		switch name {
		case "pattern":
			return words.Say(ctx, "in the form %s", v)
		case "serial":
			return words.Say(ctx, "such as %s", v)
		case "type":
			return words.Say(ctx, "of the type %s", v)
		case "default":
			return words.Say(ctx, "begins as %s", v)
		}
	case bool:
		switch {
		case name == "unique" && v:
			return words.Say(ctx, "different in every record")
		case name == "whole" && v:
			return words.Say(ctx, "whole numbers")
		case name == "many" && v:
			return words.Say(ctx, "several")
		case name == "default" && v:
			return words.Say(ctx, "begins as yes")
		case name == "default":
			return words.Say(ctx, "begins as no")
		}
	}
	return ""
}

func ruleOfNumber(ctx context.Context, name string, n float64, unit any) string {
	text := show.Number(n)
	if u, ok := unit.(string); ok {
		text += " " + u
	}
	switch name {
	case "minimum":
		return words.Say(ctx, "at least %s", text)
	case "maximum":
		return words.Say(ctx, "at most %s", text)
	case "step":
		return words.Say(ctx, "in steps of %s", text)
	case "default":
		return words.Say(ctx, "begins as %s", text)
	case "min-length":
		return words.Say(ctx, "at least %d characters", int(n))
	case "max-length":
		return words.Say(ctx, "at most %d characters", int(n))
	case "min-items":
		return words.Say(ctx, "at least %d entries", int(n))
	case "max-items":
		return words.Say(ctx, "at most %d entries", int(n))
	}
	return ""
}
