package versions

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/studio"
	"github.com/fieldstack/fieldstack/templates"
	views "github.com/fieldstack/fieldstack/templates/versions"
	"github.com/fieldstack/fieldstack/templates/words"
)

// versions lists a type's versions, and what a record of the one in use holds.
func (p *pages) versions(v *ui.Visit) error {
	list, err := p.asks.Versions(v.UserContext(), v.Actor(), v.Params("type"))
	if err != nil {
		return err
	}
	latest := list[len(list)-1]
	ctx := v.UserContext()
	head, frame, err := p.around(v, latest, ui.TypeTitle(latest))
	if err != nil {
		return err
	}
	page := views.VersionsPage{Frame: frame, Head: head}
	if page.Fields, err = rowsOf(ctx, latest); err != nil {
		return err
	}
	for _, t := range slices.Backward(list) {
		row := views.VersionRow{
			Number: strconv.Itoa(t.Version), By: t.By, Published: p.Moment(ctx, t.Published), Href: versionPath(t),
			Download: versionPath(t) + "/schema.json", Latest: t == latest,
		}
		if head.Designs && t != latest {
			row.Restore = versionPath(t) + "/restore"
		}
		page.Versions = append(page.Versions, row)
	}
	if len(list) > 1 {
		page.Compare = ui.TypePath(latest.Name) + "/versions/compare"
		page.From, page.To = pick(ctx, list, len(list)-1), pick(ctx, list, len(list))
	}
	if head.Draft {
		if page.Draft, err = p.draftRow(v, latest.Name); err != nil {
			return err
		}
	}
	if len(list) == 1 && head.Designs {
		page.Steps = []templates.Link{
			{Text: words.Say(ctx, "Put it on a phone"), Href: "/admin/devices/enrol"},
			{Text: words.Say(ctx, "Look at the records"), Href: ui.TypePath(latest.Name) + "/records"},
		}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Versions(page))
}

// around gives what is around a page about a type.
func (p *pages) around(v *ui.Visit, t *collections.Type, title string, trail ...templates.Link) (templates.TypeHead, templates.Frame, error) {
	head, err := p.TypeHead(v, p.asks, t, templates.TabVersions)
	frame := p.Frame(v.Ctx, templates.SectionTypes, title, append([]templates.Link{ui.ToTypes(v.UserContext())}, trail...)...)
	frame.Styles = append(frame.Styles, "versions.css")
	return head, frame, err
}

func (p *pages) draftRow(v *ui.Visit, name string) (*views.DraftRow, error) {
	d, err := p.asks.Draft(v.UserContext(), v.Actor(), name)
	if ui.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &views.DraftRow{By: d.By, Saved: p.Moment(v.UserContext(), d.Updated), Edit: formPath(name), Publish: formPath(name) + "/publish"}, nil
}

// pick offers the versions, newest first, with one chosen.
func pick(ctx context.Context, list []*collections.Type, chosen int) []templates.Choice {
	var choices []templates.Choice
	for _, t := range slices.Backward(list) {
		choices = append(choices, templates.Choice{Value: strconv.Itoa(t.Version), Label: words.Say(ctx, "Version %s", strconv.Itoa(t.Version)), Chosen: t.Version == chosen})
	}
	return choices
}

func rowsOf(ctx context.Context, t *collections.Type) ([]views.FieldRow, error) {
	return fieldRows(ctx, studio.FromVersion(t.Schema)), nil
}

func versionPath(t *collections.Type) string {
	return ui.TypePath(t.Name) + "/versions/" + strconv.Itoa(t.Version)
}

