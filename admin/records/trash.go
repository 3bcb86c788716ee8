package records

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	view "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// trashSize is how many deleted records are on a page, and so how many are restored at
// once.
const trashSize = 50

func (p *pages) trashRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin/types/:type/records/trash", web.Editors, p.trash),
		p.Post("/admin/types/:type/records/trash", web.Editors, p.restoreMany),
	}
}

// trash lists the deleted records of a type, the last ones first.
func (p *pages) trash(v *ui.Visit) error { return p.showTrash(v, fiber.StatusOK, nil) }

func (p *pages) showTrash(v *ui.Visit, status int, failed []string) error {
	ctx := v.UserContext()
	t, err := p.asks.Type(ctx, v.Actor(), v.Params("type"), 0)
	if err != nil {
		return err
	}
	after := v.Query("after")
	list, err := p.asks.List(ctx, v.Actor(), t.Name, collections.ListRequest{
		State: collections.Trash, Limit: trashSize, After: after, Sort: []collections.Sort{{Field: []string{"_updated"}, Desc: true}},
	})
	if err != nil {
		return err
	}
	head, err := p.TypeHead(v, p.asks, t, templates.TabRecords)
	if err != nil {
		return err
	}
	path := ui.TypePath(t.Name) + "/records"
	page := view.TrashPage{
		Frame: styled(p.Frame(v.Ctx, templates.SectionTypes, words.Say(ctx, "Trash"), ui.ToTypes(ctx), ui.ToRecords(t)), "trash.js"),
		Kept:  keptInTrash(ctx, p.asks.KeepsHistory()),
		Head:  head, Action: path + "/trash", Failed: failed, Back: templates.Link{Text: words.Say(ctx, "Back to the records"), Href: path},
	}
	if after != "" {
		page.Newest = path + "/trash"
	}
	if list.Next != "" {
		page.Older = path + "/trash?after=" + url.QueryEscape(list.Next)
	}
	for _, d := range list.Documents {
		page.Records = append(page.Records, view.Deleted{
			ID: d.ID, Name: ui.RecordName(ctx, t.Schema, d), Href: ui.RecordPath(d), At: view.Signed{At: p.Moment(ctx, d.Updated), By: d.UpdatedBy},
		})
	}
	return ui.Render(v.Ctx, status, view.Trash(page))
}

// keptInTrash says for how long deleted records can be restored. There is no way to take
// one out of the trash before its time: the log, which is what records are rebuilt from,
// and devices that were away would bring it back.
func keptInTrash(ctx context.Context, keep time.Duration) string {
	if keep == 0 {
		return words.Say(ctx, "Nothing here goes by itself: this server keeps history for ever.")
	}
	days := strconv.Itoa(int(keep.Hours() / 24))
	return words.Say(ctx, "A deleted record goes for good, with its timeline, after %s days in which nobody restores or changes it.", days)
}

// restoreMany takes the records that were ticked out of the trash. One that cannot be
// restored stops none of the others.
func (p *pages) restoreMany(v *ui.Visit) error {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return err
	}
	ids, typ := form["id"], v.Params("type")
	if len(ids) > trashSize {
		return ui.BadForm()
	}
	var failed []string
	for _, id := range ids {
		_, err := p.asks.Restore(v.UserContext(), v.Actor(), typ, id)
		var known *collections.Error
		if errors.As(err, &known) {
			failed = append(failed, show.Sentence(v.UserContext(), known.Message))
		} else if err != nil {
			return err
		}
	}
	path := ui.TypePath(typ) + "/records/trash"
	switch {
	case failed != nil:
		return p.showTrash(v, fiber.StatusConflict, failed)
	case len(ids) == 0:
		return ui.SeeOther(v.Ctx, path, "")
	}
	return ui.SeeOther(v.Ctx, path, "restored-many")
}
