package types

import (
	"context"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/studio"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// form is the fields under their headings. add is put where it belongs.
func (b *builder) form(add *view.Adding) []view.Section {
	var sections []view.Section
	for _, s := range b.work.draft.Sections() {
		section := view.Section{
			Title: s.Title, ID: view.ElementID("heading-", s.Title), From: asJSON(s.Title), Empty: len(s.Fields) == 0,
			AddHref: withQuery(formPath(b.work.name), "step", "add", "section", s.Title),
		}
		if h := b.held; h != nil && (h.order.do == "rename-section" || h.order.do == "drop-section") && h.order.from == section.From {
			section.Typed = view.Typed{Text: h.order.value, Error: h.message}
			b.shown = true
		}
		if add != nil && add.Into == "" && add.After == "" && add.Section == s.Title {
			section.Adding = add
		}
		for _, f := range s.Fields {
			section.Rows = append(section.Rows, b.row(f, add))
		}
		sections = append(sections, section)
	}
	if add != nil && len(sections) == 0 {
		add.First = true
	}
	return sections
}

func (b *builder) row(f *studio.Field, add *view.Adding) view.Row {
	at := encoded(f.Path)
	info := studio.InfoOf(f.Kind)
	row := view.Row{
		ID: view.ElementID("f-", at), At: at, Key: f.Key(), Label: f.Label, From: asJSON(f.Setting("label")), Icon: info.Icon, Kind: words.Say(b.ctx, info.Title),
		Href: b.href(f), Chosen: b.chosen == f, Fixed: f.Elsewhere, Stays: f.Published, Chips: b.chips(f), Merge: merges(b.ctx, f),
	}
	if len(f.Problems) > 0 {
		row.Problem = show.Sentence(b.ctx, f.Problems[0].Message)
	} else if len(f.Notes) > 0 {
		row.Note = show.Sentence(b.ctx, f.Notes[0])
	}
	into := encoded(f.Path[:len(f.Path)-1])
	row.AddHref = withQuery(formPath(b.work.name), "step", "add", "into", into, "after", f.Key(), "section", f.Section)
	row.MoreHref = withQuery(formPath(b.work.name), "add", string(moreOf(f)), "into", into, "after", f.Key(), "section", f.Section, "field", at)
	if h := b.held; h != nil && h.order.do == "label" && slices.Equal(h.order.path, f.Path) && h.clash == nil {
		row.Typed = view.Typed{Text: h.order.value, Error: h.message}
		b.shown = true
	}
	if add != nil && add.Into == into && add.After == f.Key() {
		row.Adding = add
	}
	if inside := f.Into(); inside != nil {
		row.Holder, row.Inside = true, encoded(inside)
		row.Into = withQuery(formPath(b.work.name), "step", "add", "into", encoded(inside), "after", keyAt(f.Fields, len(f.Fields)-1))
		if add != nil && add.Into == encoded(inside) && add.After == "" {
			row.Within = add
		}
		for _, inner := range f.Fields {
			row.Rows = append(row.Rows, b.row(inner, add))
		}
	}
	return row
}

// chips are the short remarks on a field.
func (b *builder) chips(f *studio.Field) []view.Chip {
	var list []view.Chip
	if f.Required {
		list = append(list, view.Chip{Text: words.Say(b.ctx, "required"), Tone: "required"})
	}
	if f.RequiredWhen != nil {
		list = append(list, view.Chip{Text: words.Say(b.ctx, "required when %s", b.sentence(f.RequiredWhen))})
	}
	if f.When != nil {
		list = append(list, view.Chip{Text: words.Say(b.ctx, "shown when %s", b.sentence(f.When))})
	}
	if f.Settings["unique"] == true {
		list = append(list, view.Chip{Text: words.Say(b.ctx, "no two the same")})
	}
	if (f.Kind == studio.ChoiceOfOne || f.Kind == studio.Choices) && len(f.Choices) > 0 {
		list = append(list, view.Chip{Text: choicesTold(b.ctx, f.Choices)})
	}
	if unit, ok := f.Settings["unit"].(string); ok {
		list = append(list, view.Chip{Text: unit})
	}
	return list
}

// choicesTold lists the first few choices.
func choicesTold(ctx context.Context, list []studio.Choice) string {
	const most = 4
	var names []string
	for i, c := range list {
		if i == most && len(list) > most+1 {
			names = append(names, words.Say(ctx, "and %d more", len(list)-most))
			break
		}
		names = append(names, c.Words())
	}
	return strings.Join(names, " · ")
}

// merges says in a few words what happens when two people edit a field offline.
func merges(ctx context.Context, f *studio.Field) string {
	what := mergeWords(ctx, string(f.Strategy), f.Kind)
	if what == "" {
		return ""
	}
	return words.Say(ctx, "two people edit: %s", what)
}

func mergeWords(ctx context.Context, strategy string, k studio.Kind) string {
	switch strategy {
	case "register":
		return words.Say(ctx, "the newer stays")
	case "conflict":
		return words.Say(ctx, "both stay until someone picks")
	case "counter":
		return words.Say(ctx, "the amounts add up")
	case "max":
		if k == studio.Date {
			return words.Say(ctx, "the later one stays")
		}
		return words.Say(ctx, "the larger one stays")
	case "min":
		if k == studio.Date {
			return words.Say(ctx, "the earlier one stays")
		}
		return words.Say(ctx, "the smaller one stays")
	case "text":
		return words.Say(ctx, "both texts are kept")
	case "set":
		return words.Say(ctx, "all that was added stays")
	case "list":
		return words.Say(ctx, "the rows of both stay")
	case "serial":
		return words.Say(ctx, "the server gives the number")
	case "map":
		return words.Say(ctx, "field by field")
	}
	return ""
}

// moreOf is the kind of the field that Enter adds behind another.
func moreOf(f *studio.Field) studio.Kind {
	if f.Into() != nil || f.Kind == studio.Other || f.Kind == studio.Location || f.Kind == studio.Series {
		return studio.ShortText
	}
	return f.Kind
}
