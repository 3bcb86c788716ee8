package records_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

const openOnes = `{"field":"status","is":"open"}`

// A view is a name for an address; who begins with it gets it, and comes to all records
// all the same.
func TestViews_Own(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 3)
	w.Create("order", map[string]any{"title": "Done", "status": "done"})
	b := w.As("eve")
	from := url.Values{"where": {openOnes}, "sort": {"-title"}}.Encode()
	p := b.Follow(b.Post(orders+"/views", admintest.Values("from", from, "name", "Open ones")))
	if got := titles(p); !slices.Equal(got, []string{"Order 002", "Order 001", "Order 000"}) {
		t.Errorf("the view shows %v", got)
	}
	p.Says(".menu summary", "Open ones")
	p.SaysNot(".menu summary", "changed")
	view := p.Path
	p = b.Follow(b.Post(orders+"/begin", admintest.Values("from", strings.SplitN(view, "?", 2)[1], "view", p.Find(`.menu-list a[aria-current=page]`).AttrOr("href", "")[len(orders+"?view="):])))
	b.Get(orders).Redirects(view)
	p = b.Get(p.Find(".menu-list a:contains(All)").AttrOr("href", "")).Want(200)
	if got := titles(p); len(got) != 4 {
		t.Errorf("all records are %v", got)
	}
	p = b.Get(b.Get(view).Find(`th[data-key=title] a`).AttrOr("href", "")).Want(200)
	p.Says(".menu summary", "changed")
	if got := titles(p); len(got) != 3 {
		t.Errorf("a view that is sorted in another way has %v", got)
	}
	w.As("olga").Get(view).Want(200).SaysNot(".menu summary", "Open ones")
	p = b.Post(orders+"/views", admintest.Values("from", from, "name", ""))
	p.Want(400).Says(".menu .notice.wrong", "Give the view a name")
}

// Who does not see a field is told nothing of it by a view that is shared.
func TestViews_HiddenFields(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 2)
	b := w.As("eve")
	from := url.Values{"where": {`{"all":[{"field":"price","above":5},` + openOnes + `]}`}, "sort": {"price"}}.Encode()
	made := b.Post(orders+"/views", admintest.Values("from", from, "name", "Dear", "shared", "yes")).Header.Get("Location")
	p := w.As("wim").Get(strings.TrimPrefix(made, w.URL)).Want(200)
	if got := titles(p); !slices.Equal(got, []string{"Order 000"}) {
		t.Errorf("wim sees %v", got)
	}
	if strings.Contains(p.Body, "rice") {
		t.Error("the view tells of the price")
	}
	p.Says(".hint", "about fields that you do not see")
	p.Says(".filter-chips", `Status is`)
	p.Count(".menu form button:contains(away)", 0)
	id := strings.TrimPrefix(strings.TrimPrefix(made, w.URL), orders+"?view=")
	w.As("wim").Post(orders+"/views/"+id+"/remove", admintest.Values("from", "view="+id)).Want(403)
}

// Columns are everybody's own.
func TestColumns(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 1)
	b := w.As("eve")
	keys := func(p *admintest.Page) []string {
		return p.Find("th[data-key]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("data-key", "") })
	}
	form := url.Values{"column": {"title", "hours", "due", "nonsense"}, "frozen": {"due"}, "width": {"hours:300", "due:9"}, "compact": {"yes"}}
	p := b.Follow(b.Post(orders+"/columns", form))
	if got := keys(p); !slices.Equal(got, []string{"title", "due", "hours"}) {
		t.Errorf("columns %v, want those that stand still first", got)
	}
	p.Count("table.compact", 1)
	p.Count(`col[width="300"]`, 1)
	p.Count(`col[width="64"]`, 1)
	form.Set("do", "down:hours")
	form["column"], form["frozen"] = []string{"title", "hours", "due"}, nil
	if got := keys(b.Follow(b.Post(orders+"/columns", form))); !slices.Equal(got, []string{"title", "due", "hours"}) {
		t.Errorf("after moving down: %v", got)
	}
	if got := keys(w.As("olga").Get(orders)); len(got) != 9 {
		t.Errorf("olga has %v", got)
	}
	if got := keys(b.Follow(b.Post(orders+"/columns", admintest.Values("do", "usual", "column", "title")))); len(got) != 9 {
		t.Errorf("the usual columns are %v", got)
	}
	hidden := url.Values{"column": {"title", "price"}}
	if got := keys(w.As("wim").Follow(w.As("wim").Post(orders+"/columns", hidden))); !slices.Equal(got, []string{"title"}) {
		t.Errorf("wim has %v", got)
	}
}

// The filter is made row by row, and shown in words that lead to the list without them.
func TestFilter(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 4)
	b := w.As("eve")
	p := b.Follow(b.Post(orders+"/filter", admintest.Values("add", `{"field":"assignee","is":"wim"}`)))
	if got := titles(p); !slices.Equal(got, []string{"Order 000", "Order 002"}) {
		t.Errorf("filtered: %v", got)
	}
	p.Says(".filter-chips .chip", `Assignee is "wim"`)
	p = b.Follow(b.Post(orders+"/filter", admintest.Values("from", strings.SplitN(p.Path, "?", 2)[1], "add", `{"field":"hours","above":3}`)))
	if got := titles(p); !slices.Equal(got, []string{"Order 000"}) {
		t.Errorf("filtered twice: %v", got)
	}
	p = b.Get(p.Find(".filter-chips .chip a").First().AttrOr("href", "")).Want(200)
	if got := titles(p); !slices.Equal(got, []string{"Order 000"}) {
		t.Errorf("without the first part: %v", got)
	}
	b.Post(orders+"/filter", admintest.Values("add", "nonsense")).Want(400)
	b.Post(orders+"/filter", admintest.Values("add", `{"field":"price","above":3}`)).Want(303)
}
