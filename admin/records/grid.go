package records

import (
	"context"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/views"
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
	Here(a collections.Actor, subscribe []collections.Subscription) (string, error)
	Pull(ctx context.Context, a collections.Actor, cursor string, subscribe []collections.Subscription, limit int) (*collections.SyncResponse, error)
	WriteAll(ctx context.Context, a collections.Actor, typ string, writes []collections.Write) ([]collections.WriteResult, error)
	Restore(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
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
	view    *viewed // that the list began with, nil for none
	begins  string  // the view that this person begins with
	address address
	columns []column
	compact bool
	filter  *condition.Model // that is being made, nil for none
}

// sightOf finds the type that the address names, as whoever asks sees it, and what a
// query asks to be shown of it.
func (p *pages) sightOf(v *ui.Visit, query url.Values) (*sight, error) {
	ctx, who := v.UserContext(), v.Actor()
	t, err := p.asks.Type(ctx, who, v.Params("type"), 0)
	if err != nil {
		return nil, err
	}
	s := &sight{typ: t}
	if s.grant, err = p.asks.Grant(who, t.Name); err != nil {
		return nil, err
	}
	if s.view, err = p.findView(v, t.Schema, t.Name, viewOf(query)); err != nil {
		return nil, err
	}
	var base *views.Look
	if s.view != nil {
		base = &s.view.look
	} else {
		query.Del("view")
	}
	if s.address, err = parseAddress(ui.TypePath(t.Name)+"/records", query, base); err != nil {
		return nil, err
	}
	return s, p.arrangedFor(ctx, who, s)
}

// arrangedFor finds the columns: those that somebody arranged, else those of the view,
// else the usual ones.
func (p *pages) arrangedFor(ctx context.Context, who collections.Actor, s *sight) error {
	own, err := p.views.Layout(ctx, who, s.typ.Name, "")
	if err != nil {
		return err
	}
	s.begins, s.address.begins = own.Begin, own.Begin != ""
	if s.view == nil {
		s.columns, s.compact = columnsFor(s.typ.Schema, own.Columns), own.Compact
		return nil
	}
	layout, err := p.views.Layout(ctx, who, s.typ.Name, s.view.ID)
	if err != nil {
		return err
	}
	kept := layout.Columns
	if len(kept) == 0 {
		kept = s.view.look.Columns
	}
	s.columns, s.compact = columnsFor(s.typ.Schema, kept), layout.Compact
	return nil
}

// grid lists a type's records.
func (p *pages) grid(v *ui.Visit) error {
	query, err := readQuery(v)
	if err != nil {
		return err
	}
	empty := len(query) == 0
	s, err := p.sightOf(v, query)
	if err != nil {
		return err
	}
	if empty && s.begins != "" {
		return v.Redirect(s.address.path+"?view="+url.QueryEscape(s.begins), fiber.StatusSeeOther)
	}
	return p.gridShown(v, fiber.StatusOK, s, "", "")
}

// gridWrong shows a list again with a mistake that was made in one of its panels.
func (p *pages) gridWrong(v *ui.Visit, s *sight, panel string, err error) error {
	status, mistake, other := p.Mistake(err)
	if other != nil {
		return other
	}
	return p.gridShown(v, status, s, panel, show.Sentence(v.UserContext(), mistake.Message))
}

// gridShown answers with a list; wrong, if it is not "", is said in a panel of it.
func (p *pages) gridShown(v *ui.Visit, status int, s *sight, panel, wrong string) error {
	ctx, begun := v.UserContext(), p.Now()
	list, err := p.asks.List(ctx, v.Actor(), s.typ.Name, s.address.request())
	if err != nil {
		return err
	}
	took := p.Now().Sub(begun)
	page, err := p.gridPage(v, s, list)
	if err != nil {
		return err
	}
	page.Slow = s.slowSort(ctx, v.Actor(), took)
	if panel == "views" {
		page.Views.Wrong = wrong
	} else {
		page.Wrong = wrong
	}
	return ui.Render(v.Ctx, status, shown.Grid(page))
}

// gridPage makes the page of a list.
func (p *pages) gridPage(v *ui.Visit, s *sight, list *collections.ListPage) (page shown.GridPage, err error) {
	ctx := v.UserContext()
	head, err := p.TypeHead(v, p.asks, s.typ, templates.TabRecords)
	if err != nil {
		return page, err
	}
	frame := p.Frame(v.Ctx, templates.SectionTypes, head.Title, ui.ToTypes(ctx))
	frame.Wide, frame.Styles, frame.Scripts = true, []string{"grid.css", "condition.css"}, []string{"grid.js"}
	a := s.address
	page = shown.GridPage{
		Frame: frame, Head: head, Path: a.path, Search: a.search, Keep: a.keep(), Tabs: a.tabs(ctx, s.typ.Name, s.grant.Trash),
		Columns: s.heads(ctx), Rows: p.rows(ctx, s, list.Documents), State: a.state, Compact: s.compact,
		Narrowed: a.search != "" || a.where != nil, Clear: a.href(func(a *address) { a.search, a.where, a.after = "", nil, "" }),
		Chips: s.chips(ctx), ColumnMenu: s.columnMenu(ctx), FilterMenu: s.filterMenu(ctx),
		Query: listQuery(a), Type: s.typ.Name, Lang: string(words.Of(ctx)), Deletes: s.grant.Delete.Op != "false", Edits: s.grant.Edit.Op != "false",
		Count: a.href(func(a *address) { a.count, a.after = true, "" }),
	}
	page.Import, page.Export = fileLinks(v.Actor(), a)
	if s.grant.Create.Op != "false" {
		page.New = a.path + "/_new"
	}
	if a.state == stateAttention {
		page.Settle = attentionAt(s.typ.Name)
	}
	if page.Cursor, err = p.asks.Here(v.Actor(), subscribed(s.typ.Name)); err != nil {
		return page, err
	}
	if page.Views, err = p.viewMenu(ctx, v.Actor(), s); err != nil {
		return page, err
	}
	if list.Total >= 0 {
		page.Counted = words.Say(ctx, "%d records", list.Total)
	}
	if a.after != "" {
		page.First = a.href(func(a *address) { a.after = "" })
	}
	if list.Next != "" {
		page.Next = a.href(func(a *address) { a.after = list.Next })
	}
	return page, nil
}
