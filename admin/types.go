package admin

import (
	"cmp"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/templates"
)

// attentionShown is how many records in need of attention are counted on the page of
// types: past it the count says "more", so that the page costs the same however many
// there are.
const attentionShown = 20

func (p *pages) types(v *visit) error {
	types, err := p.Types.Types(v.UserContext(), v.who.Actor)
	if err != nil {
		return err
	}
	drafts, err := p.drafts(v)
	if err != nil {
		return err
	}
	page := templates.TypesPage{Frame: p.frame(v.Ctx, templates.SectionTypes, "Types")}
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
		page.Drafts = append(page.Drafts, templates.DraftCard{Name: name, Href: typePath(name) + "/draft", By: d.By, Saved: p.moment(d.Updated)})
	}
	return render(v.Ctx, fiber.StatusOK, templates.Types(page))
}

// drafts gives the drafts by name, to who may edit them; nil to anybody else.
func (p *pages) drafts(v *visit) (map[string]*collections.Draft, error) {
	if !v.who.Actor.Role.Includes(collections.Designer) {
		return nil, nil
	}
	list, err := p.Types.Drafts(v.UserContext(), v.who.Actor)
	drafts := make(map[string]*collections.Draft, len(list))
	for _, d := range list {
		drafts[d.Name] = d
	}
	return drafts, err
}

func (p *pages) typeCard(v *visit, t *collections.Type) (templates.TypeCard, error) {
	attention, err := p.attention(v, t.Name)
	return templates.TypeCard{
		Title: typeTitle(t), Description: t.Schema.Description(),
		Version: strconv.Itoa(t.Version), Fields: counted(len(topFields(t.Schema)), "field"), Published: p.moment(t.Published),
		Attention: attention, Records: typePath(t.Name) + "/records", Shape: typePath(t.Name),
	}, err
}

// attention says how many records of a type need attention, "" for none and to who
// may not know.
func (p *pages) attention(v *visit, typ string) (string, error) {
	grant, err := p.Types.Grant(v.who.Actor, typ)
	if err != nil || !grant.Trash {
		return "", err
	}
	page, err := p.Records.List(v.UserContext(), v.who.Actor, typ, collections.ListRequest{State: collections.Attention, Limit: attentionShown})
	switch {
	case err != nil || len(page.Documents) == 0:
		return "", err
	case page.Next != "":
		return fmt.Sprintf("over %d", attentionShown), nil
	}
	return strconv.Itoa(len(page.Documents)), nil
}

func typeTitle(t *collections.Type) string { return cmp.Or(t.Schema.Title(), t.Name) }

// typePath is the address of a type's pages. A published type's name needs no escaping.
func typePath(name string) string { return "/admin/types/" + name }

// toTypes is the way back from a type's pages.
func toTypes() templates.Link { return templates.Link{Text: "Types", Href: "/admin"} }

// toRecords is the way back from a record's pages.
func toRecords(t *collections.Type) templates.Link {
	return templates.Link{Text: typeTitle(t), Href: typePath(t.Name) + "/records"}
}

// typeHead is the top of a type's pages.
func (p *pages) typeHead(v *visit, t *collections.Type, tab templates.TypeTab) (templates.TypeHead, error) {
	head := templates.TypeHead{
		Name: t.Name, Title: typeTitle(t), Description: t.Schema.Description(), Version: strconv.Itoa(t.Version), Tab: tab,
		Designs: v.who.Actor.Role.Includes(collections.Designer),
	}
	if !head.Designs {
		return head, nil
	}
	_, err := p.Types.Draft(v.UserContext(), v.who.Actor, t.Name)
	head.Draft = err == nil
	if isNotFound(err) {
		err = nil
	}
	return head, err
}
