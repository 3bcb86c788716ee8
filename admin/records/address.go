package records

import (
	"context"
	"net/url"
	"strings"

	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/templates"
	"github.com/fieldstack/fieldstack/templates/words"
)

// address is what the address of a grid says: which records, in which order, from where
// on. The zero address but for its path shows all that are in use.
type address struct {
	path   string
	where  *schema.Condition // nil: all
	sort   []collections.Sort
	search string
	state  string // "", stateAttention or stateTrash
	after  string // of the page before
	count  bool
}

// The states of records that an address can name, beside those in use.
const (
	stateAttention = "attention"
	stateTrash     = "trash"
)

// readAddress reads the query of a request.
func readAddress(v *ui.Visit, path string) (address, error) {
	query, err := url.ParseQuery(string(v.Request().URI().QueryString()))
	if err != nil {
		return address{}, collections.Errorf(collections.Invalid, "", "The address of this list is mistyped: begin at the list of records.")
	}
	return parseAddress(path, query)
}

// parseAddress reads what [address.query] wrote.
func parseAddress(path string, q url.Values) (address, error) {
	a := address{path: path, search: q.Get("search"), state: q.Get("state"), after: q.Get("after"), count: q.Get("count") == "yes"}
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

// query is what parseAddress reads.
func (a address) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("search", a.search)
	set("state", a.state)
	set("after", a.after)
	for _, key := range a.sort {
		q.Add("sort", writeSort(key))
	}
	if a.where != nil {
		text, _ := a.where.MarshalJSON()
		set("where", string(text))
	}
	if a.count {
		set("count", "yes")
	}
	return q
}

// href is the address of the same list with some of it changed.
func (a address) href(change func(*address)) string {
	change(&a)
	q := a.query()
	if len(q) == 0 {
		return a.path
	}
	return a.path + "?" + q.Encode()
}

// narrowed reports whether there may be records that this list leaves out.
func (a address) narrowed() bool { return a.search != "" || a.where != nil }

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

// tabs are the states of records; who may not see the trash sees only those in use.
func (a address) tabs(ctx context.Context, trash bool) []templates.Tab {
	if !trash {
		return nil
	}
	var tabs []templates.Tab
	for _, t := range []struct{ text, state string }{
		{words.Key("In use"), ""}, {words.Key("Needs attention"), stateAttention}, {words.Key("Trash"), stateTrash},
	} {
		href := a.href(func(a *address) { a.state, a.after, a.count = t.state, "", false })
		tabs = append(tabs, templates.Tab{Text: words.Say(ctx, t.text), Href: href, Current: t.state == a.state})
	}
	return tabs
}

// keep is what the search form gives back.
func (a address) keep() []templates.Hidden {
	a.search, a.after, a.count = "", "", false
	var keep []templates.Hidden
	q := a.query()
	for _, name := range []string{"state", "where", "sort"} {
		for _, value := range q[name] {
			keep = append(keep, templates.Hidden{Name: name, Value: value})
		}
	}
	return keep
}
