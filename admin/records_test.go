package admin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/crdt"
)

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

// TestRecords_OneDoor: a worker sees his own orders and no price, on no page.
func TestRecords_OneDoor(t *testing.T) {
	w := admintest.NewWorld(t)
	ids := fill(w, 4)
	b := w.As("wim")
	record := b.Get("/admin/types/order/records/" + ids[0]).Want(200)
	for _, p := range []*admintest.Page{record, b.Get("/admin/types/order/records/" + ids[0] + "/raw").Want(200)} {
		if strings.Contains(p.Body, "98765") || strings.Contains(p.Body, "rice") {
			t.Errorf("%s tells the price", p.Path)
		}
	}
	record.SaysNot(".heading", "Delete")
	b.Get("/admin/types/order/records/" + ids[1]).Want(404)
	b.Post("/admin/types/order/records/"+ids[0]+"/delete", nil).Want(403).Says("h1", "You may not")
	b.Post("/admin/types/order/records/"+ids[1]+"/delete", nil).Want(404)
	b.Post("/admin/types/order/records/"+ids[0]+"/restore", nil).Want(403)
}

func TestRecord_ShowsValues(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{
		"title": "Pump leaks", "status": "in_progress", "hours": 1.5, "due": "2026-12-01", "urgent": true, "manual": "https://example.org/pump?a=1&b=2",
		"notes": "one\n\ntwo", "tags": []any{"leak", "pump"}, "parts": []any{map[string]any{"name": "Seal", "qty": 2.0}, map[string]any{"name": "Nut"}},
	})
	b := w.As("eve")
	p := b.Get("/admin/types/order/records/" + id).Want(200)
	p.Says("h1", "Pump leaks")
	fields := p.Text("dl.value")
	for _, want := range []string{"Title Pump leaks", "Status in_progress", "Hours 1.5", "Due 1 Dec 2026", "Urgent Yes", "Notes one two", "Price –", "Parts Name Quantity Seal 2", "Nut –"} {
		if !strings.Contains(fields, want) {
			t.Errorf("%q is not in %q", want, fields)
		}
	}
	p.Count("dl.value .prose br", 3)
	p.Count("dl.value .tag", 2)
	p.Count(`dl.value a[href="https://example.org/pump?a=1&b=2"]`, 1)
	p.Count(`dl.value time[datetime="2026-12-01"]`, 1)
	b.Get("/admin/types/order/records/"+id+"/raw").Want(200).Says("pre", `"title": "Pump leaks"`)
}

// TestRecord_History: who did what, what met a newer value, and which change came late.
func TestRecord_History(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump", "assignee": "wim", "status": "open"})
	_, err := w.Engine.Patch(t.Context(), admintest.System, "order", id, map[string]any{"assignee": "wilo"})
	w.Must(err)
	w.Push(0xa1, 5*time.Hour, id,
		crdt.Op{Kind: crdt.OpSet, Path: []string{"assignee"}, Value: "eve", Has: true},
		crdt.Op{Kind: crdt.OpAssign, Path: []string{"status"}, ID: 1, Value: "done", Has: true})
	b := w.As("eve")
	p := b.Get("/admin/types/order/records/" + id).Want(200)
	p.Count(".timeline > li", 3)
	newest := p.Find(".timeline > li").First()
	text := admintest.TextOf(newest)
	for _, want := range []string{"eve", "came 5 hours later", "met a newer value", "version 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the newest change says %q, want %q in it", text, want)
		}
	}
	if got := strings.TrimSpace(newest.Find("details li").First().Text()); got != "eve" {
		t.Errorf("what was lost is shown as %q", got)
	}
	p.Says(".disagreement", "People wrote different values")
	p.Count(".disagreement li", 2)
	p.Count("dl.value .has-problem", 1)
	filtered := b.Get("/admin/types/order/records/" + id + "?field=assignee").Want(200)
	filtered.SaysNot(".timeline", "Status")
	if got := filtered.Find("#history-field option[selected]").AttrOr("value", ""); got != "assignee" {
		t.Errorf("the filter shows %q", got)
	}
	b.Get("/admin/types/order/records?state=attention").Want(200).Says(".sheet", "nobody has picked one")
}

// A long history is read page by page, each change once.
func TestRecord_LongHistory(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump"})
	for i := range 150 {
		_, err := w.Engine.Patch(t.Context(), admintest.System, "order", id, map[string]any{"hours": float64(i)})
		w.Must(err)
	}
	b := w.As("eve")
	p := b.Get("/admin/types/order/records/" + id).Want(200)
	p.Count(".timeline > li", 100)
	later := p.Find("nav[aria-label='Pages of the history'] a").AttrOr("href", "")
	p = b.Get(strings.TrimSuffix(later, "#history")).Want(200)
	p.Count(".timeline > li", 151-100)
	p.Says(".timeline > li:first-child", "149")
	p.Says("nav[aria-label='Pages of the history']", "First changes")
	p.SaysNot("nav[aria-label='Pages of the history']", "Later")
}

// Problems stand beside their field, and what is about the whole record above them.
func TestRecord_Problems(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump", "parts": []any{map[string]any{"name": "Seal", "qty": 2.0}}})
	w.Publish("order", edited(t, admintest.OrderSchema, func(s map[string]any) {
		field(s, "title")["minLength"] = 8
		s["required"] = []string{"title", "assignee"}
	}))
	p := w.As("eve").Get("/admin/types/order/records/" + id).Want(200)
	beside := p.Find("dl.value > .has-problem").Map(func(_ int, s *goquery.Selection) string { return s.Find("dt").First().Text() })
	if !slices.Equal(beside, []string{"Title", "Assignee"}) {
		t.Errorf("problems are beside %v", beside)
	}
}

func TestRecord_DeleteAndRestore(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump"})
	b := w.As("eve")
	path := "/admin/types/order/records/" + id
	p := b.Get(path + "/delete").Want(200)
	p.Says("h1", "Delete Pump?")
	if d, err := w.Engine.Get(t.Context(), admintest.System, "order", id); err != nil || d.Deleted {
		t.Fatalf("asking deleted it: %v", err)
	}
	b.Follow(b.Post(p.Find("main form").AttrOr("action", ""), nil)).Says(".notice.done", "in the trash")
	b.Get("/admin/types/order/records").Says(".empty", "No records yet")
	b.Get("/admin/types/order/records?state=trash").Says(".sheet", "Pump")
	p = b.Get(path).Want(200)
	p.Says("h1 + .sub", "in the trash")
	p.SaysNot(".heading", "Delete")
	b.Follow(b.Post(p.Find(".heading form").AttrOr("action", ""), nil)).Says(".notice.done", "back")
	b.Get("/admin/types/order/records").Says(".sheet", "Pump")
	b.Get(path + "/restore").Want(404)
}
