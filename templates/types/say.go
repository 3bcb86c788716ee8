package types

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"github.com/fieldstack/fieldstack/templates/words"
)

func number(i int) string { return strconv.Itoa(i) }

func current(is bool) string {
	if is {
		return "page"
	}
	return "false"
}

func undoTitle(ctx context.Context, what string) string {
	if what == "" {
		return words.Say(ctx, "Nothing to undo since the server started")
	}
	return words.Say(ctx, "Undo: %s", what)
}

func redoTitle(ctx context.Context, what string) string {
	if what == "" {
		return words.Say(ctx, "Nothing to redo since the server started")
	}
	return words.Say(ctx, "Redo: %s", what)
}

func sectionName(ctx context.Context, title string) string {
	if title == "" {
		return words.Say(ctx, "Fields without a heading")
	}
	return title
}

// described are the attributes that tie a control to what explains it.
func described(c Control) templ.Attributes {
	a := templ.Attributes{"aria-invalid": truth(c.Error != "")}
	if ids := c.described(); ids != "" {
		a["aria-describedby"] = ids
	}
	return a
}

// shown is what stands in the field: what was typed, where that was not taken.
func (r Row) shown() string       { return r.Typed.or(r.Label) }
func (s Section) shown() string   { return s.Typed.or(s.Title) }
func (c ChoiceRow) shown() string { return c.Typed.or(c.Label) }

func (t Typed) or(otherwise string) string {
	if t.Error != "" {
		return t.Text
	}
	return otherwise
}

// name is what the field is called in a sentence.
func (r Row) name() string {
	if r.Label != "" {
		return r.Label
	}
	return r.Key
}

func (p BuilderPage) chosenAt() string {
	if p.Chosen == nil {
		return ""
	}
	return p.Chosen.At
}
