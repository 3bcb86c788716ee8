package records_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/crdt"
)

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
	for _, want := range []string{"Title Pump leaks", "Status In progress", "Hours 1.5", "Due 1 Dec 2026", "Urgent Yes", "Notes one two", "Price –", "Parts Name Quantity Seal 2", "Nut –"} {
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

// TestRecord_Unscripted: where no script runs, fields are edited one at a time.
func TestRecord_Unscripted(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump"})
	b := w.As("eve")
	p := b.Get("/admin/types/order/records/" + id).Want(200)
	way := p.Find("form[data-unscripted]")
	p = b.Post(way.AttrOr("action", ""), p.Form("form[data-unscripted]")).Want(200)
	p.Says("main", "1 record")
	p.Count(`select[name="field"] option[value="title"]`, 1)
	w.As("wim").Get("/admin/types/order/records/" + id).Want(404)
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
	if got := admintest.TextOf(newest.Find(".loss").First()); got != "eve Take back" {
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
	p.Says(".timeline > li:first-child", "149")
	seen := 0
	for {
		seen += p.Find(".timeline > li").Length()
		older, more := p.Find("nav.pages a:last-child").Attr("href")
		if !more || !strings.Contains(older, "before=") {
			break
		}
		p = b.Get(strings.TrimSuffix(older, "#timeline")).Want(200)
	}
	if seen != 151 {
		t.Errorf("the pages have %d changes", seen)
	}
	p.Says(".timeline > li:last-child", "Created")
	p.Says("nav.pages", "Newest changes")
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

// metPump is a record that eve edited offline while others did: its assignee met a newer
// value, and its status waits for a pick.
func metPump(w *admintest.World) (path string) {
	w.Helper()
	id := w.Create("order", map[string]any{"title": "Pump", "assignee": "wim", "status": "open"})
	_, err := w.Engine.Patch(w.Context(), admintest.System, "order", id, map[string]any{"assignee": "wilo"})
	w.Must(err)
	w.Push(0xa1, 5*time.Hour, id,
		crdt.Op{Kind: crdt.OpSet, Path: []string{"assignee"}, Value: "eve", Has: true},
		crdt.Op{Kind: crdt.OpAssign, Path: []string{"status"}, ID: 1, Value: "done", Has: true})
	return "/admin/types/order/records/" + id
}

// One click takes a lost value back, and then there is nothing more to take back there.
func TestRecord_TakeBack(t *testing.T) {
	w := admintest.NewWorld(t)
	path := metPump(w)
	b := w.As("eve")
	p := b.Get(path).Want(200)
	p.Says("[data-field=assignee] dd", "wilo")
	p.Count(".loss form", 1)
	p = b.Follow(b.Post(p.Find(".loss form").AttrOr("action", ""), p.Form(".loss form")))
	p.Says(".notice.done", "The value is back")
	p.Says("[data-field=assignee] dd", "eve")
	p.Says(".timeline > li:first-child", "Assignee: eve")
	p.Count(".loss form", 0)
	p.Says(".loss", "eve")
	b.Post(path+"/take-back", admintest.Values("place", "x", "field", "assignee")).Want(400)
}

// One click picks among the values, with who wrote them; a pick on what has moved on
// says so and does nothing.
func TestRecord_Pick(t *testing.T) {
	w := admintest.NewWorld(t)
	path := metPump(w)
	b := w.As("eve")
	p := b.Get(path).Want(200)
	p.Says(".candidates", "system")
	p.Says(".candidates li:last-child", "eve")
	form := p.Form(".candidates li:last-child form")
	moved := admintest.Values("path", form.Get("path"), "choice", form.Get("choice"), "seen", form.Get("choice"))
	b.Post(path+"/pick", moved).Want(409).Says("main", "Somebody has written to this field meanwhile")
	p = b.Follow(b.Post(path+"/pick", form))
	p.Says(".notice.done", "The value is picked")
	p.Count(".candidates", 0)
	b.Post(path+"/pick", form).Want(409)
	b.Post(path+"/pick", admintest.Values("path", "status")).Want(400)
}

// A return shows what it would change before it does it, as one change.
func TestRecord_Return(t *testing.T) {
	w := admintest.NewWorld(t)
	id := w.Create("order", map[string]any{"title": "Pump", "hours": 1.0})
	_, err := w.Engine.Patch(t.Context(), admintest.System, "order", id, map[string]any{"title": "Valve", "notes": "leaks"})
	w.Must(err)
	b := w.As("eve")
	path := "/admin/types/order/records/" + id
	p := b.Get(path).Want(200)
	p.Count(".event-foot a", 1) // not to the newest
	to := p.Find(".event-foot a").AttrOr("href", "")
	p = b.Get(to).Want(200)
	p.Says("table", "Title Valve Pump")
	p.Says("table", "Notes leaks –")
	p.Count("tbody tr", 2)
	p = b.Follow(b.Post(p.Find("main form").AttrOr("action", ""), nil))
	p.Says(".notice.done", "The record is what it was then")
	p.Says("h1", "Pump")
	p.Count(".timeline > li", 3)
	b.Get(to).Want(200).Says(".empty", "Nothing would change")
	b.Get(path + "/moments/x").Want(400)
}

// What may not be done is not offered, and not done.
func TestRecord_ReadOnly(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Rule("order", `{"roles": {"worker": {"edit": false, "delete": false}}}`)
	path := metPump(w)
	b := w.As("wim")
	p := b.Get(path).Want(200)
	p.Count("[data-edit], .loss form, .candidates form, .event-foot a, .danger", 0)
	form := w.As("eve").Get(path).Form(".loss form")
	b.Post(path+"/take-back", form).Want(403)
	b.Get("/admin/types/order/records/_new").Want(200)
	w.Rule("order", `{"roles": {"worker": {"create": false}}}`)
	b.Get("/admin/types/order/records/_new").Want(403)
}
