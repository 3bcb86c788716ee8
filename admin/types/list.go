package types

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/types"
	"github.com/fieldstack/fieldstack/templates/words"
)

// attentionShown is how many records in need of attention are counted on the list: past
// it the count says "over", so that the page costs the same however many there are.
const attentionShown = 20

// list shows the types that the person may see, those begun and never published among
// them.
func (p *pages) list(v *ui.Visit) error {
	ctx := v.UserContext()
	types, err := p.asks.Types(ctx, v.Actor())
	if err != nil {
		return err
	}
	drafts, err := p.drafts(v)
	if err != nil {
		return err
	}
	page := view.ListPage{Frame: p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Types"))}
	page.Styles = []string{"types.css"}
	for _, t := range types {
		card, err := p.typeCard(v, t, drafts[t.Name])
		if err != nil {
			return err
		}
		delete(drafts, t.Name)
		page.Cards = append(page.Cards, card)
	}
	for _, name := range slices.Sorted(maps.Keys(drafts)) {
		page.Cards = append(page.Cards, p.draftCard(v, drafts[name]))
	}
	if len(page.Cards) == 0 {
		page.Start = p.start(v)
	}
	return ui.Render(v.Ctx, fiber.StatusOK, view.List(page))
}

// drafts gives the drafts by name, to who may edit them; nil to anybody else.
func (p *pages) drafts(v *ui.Visit) (map[string]*collections.Draft, error) {
	if !v.Actor().Role.Includes(collections.Designer) {
		return nil, nil
	}
	list, err := p.asks.Drafts(v.UserContext(), v.Actor())
	drafts := make(map[string]*collections.Draft, len(list))
	for _, d := range list {
		drafts[d.Name] = d
	}
	return drafts, err
}

func (p *pages) typeCard(v *ui.Visit, t *collections.Type, d *collections.Draft) (view.TypeCard, error) {
	ctx := v.UserContext()
	card := view.TypeCard{
		Name: t.Name, Title: ui.TypeTitle(t), Description: t.Schema.Description(), Records: ui.TypePath(t.Name) + "/records",
		Version: strconv.Itoa(t.Version), Fields: words.Say(ctx, "%d fields", len(show.Top(t.Schema))), Published: p.Moment(ctx, t.Published),
	}
	card.Letter, card.Tone = letter(card.Title, t.Name)
	card.Icon = templates.TypeIcon(t.Schema.Icon())
	if v.Actor().Role.Includes(collections.Designer) {
		card.Form = formPath(t.Name)
	}
	if d != nil {
		card.Draft, card.By = true, d.By
	}
	grant, err := p.asks.Grant(v.Actor(), t.Name)
	if err != nil || !grant.Trash {
		return card, err
	}
	n, err := p.asks.CountAttention(ctx, v.Actor(), t.Name, attentionShown)
	card.Attention, card.AttentionAt = attention(ctx, n), "/admin/attention?type="+t.Name
	return card, err
}

func attention(ctx context.Context, n int) string {
	switch {
	case n == 0:
		return ""
	case n > attentionShown:
		return words.Say(ctx, "over %d", attentionShown)
	}
	return strconv.Itoa(n)
}

// draftCard is a type that was begun and never published.
func (p *pages) draftCard(v *ui.Visit, d *collections.Draft) view.TypeCard {
	ctx := v.UserContext()
	card := view.TypeCard{Name: d.Name, Title: d.Name, Form: formPath(d.Name), Draft: true, By: d.By, Saved: p.Moment(ctx, d.Updated)}
	if read, err := studio.Read(d.Schema); err == nil {
		card.Title, card.Description = cmp.Or(read.Title(), d.Name), read.Description()
		card.Fields = words.Say(ctx, "%d fields", len(read.Fields()))
		card.Icon = templates.TypeIcon(read.Icon())
	}
	card.Letter, card.Tone = letter(card.Title, d.Name)
	return card
}

// letter stands for a type: its first one, in a colour that stays.
func letter(title, name string) (letter, tone string) {
	for _, r := range title {
		letter = string(r)
		break
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))
	return letter, fmt.Sprintf("tone-%d", h.Sum32()%6)
}