// named finds the version that a part of the address names, with all of its type's.
func (p *pages) named(v *ui.Visit, number string) (*collections.Type, []*collections.Type, error) {
	list, err := p.asks.Versions(v.UserContext(), v.Actor(), v.Params("type"))
	if err != nil {
		return nil, nil, err
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(list) {
		return nil, nil, collections.Errorf(collections.NotFound, "", "There is no such version: the latest is %d.", len(list))
	}
	return list[n-1], list, nil
}

// version shows one version.
func (p *pages) version(v *ui.Visit) error {
	t, list, err := p.named(v, v.Params("version"))
	if err != nil {
		return err
	}
	ctx, latest := v.UserContext(), list[len(list)-1]
	number := strconv.Itoa(t.Version)
	head, frame, err := p.around(v, latest, words.Say(ctx, "%s, version %s", ui.TypeTitle(latest), number), toVersions(ctx, latest))
	if err != nil {
		return err
	}
	page := views.VersionPage{
		Frame: frame, Head: head, Number: number, By: t.By, Published: p.Moment(ctx, t.Published),
		Download: versionPath(t) + "/schema.json", Schema: textOf(t),
	}
	if page.Fields, err = rowsOf(ctx, t); err != nil {
		return err
	}
	if head.Designs && t != latest {
		page.Restore = versionPath(t) + "/restore"
	}
	if t.Version > 1 {
		before := list[t.Version-2]
		page.Before = strconv.Itoa(before.Version)
		if page.Changes, err = compared(ctx, before, t); err != nil {
			return err
		}
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Version(page))
}

func toVersions(ctx context.Context, t *collections.Type) templates.Link {
	return templates.Link{Text: words.Say(ctx, "Versions"), Href: ui.TypePath(t.Name) + "/versions"}
}

// compared says what differs from one version to another.
func compared(ctx context.Context, a, b *collections.Type) ([]views.ChangeRow, error) {
	return changeRows(ctx, studio.Compare(studio.FromVersion(a.Schema), studio.FromVersion(b.Schema))), nil
}

// textOf is a version's schema for people to read, in the order of its form.
func textOf(t *collections.Type) string {
	return string(studio.FromVersion(t.Schema).JSON())
}

// download gives a version's schema as a file.
func (p *pages) download(v *ui.Visit) error {
	t, _, err := p.named(v, v.Params("version"))
	if err != nil {
		return err
	}
	return sendSchema(v, fmt.Sprintf("%s-v%d.json", t.Name, t.Version), textOf(t))
}

// downloadDraft gives the draft as a file.
func (p *pages) downloadDraft(v *ui.Visit) error {
	d, err := p.asks.Draft(v.UserContext(), v.Actor(), v.Params("type"))
	if err != nil {
		return err
	}
	text := string(d.Schema)
	if draft, err := studio.Read(d.Schema); err == nil {
		text = string(draft.JSON())
	}
	return sendSchema(v, d.Name+"-draft.json", text)
}

func sendSchema(v *ui.Visit, name, text string) error {
	v.Set(fiber.HeaderContentType, "application/schema+json")
	v.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", name))
	v.Response().SetBodyString(text)
	return nil
}

// pickCompared leads to the page that compares the two versions chosen.
func (p *pages) pickCompared(v *ui.Visit) error {
	a, _, err := p.named(v, v.Query("from"))
	if err != nil {
		return err
	}
	b, _, err := p.named(v, v.Query("to"))
	if err != nil {
		return err
	}
	return v.Redirect(fmt.Sprintf("%s/compare/%d", versionPath(a), b.Version), fiber.StatusSeeOther)
}

// compare shows what differs between two versions.
func (p *pages) compare(v *ui.Visit) error {
	a, list, err := p.named(v, v.Params("version"))
	if err != nil {
		return err
	}
	b, _, err := p.named(v, v.Params("other"))
	if err != nil {
		return err
	}
	ctx, latest := v.UserContext(), list[len(list)-1]
	head, frame, err := p.around(v, latest, words.Say(ctx, "Compare two versions"), toVersions(ctx, latest))
	if err != nil {
		return err
	}
	page := views.ComparePage{
		Frame: frame, Head: head, A: strconv.Itoa(a.Version), B: strconv.Itoa(b.Version),
		From: pick(ctx, list, a.Version), To: pick(ctx, list, b.Version), Compare: ui.TypePath(latest.Name) + "/versions/compare",
		SchemaA: textOf(a), SchemaB: textOf(b),
	}
	if page.Changes, err = compared(ctx, a, b); err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, views.Compare(page))
}
