package admin

import (
	"fmt"
	"strconv"

	"github.com/fieldstack/fieldstack/templates/words"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
)

// attentionShown is how many records in need of attention are counted on the page of
// types: past it the count says "more", so that the page costs the same however many
// there are.
const attentionShown = 20

func (p *pages) types(v *ui.Visit) error {
	types, err := p.Types.Types(v.UserContext(), v.Who.Actor)
	if err != nil {
		return err
	}
	drafts, err := p.drafts(v)
	if err != nil {
		return err
	}
	page := templates.TypesPage{Frame: p.Frame(v.Ctx, templates.SectionTypes, "Types")}
	for _, t := range types {
		card, err := p.typeCard(v, t)
		if err != nil {
			return err
		}
		card.Draft = drafts[t.Name] != nil
		delete(drafts, t.Name)
		page.Types = append(page.Types, card)
	}
	for _, name := range sortedKeys(drafts) {
		d := drafts[name]
		page.Drafts = append(page.Drafts, templates.DraftCard{Name: name, Href: ui.TypePath(name) + "/draft", By: d.By, Saved: p.Moment(v.UserContext(), d.Updated)})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Types(page))
}

// drafts gives the drafts by name, to who may edit them; nil to anybody else.
func (p *pages) drafts(v *ui.Visit) (map[string]*collections.Draft, error) {
	if !v.Who.Actor.Role.Includes(collections.Designer) {
		return nil, nil
	}
	list, err := p.Types.Drafts(v.UserContext(), v.Who.Actor)
	drafts := make(map[string]*collections.Draft, len(list))
	for _, d := range list {
		drafts[d.Name] = d
	}
	return drafts, err
}

func (p *pages) typeCard(v *ui.Visit, t *collections.Type) (templates.TypeCard, error) {
	attention, err := p.attention(v, t.Name)
	return templates.TypeCard{
		Title: ui.TypeTitle(t), Description: t.Schema.Description(),
		Version: strconv.Itoa(t.Version), Fields: words.Say(v.UserContext(), "%d fields", len(show.Top(t.Schema))), Published: p.Moment(v.UserContext(), t.Published),
		Attention: attention, Records: ui.TypePath(t.Name) + "/records", Shape: ui.TypePath(t.Name) + "/versions",
	}, err
}

// attention says how many records of a type need attention, "" for none and to who
// may not know.
func (p *pages) attention(v *ui.Visit, typ string) (string, error) {
	grant, err := p.Types.Grant(v.Who.Actor, typ)
	if err != nil || !grant.Trash {
		return "", err
	}
	page, err := p.Records.List(v.UserContext(), v.Who.Actor, typ, collections.ListRequest{State: collections.Attention, Limit: attentionShown})
	switch {
	case err != nil || len(page.Documents) == 0:
		return "", err
	case page.Next != "":
		return fmt.Sprintf("over %d", attentionShown), nil
	}
	return strconv.Itoa(len(page.Documents)), nil
}
