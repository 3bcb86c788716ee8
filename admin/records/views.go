package records

import (
	"context"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/schema"
	shown "github.com/fieldstack/fieldstack/templates/records"
	"github.com/fieldstack/fieldstack/templates/words"
)

func (p *pages) viewRoutes() []web.Route {
	return []web.Route{
		p.Post("/admin/types/:type/records/views", web.SignedIn, p.makeView),
		p.Post("/admin/types/:type/records/views/:id", web.SignedIn, p.changeView),
		p.Post("/admin/types/:type/records/views/:id/remove", web.SignedIn, p.removeView),
		p.Post("/admin/types/:type/records/begin", web.SignedIn, p.beginWith),
	}
}

// viewed is the view that a list began with, as its reader may see it.
type viewed struct {
	*views.View
	look   views.Look // without what the reader does not have
	partly bool       // something was left out
}

// findView finds the view that a query names. One that is gone is no error: who follows
// an old link gets the list.
func (p *pages) findView(v *ui.Visit, s *schema.Schema, typ, id string) (*viewed, error) {
	if id == "" {
		return nil, nil
	}
	view, err := p.views.Find(v.UserContext(), v.Actor(), typ, id)
	if err != nil {
		if ui.IsNotFound(err) {
			return nil, nil
		}
		return nil, err
	}
	found := &viewed{View: view}
	found.look, found.partly = view.Look.For(s)
	return found, nil
}

// viewForm is a form about a list, and the list it came from.
type viewForm struct {
	url.Values
	sight *sight
}

// readViewForm reads a form that was sent from a list: its hidden field "from" is the
// list's own query, so that what is kept is what was seen.
func (p *pages) readViewForm(v *ui.Visit) (*viewForm, error) {
	form, err := ui.ReadForm(v.Ctx)
	if err != nil {
		return nil, err
	}
	query, err := url.ParseQuery(form.Get("from"))
	if err != nil {
		return nil, ui.BadForm()
	}
	s, err := p.sightOf(v, query)
	if err != nil {
		return nil, err
	}
	return &viewForm{form, s}, nil
}

// back is the list that the form came from, with some of it changed.
func (f *viewForm) back(change func(*address)) string {
	return f.sight.address.href(func(a *address) {
		a.after = ""
		change(a)
	})
}

// shownLook is all that the list shows, its columns as its reader has arranged them.
func (s *sight) shownLook() views.Look {
	look := s.address.look()
	for _, c := range s.columns {
		look.Columns = append(look.Columns, c.kept())
	}
	return look
}

// makeView keeps what a list shows under a name.
func (p *pages) makeView(v *ui.Visit) error {
	f, err := p.readViewForm(v)
	if err != nil {
		return err
	}
	made, err := p.views.Make(v.UserContext(), v.Actor(), views.View{
		Type: f.sight.typ.Name, Name: f.Get("name"), Shared: f.Get("shared") == "yes", Look: f.sight.shownLook(),
	})
	if err != nil {
		return p.gridWrong(v, f.sight, "views", err)
	}
	return v.Redirect(f.back(func(a *address) { a.begin(made) }), fiber.StatusSeeOther)
}

// begin makes the address that of a view.
func (a *address) begin(v *views.View) {
	look := v.Look
	a.view, a.base = v.ID, &look
	a.where, a.sort, a.search, a.state = look.Where, look.Asked(), look.Search, look.State
}

// changeView gives a view another name, shares it or not, and keeps in it what the list
// shows, where the form asks for that. What its author left in it that this reader does
// not see would be lost by that, so it is refused.
func (p *pages) changeView(v *ui.Visit) error {
	f, err := p.readViewForm(v)
	if err != nil {
		return err
	}
	look := f.sight.shownLook()
	if f.Get("look") == "yes" && f.sight.view != nil && f.sight.view.partly {
		return p.gridWrong(v, f.sight, "views", collections.Errorf(collections.Forbidden, "", "Parts of this view are about fields that you do not see: save what you have under a name of your own."))
	}
	kept, err := p.views.Change(v.UserContext(), v.Actor(), f.sight.typ.Name, v.Params("id"), func(view *views.View) {
		if name := strings.TrimSpace(f.Get("name")); name != "" {
			view.Name, view.Shared = name, f.Get("shared") == "yes"
		}
		if f.Get("look") == "yes" {
			view.Look = look
		}
	})
	if err != nil {
		return p.gridWrong(v, f.sight, "views", err)
	}
	return v.Redirect(f.back(func(a *address) { a.begin(kept) }), fiber.StatusSeeOther)
}

// removeView takes a view away; the list stays as it is.
func (p *pages) removeView(v *ui.Visit) error {
	f, err := p.readViewForm(v)
	if err != nil {
		return err
	}
	if err := p.views.Remove(v.UserContext(), v.Actor(), f.sight.typ.Name, v.Params("id")); err != nil {
		return p.gridWrong(v, f.sight, "views", err)
	}
	return v.Redirect(f.back(func(a *address) { a.view, a.base = "", nil }), fiber.StatusSeeOther)
}

// beginWith chooses the view that somebody begins with: the one of the list, or none.
func (p *pages) beginWith(v *ui.Visit) error {
	f, err := p.readViewForm(v)
	if err != nil {
		return err
	}
	err = p.views.Arrange(v.UserContext(), v.Actor(), f.sight.typ.Name, "", func(l *views.Layout) { l.Begin = f.Get("view") })
	if err != nil {
		return err
	}
	return v.Redirect(f.back(func(a *address) { a.begins = f.Get("view") != "" }), fiber.StatusSeeOther)
}

// viewMenu is the menu of views.
func (p *pages) viewMenu(ctx context.Context, who collections.Actor, s *sight) (shown.ViewMenu, error) {
	a := s.address
	menu := shown.ViewMenu{
		Current: words.Say(ctx, "All records"), All: a.path + "?view=" + allView, AllCurrent: a.base == nil, Path: a.path,
		From: a.query().Encode(), MayShare: views.MayShare(who), Changed: a.changed(), Begins: s.begins == a.view, IsView: s.view != nil,
	}
	if !a.begins {
		menu.All = a.path
	}
	list, err := p.views.List(ctx, who, s.typ.Name)
	if err != nil {
		return menu, err
	}
	for _, view := range list {
		item := shown.ViewItem{Name: view.Name, Href: a.path + "?view=" + view.ID, Current: view.ID == a.view, Begins: view.ID == s.begins}
		if view.Shared {
			item.By = view.By
			menu.Shared = append(menu.Shared, item)
		} else {
			menu.Own = append(menu.Own, item)
		}
	}
	if s.view != nil {
		menu.Current, menu.ID, menu.IsShared, menu.Changes = s.view.Name, s.view.ID, s.view.Shared, s.view.Changes(who)
		menu.Partly = s.view.partly
	}
	return menu, nil
}
