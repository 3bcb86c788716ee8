package records_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

const orders = "/admin/types/order/records"

// fill makes n orders, every other one of wim's.
func fill(w *admintest.World, n int) []string {
	w.Helper()
	var ids []string
	for i := range n {
		value := map[string]any{"title": fmt.Sprintf("Order %03d", i), "hours": float64(n - i), "price": 98765.25, "status": "open"}
		if i%2 == 0 {
			value["assignee"] = "wim"
		}
		ids = append(ids, w.Create("order", value))
	}
	return ids
}

// titles are the names of the rows.
func titles(p *admintest.Page) []string {
	return p.Find(".sheet tbody [role=rowheader]").Map(func(_ int, cell *goquery.Selection) string {
		return strings.TrimSpace(cell.Text())
	})
}

// TestGrid_Pages: going from page to page shows every record once, in order.
func TestGrid_Pages(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 250)
	b := w.As("eve")
	for _, c := range []struct {
		sort string
		back bool
	}{{"title", false}, {"-title", true}, {"hours", true}, {"-hours", false}} {
		var seen []string
		path := orders + "?sort=" + c.sort
		for pages := 0; path != "" && pages < 5; pages++ {
			p := b.Get(path).Want(200)
			seen = append(seen, titles(p)...)
			path = p.Find("a[rel=next]").AttrOr("href", "")
		}
		if len(seen) != 250 || !slices.IsSorted(seen) && !c.back {
			t.Fatalf("by %s: %d records, %v", c.sort, len(seen), seen)
		}
		if slices.Reverse(seen); c.back && !slices.IsSorted(seen) {
			t.Errorf("by %s they are not the other way round", c.sort)
		}
	}
}

// The head of a column sorts, sorts back, and lets go; the search stays.
func TestGrid_SortKeepsTheRest(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 3)
	b := w.As("eve")
	head := func(p *admintest.Page) *goquery.Selection { return p.Find(`th[data-key="title"]`) }
	p := b.Get(orders + "?search=order").Want(200)
	p = b.Get(head(p).Find("a").AttrOr("href", "")).Want(200)
	p.Holds("search", "order")
	p.Holds("sort", "title")
	if got := head(p).AttrOr("aria-sort", ""); got != "ascending" {
		t.Errorf("sorted %s", got)
	}
	p = b.Get(head(p).Find("a").AttrOr("href", "")).Want(200)
	if got := titles(p); !slices.Equal(got, []string{"Order 002", "Order 001", "Order 000"}) {
		t.Errorf("sorted back: %v", got)
	}
	if href := head(p).Find("a").AttrOr("href", ""); href != orders+"?search=order" {
		t.Errorf("the third press leads to %s", href)
	}
	p = b.Get(orders + "?search=ord+002").Want(200)
	if got := titles(p); !slices.Equal(got, []string{"Order 002"}) {
		t.Errorf("found %v", got)
	}
	p = b.Get(orders + "?search=nothing").Want(200)
	p.Says(".empty", "No record fits")
	if href := p.Find(".empty a").AttrOr("href", ""); href != orders {
		t.Errorf("clearing the search leads to %s", href)
	}
}

// What is inside of a group has a column, and is edited in it, unless the group is written
// as one; and times are sorted by with the newest first.
func TestGrid_InsideOfGroups(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Publish("visit", `{"title": "Visit", "type": "object", "properties": {
		"address": {"type": "object", "properties": {"city": {"type": "string", "title": "City"}}},
		"place": {"type": "object", "x-atomic": true, "properties": {"lat": {"type": "number"}}},
		"rows": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}}}}`)
	w.Create("visit", map[string]any{"address": map[string]any{"city": "Kiel"}})
	b := w.As("eve")
	p := b.Follow(b.Post("/admin/types/visit/records/columns", url.Values{"column": {"address.city", "place.lat", "rows", "_updated"}}))
	for key, want := range map[string]string{"address.city": "true", "place.lat": "", "_updated": "false"} {
		if got := p.Find(`th[data-key="`+key+`"]`).AttrOr("data-edits", ""); got != want {
			t.Errorf("%s is edited in its cell: %q, want %q", key, got, want)
		}
	}
	p.Count(`td[data-raw='"Kiel"']`, 1)
	p.Count(`th[data-key="rows"][data-kind="large"]`, 1)
	var ways []string
	for range 3 {
		href := p.Find(`th[data-key="_updated"] a`).AttrOr("href", "")
		ways, p = append(ways, strings.TrimPrefix(href, "/admin/types/visit/records")), b.Get(href).Want(200)
	}
	if !slices.Equal(ways, []string{"?sort=-_updated", "?sort=_updated", ""}) {
		t.Errorf("the head of the times leads to %v", ways)
	}
}

// TestGrid_OneDoor: a worker sees his own orders and no price.
func TestGrid_OneDoor(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 4)
	b := w.As("wim")
	p := b.Get(orders).Want(200)
	if got := titles(p); len(got) != 2 {
		t.Errorf("a worker sees %v", got)
	}
	p.Count(".pills", 0)
	if strings.Contains(p.Body, "98765") || strings.Contains(p.Body, "rice") {
		t.Error("the grid tells the price")
	}
	b.Get(orders+"?count=yes").Want(200).Says(".grid-foot", "2 records")
	b.Get(orders + "?state=trash").Want(403)
	b.Get(orders + "?state=attention").Want(403)
	b.Get(orders + "?sort=price").Want(400)
	b.Get(orders + "?where=" + `%7B%22field%22:%22price%22,%22is%22:1%7D`).Want(400)
	b.Get(orders + "?state=nonsense").Want(404)
}

// Nothing is counted unless somebody asks.
func TestGrid_Count(t *testing.T) {
	w := admintest.NewWorld(t)
	fill(w, 120)
	b := w.As("eve")
	p := b.Get(orders).Want(200)
	p.SaysNot(".grid-foot", "120")
	b.Get(p.Find(".grid-foot a:contains(Count)").AttrOr("href", "")).Want(200).Says(".grid-foot [role=status]", "120 records")
}

// An empty grid says how records come.
func TestGrid_Teaches(t *testing.T) {
	w := admintest.NewWorld(t)
	p := w.As("eve").Get(orders).Want(200)
	p.Says(".empty", "No records yet")
	p.Count(`.empty a[href="/app/#/order/new"]`, 1)
}

// What the grid sends to give a field its index is what the builder takes.
func TestGrid_GivesAnIndex(t *testing.T) {
	w := admintest.NewWorld(t)
	w.As("dana").Post("/admin/types/order/form", admintest.Values("do", "set", "setting", "index", "as", "yes", "value", "true", "path", "hours")).Want(303)
	draft, err := w.Engine.Draft(t.Context(), admintest.System, "order")
	w.Must(err)
	if !strings.Contains(string(draft.Schema), `"x-index"`) {
		t.Errorf("the draft is %s", draft.Schema)
	}
}
