package admin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/fieldstack/fieldstack/admin/admintest"
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

// Problems stand beside their field, and what is about the whole record above them.
func TestRecord_Problems(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump", "parts": []any{map[string]any{"name": "Seal", "qty": 2.0}}})
	w.Publish("order", strings.NewReplacer(`"minLength": 1`, `"minLength": 8`, `"required": ["title"]`, `"required": ["title", "assignee"]`).Replace(admintest.OrderSchema))
	p := w.As("eve").Get("/admin/types/order/records/" + id).Want(200)
	beside := p.Find("dl.value > .has-problem").Map(func(_ int, s *goquery.Selection) string { return s.Find("dt span").First().Text() })
	if !slices.Equal(beside, []string{"Title", "Assignee"}) {
		t.Errorf("problems are beside %v", beside)
	}
}
