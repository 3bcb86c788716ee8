package admin

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/admin/show"

	"github.com/gofiber/fiber/v2"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
)

const (
	pageSize     = 50 // records on a page
	columnsShown = 6  // fields in the table
)

// asked is what the address of a page of records says.
type asked struct {
	path, search, sort, state, after string
}

func readAsked(v *ui.Visit) asked {
	return asked{path: v.Path(), search: v.Query("search"), sort: v.Query("sort"), state: v.Query("state"), after: v.Query("after")}
}

// href is the address of the same page with some of it changed.
func (a asked) href(change func(*asked)) string {
	change(&a)
	q := url.Values{}
	for _, m := range []struct{ name, value string }{{"search", a.search}, {"sort", a.sort}, {"state", a.state}, {"after", a.after}} {
		if m.value != "" {
			q.Set(m.name, m.value)
		}
	}
	if len(q) == 0 {
		return a.path
	}
	return a.path + "?" + q.Encode()
}

func (a asked) request() (collections.ListRequest, error) {
	r := collections.ListRequest{Search: a.search, After: a.after, Limit: pageSize}
	if a.sort != "" {
		key, desc := strings.CutPrefix(a.sort, "-")
		r.Sort = []collections.Sort{{Field: []string{key}, Desc: desc}}
	}
	switch a.state {
	case "":
		r.State = collections.Live
	case "attention":
		r.State = collections.Attention
	case "trash":
		r.State = collections.Trash
	default:
		return r, collections.Errorf(collections.NotFound, "", "There are no such records: there are those in use, those that need attention, and the trash.")
	}
	return r, nil
}

// records lists a type's records.
func (p *pages) records(v *ui.Visit) error {
	t, err := p.Types.Type(v.UserContext(), v.Who.Actor, v.Params("type"), 0)
	if err != nil {
		return err
	}
	a := readAsked(v)
	request, err := a.request()
	if err != nil {
		return err
	}
	list, err := p.Records.List(v.UserContext(), v.Who.Actor, t.Name, request)
	if err != nil {
		return err
	}
	grant, err := p.Types.Grant(v.Who.Actor, t.Name)
	if err != nil {
		return err
	}
	head, err := p.TypeHead(v, p.Types, t, templates.TabRecords)
	if err != nil {
		return err
	}
	page := templates.RecordsPage{
		Frame: p.Frame(v.Ctx, templates.SectionTypes, head.Title, ui.ToTypes(v.UserContext())), Head: head, Search: a.search, None: a.none(),
		Clear: a.href(func(a *asked) { a.search, a.after = "", "" }),
	}
	page.Tabs, page.Keep = a.tabs(grant.Trash), a.keep()
	if a.after != "" {
		page.First = a.href(func(a *asked) { a.after = "" })
	}
	if list.Next != "" {
		page.Next = a.href(func(a *asked) { a.after = list.Next })
	}
	p.fillTable(v.UserContext(), &page, t, a, list.Documents)
	return ui.Render(v.Ctx, fiber.StatusOK, templates.Records(page))
}

func (a asked) none() string {
	switch {
	case a.search != "":
		return "No record has words that begin like these."
	case a.after != "":
		return "There are no more."
	case a.state == "attention":
		return "Nothing needs attention: every record fits its type, and nobody disagrees."
	case a.state == "trash":
		return "The trash is empty."
	}
	return "There are no records yet. Devices and programs make them; so does the command “fieldstack import”."
}

// tabs are the views of the records; who may not see the trash has but one.
func (a asked) tabs(trash bool) []templates.Tab {
	if !trash {
		return nil
	}
	var tabs []templates.Tab
	for _, t := range []struct{ text, state string }{{"In use", ""}, {"Needs attention", "attention"}, {"Trash", "trash"}} {
		href := a.href(func(a *asked) { a.state, a.after = t.state, "" })
		tabs = append(tabs, templates.Tab{Text: t.text, Href: href, Current: t.state == a.state})
	}
	return tabs
}

// keep is what the search form gives back.
func (a asked) keep() []templates.Hidden {
	var keep []templates.Hidden
	if a.state != "" {
		keep = append(keep, templates.Hidden{Name: "state", Value: a.state})
	}
	if a.sort != "" {
		keep = append(keep, templates.Hidden{Name: "sort", Value: a.sort})
	}
	return keep
}

// fillTable makes the columns and rows.
func (p *pages) fillTable(ctx context.Context, page *templates.RecordsPage, t *collections.Type, a asked, docs []*collections.Document) {
	fields := columnsOf(t.Schema)
	for _, f := range fields {
		page.Columns = append(page.Columns, a.column(f.Title, f.Path[0], sortable(f)))
	}
	page.Columns = append(page.Columns, a.column("Changed", "_updated", true))
	for _, d := range docs {
		row := templates.RecordRow{Href: ui.RecordPath(d), Name: ui.RecordName(ctx, t.Schema, d)}
		for _, f := range fields {
			row.Cells = append(row.Cells, show.Cell(ctx, t.Schema, f.Path, d.Value[f.Path[0]]))
		}
		at := p.Moment(ctx, d.Updated)
		row.Cells = append(row.Cells, templates.Value{Kind: templates.ValueTime, Text: at.Text, At: at})
		row.Problem = rowProblem(d)
		page.Rows = append(page.Rows, row)
	}
}

// rowProblem says in a line what asks for attention. In the trash nothing does.
func rowProblem(d *collections.Document) string {
	switch {
	case d.Deleted:
		return ""
	case len(d.Problems) > 0:
		return d.Problems[0].Message
	case len(d.Disagreements) > 0:
		return "People wrote different values, and nobody has picked one."
	}
	return ""
}

// columnsOf are the fields that the table shows: the first few, those that are too
// large for a cell left out.
func columnsOf(s *schema.Schema) []schema.Field {
	fields := slices.DeleteFunc(show.Top(s), func(f schema.Field) bool {
		return f.Deprecated || f.Type == "object" || string(f.Strategy) == "text" || string(f.Strategy) == "list"
	})
	if len(fields) == 0 {
		fields = show.Top(s)
	}
	return fields[:min(columnsShown, len(fields))]
}

// sortable reports whether the order of a field says anything.
func sortable(f schema.Field) bool { return f.Type != "array" && f.Type != "object" }

// column is the head of a column. Its link sorts, and sorts the other way round when
// it does already.
func (a asked) column(label, key string, sortable bool) templates.Column {
	c := templates.Column{Label: label, Order: templates.Unsorted}
	next := key
	switch a.sort {
	case key:
		c.Order, next = templates.Ascending, "-"+key
	case "-" + key:
		c.Order = templates.Descending
	}
	if sortable {
		c.Href = a.href(func(a *asked) { a.sort, a.after = next, "" })
	}
	return c
}
