package records

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// address is what the address of a grid says: which records, in which order, from where
// on. The zero address but for its path shows all that are in use.
type address struct {
	path   string
	view   string            // id of the view that it begins with, "" for none
	base   *views.Look       // what that view shows, nil for none; not of the address itself
	where  *schema.Condition // nil: all
	sort   []collections.Sort
	search string
	state  string // "", stateAttention or stateTrash
	after  string // of the page before
	count  bool
	begins bool   // who asks begins with a view of theirs; not of the address itself
	open   string // the panel that is open: "columns", "filter"; "" for none
}

// The states of records that an address can name, beside those in use.
const (
	stateAttention = "attention"
	stateTrash     = "trash"
)

// allView names, as a view, the list itself: who begins with a view of theirs gets to the
// whole list by it.
const allView = "all"

// readQuery reads the query of a request.
func readQuery(v *ui.Visit) (url.Values, error) {
	query, err := url.ParseQuery(string(v.Request().URI().QueryString()))
	if err != nil {
		return nil, collections.Errorf(collections.Invalid, "", "The address of this list is mistyped: begin at the list of records.")
	}
	return query, nil
}

// parseAddress reads what [address.query] wrote. base is what the view shows that the
// address names, nil where it names none: that is what the list shows too, unless the
// address says that it was changed.
func parseAddress(path string, q url.Values, base *views.Look) (address, error) {
	a := address{path: path, view: viewOf(q), base: base, after: q.Get("after"), count: q.Get("count") == "yes", open: q.Get("open")}
	if base != nil && q.Get("changed") != "yes" {
		a.where, a.sort, a.search, a.state = base.Where, base.Asked(), base.Search, base.State
		return a, nil
	}
	a.search, a.state = q.Get("search"), q.Get("state")
	if a.state != "" && a.state != stateAttention && a.state != stateTrash {
		return a, collections.Errorf(collections.NotFound, "", "There are no such records: there are those in use, those that need attention, and the trash.")
	}
	for _, text := range q["sort"] {
		key, err := readSort(text)
		if err != nil {
			return a, err
		}
		a.sort = append(a.sort, key)
	}
	if text := q.Get("where"); text != "" {
		where, err := schema.ParseCondition([]byte(text))
		if err != nil {
			return a, collections.Errorf(collections.Invalid, "where", "The filter in the address is mistyped: %s", err)
		}
		a.where = where
	}
	return a, nil
}

// readSort reads one key of an order: the way to a field, with - in front for the other
// way round. A + in front says nothing, and lets a key begin with either.
func readSort(text string) (collections.Sort, error) {
	name, desc := strings.CutPrefix(text, "-")
	if !desc {
		name = strings.TrimPrefix(text, "+")
	}
	path, err := splitKey(name)
	if err != nil {
		return collections.Sort{}, collections.Errorf(collections.Invalid, "sort", "The order in the address is mistyped: choose one by the head of a column.")
	}
	return collections.Sort{Field: path, Desc: desc}, nil
}

func writeSort(s collections.Sort) string {
	name := joinKey(s.Field)
	switch {
	case s.Desc:
		return "-" + name
	case strings.HasPrefix(name, "-") || strings.HasPrefix(name, "+"):
		return "+" + name
	}
	return name
}

// viewOf is the id of the view that a query names, "" for none.
func viewOf(q url.Values) string {
	if id := q.Get("view"); id != allView {
		return id
	}
	return ""
}

// look is what the list shows, but for its columns.
func (a address) look() views.Look {
	return views.Look{Where: a.where, Sort: views.Sorted(a.sort), Search: a.search, State: a.state}
}

// changed reports whether the list shows something else than the view it began with.
func (a address) changed() bool {
	return a.base != nil && !sameLook(a.look(), *a.base)
}

// sameLook compares what two looks show, but for their columns.
func sameLook(a, b views.Look) bool {
	return a.Search == b.Search && a.State == b.State && conditionText(a.Where) == conditionText(b.Where) &&
		slices.EqualFunc(a.Sort, b.Sort, func(x, y views.Sort) bool { return x.Desc == y.Desc && slices.Equal(x.Path, y.Path) })
}

// conditionText writes a condition, "" for none.
func conditionText(c *schema.Condition) string {
	if c == nil {
		return ""
	}
	text, _ := c.MarshalJSON()
	return string(text)
}

// query is what parseAddress reads.
func (a address) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("view", a.view)
	set("after", a.after)
	set("open", a.open)
	if a.count {
		set("count", "yes")
	}
	if a.base != nil && !a.changed() {
		return q
	}
	for name, values := range a.spelled() {
		q[name] = values
	}
	return q
}

// spelled says the look itself, whatever the view that it began with.
func (a address) spelled() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if a.base != nil {
		set("changed", "yes")
	}
	set("search", a.search)
	set("state", a.state)
	set("where", conditionText(a.where))
	for _, key := range a.sort {
		q.Add("sort", writeSort(key))
	}
	return q
}

// href is the address of the same list with some of it changed.
func (a address) href(change func(*address)) string {
	a.open, a.count = "", false
	change(&a)
	q := a.query()
	if len(q) == 0 && a.begins {
		q.Set("view", allView)
	}
	if len(q) == 0 {
		return a.path
	}
	return a.path + "?" + q.Encode()
}

// request asks the engine for the page.
func (a address) request() collections.ListRequest {
	r := collections.ListRequest{Where: a.where, Search: a.search, Sort: a.sort, After: a.after, Limit: pageSize, Count: a.count}
	switch a.state {
	case stateAttention:
		r.State = collections.Attention
	case stateTrash:
		r.State = collections.Trash
	}
	return r
}

// tabs are the states of records of a type; who may not see the trash sees only those in use.
func (a address) tabs(ctx context.Context, typ string, trash bool) []templates.Tab {
	if !trash {
		return nil
	}
	var tabs []templates.Tab
	for _, t := range []struct{ text, state string }{
		{words.Key("In use"), ""}, {words.Key("Needs attention"), stateAttention}, {words.Key("Trash"), stateTrash},
	} {
		href := a.href(func(a *address) { a.state, a.after = t.state, "" })
		switch {
		case t.state == a.state:
		case t.state == stateTrash:
			href = a.path + "/trash" // from where many are restored at once
		case t.state == stateAttention:
			href = attentionAt(typ) // where each is settled, and what was refused is too
		}
		tabs = append(tabs, templates.Tab{Text: words.Say(ctx, t.text), Href: href, Current: t.state == a.state})
	}
	return tabs
}

// keep is what the search form gives back.
func (a address) keep() []templates.Hidden {
	var keep []templates.Hidden
	q := a.spelled()
	if a.view != "" {
		q.Set("view", a.view)
	}
	for _, name := range []string{"view", "changed", "state", "where", "sort"} {
		for _, value := range q[name] {
			keep = append(keep, templates.Hidden{Name: name, Value: value})
		}
	}
	return keep
}
