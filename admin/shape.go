package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

// shape shows what a type is: its fields and versions.
func (p *pages) shape(v *ui.Visit) error {
	versions, err := p.Types.Versions(v.UserContext(), v.Who.Actor, v.Params("type"))
	if err != nil {
		return err
	}
	latest := versions[len(versions)-1]
	head, err := p.TypeHead(v, p.Types, latest, templates.TabShape)
	if err != nil {
		return err
	}
	page := templates.ShapePage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, head.Title, ui.ToTypes(v.UserContext())), Head: head,
		Fields: fieldRows(latest.Schema), Download: versionPath(latest) + "/schema.json",
	}
	for _, t := range slices.Backward(versions) {
		page.Versions = append(page.Versions, templates.VersionRow{
			Number: strconv.Itoa(t.Version), By: t.By, Published: p.Moment(v.UserContext(), t.Published), Href: versionPath(t),
			Download: versionPath(t) + "/schema.json", Latest: t == latest,
		})
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Shape(page))
}

func versionPath(t *collections.Type) string {
	return ui.TypePath(t.Name) + "/versions/" + strconv.Itoa(t.Version)
}

// namedVersion finds the version that the address names, with all of its type's.
func (p *pages) namedVersion(v *ui.Visit) (*collections.Type, []*collections.Type, error) {
	versions, err := p.Types.Versions(v.UserContext(), v.Who.Actor, v.Params("type"))
	if err != nil {
		return nil, nil, err
	}
	number, err := strconv.Atoi(v.Params("version"))
	if err != nil || number < 1 || number > len(versions) {
		return nil, nil, collections.Errorf(collections.NotFound, "", "There is no such version: the latest is %d.", len(versions))
	}
	return versions[number-1], versions, nil
}

func (p *pages) version(v *ui.Visit) error {
	t, versions, err := p.namedVersion(v)
	if err != nil {
		return err
	}
	latest := versions[len(versions)-1]
	head, err := p.TypeHead(v, p.Types, latest, templates.TabShape)
	if err != nil {
		return err
	}
	title := fmt.Sprintf("%s, version %d", head.Title, t.Version)
	page := templates.VersionPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, title, ui.ToTypes(v.UserContext()), templates.Link{Text: head.Title, Href: ui.TypePath(t.Name)}),
		Head:  head, Number: strconv.Itoa(t.Version), By: t.By, Published: p.Moment(v.UserContext(), t.Published),
		Download: versionPath(t) + "/schema.json", Schema: indented(t.Schema.JSON()),
	}
	if t.Version > 1 {
		before := versions[t.Version-2]
		page.Before = strconv.Itoa(before.Version)
		page.Differences = differenceRows(schema.Compare(before.Schema, t.Schema))
	}
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Version(page))
}

func differenceRows(c *schema.Comparison) []templates.Difference {
	var rows []templates.Difference
	for _, d := range c.Changes {
		rows = append(rows, templates.Difference{Where: keyOf(d.Path), Kind: d.Kind, Message: d.Message, Devices: d.Devices, Refused: d.Refused})
	}
	return rows
}

func (p *pages) downloadSchema(v *ui.Visit) error {
	t, _, err := p.namedVersion(v)
	if err != nil {
		return err
	}
	v.Set(fiber.HeaderContentType, "application/schema+json")
	v.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", fmt.Sprintf("%s-v%d.json", t.Name, t.Version)))
	v.Response().SetBodyString(indented(t.Schema.JSON()) + "\n")
	return nil
}

// indented gives JSON as a person reads it, and any other text as it is.
func indented(text []byte) string {
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return string(text)
	}
	return out.String()
}
