package records

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

// GridAsks is what the grid asks.
type GridAsks interface {
	ui.Drafts
	Grant(a collections.Actor, typ string) (*collections.Grant, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
	List(ctx context.Context, a collections.Actor, typ string, r collections.ListRequest) (*collections.ListPage, error)
	Get(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
}

func (p *pages) gridRoutes() []web.Route {
	return []web.Route{
		p.Get("/admin/types/:type/records", web.SignedIn, p.grid),
	}
}

// pageSize is how many rows a page of the grid has.
const pageSize = 100

// sight is a type as somebody sees it on one page: what they may do with it, and what
// they asked to be shown.
type sight struct {
	typ     *collections.Type
	grant   *collections.Grant
	address address
	columns []column
}

// sight finds the type that the address names, as whoever asks sees it.
func (p *pages) sight(v *ui.Visit) (*sight, error) {
	t, err := p.asks.Type(v.UserContext(), v.Actor(), v.Params("type"), 0)
	if err != nil {
		return nil, err
	}
	s := &sight{typ: t}
	if s.grant, err = p.asks.Grant(v.Actor(), t.Name); err != nil {
		return nil, err
	}
	if s.address, err = readAddress(v, ui.TypePath(t.Name)+"/records"); err != nil {
		return nil, err
	}
	s.columns = usualColumns(t.Schema)
	return s, nil
}

// grid lists a type's records.
func (p *pages) grid(v *ui.Visit) error {
	s, err := p.sight(v)
	if err != nil {
		return err
	}
	list, err := p.asks.List(v.UserContext(), v.Actor(), s.typ.Name, s.address.request())
	if err != nil {
		return err
	}
	page, err := p.gridPage(v, s, list)
	if err != nil {
		return err
	}
	return ui.Render(v.Ctx, fiber.StatusOK, shown.Grid(page))
}

// gridPage makes the page of a list.
func (p *pages) gridPage(v *ui.Visit, s *sight, list *collections.ListPage) (shown.GridPage, error) {
	ctx := v.UserContext()
	head, err := p.TypeHead(v, p.asks, s.typ, templates.TabRecords)
	if err != nil {
		return shown.GridPage{}, err
	}
	frame := p.Frame(v.Ctx, templates.SectionTypes, head.Title, ui.ToTypes(ctx))
	frame.Wide, frame.Styles, frame.Scripts = true, []string{"grid.css"}, []string{"grid.js"}
	a := s.address
	page := shown.GridPage{
		Frame: frame, Head: head, Path: a.path, Search: a.search, Keep: a.keep(), Tabs: a.tabs(ctx, s.grant.Trash),
		Columns: s.heads(ctx), Rows: p.rows(ctx, s, list.Documents), Narrowed: a.narrowed(), Clear: a.path, State: a.state,
		Count: a.href(func(a *address) { a.count, a.after = true, "" }),
	}
	if list.Total >= 0 {
		page.Counted = words.Say(ctx, "%d records", list.Total)
	}
	if a.after != "" {
		page.First = a.href(func(a *address) { a.after = "" })
	}
	if list.Next != "" {
		page.Next = a.href(func(a *address) { a.after, a.count = list.Next, false })
	}
	return page, nil
}
