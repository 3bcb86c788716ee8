package records_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// settled follows an edit of many records to its end.
func settled(b *admintest.Browser, answer *admintest.Page) *admintest.Page {
	b.Helper()
	p := b.Follow(answer)
	for until := time.Now().Add(10 * time.Second); p.Find("progress").Length() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			b.Fatal("the job does not end")
		}
		p = b.Get(p.Path)
	}
	return p.Want(200)
}

// form is a form about the records with these ids.
func chosen(ids []string, pairs ...string) url.Values {
	v := admintest.Values(pairs...)
	v["id"] = ids
	return v
}

func (w world) value(id string) map[string]any { return w.valueOf("order", id) }

func (w world) valueOf(typ, id string) map[string]any {
	w.Helper()
	d, err := w.Engine.Get(w.Context(), admintest.System, typ, id)
	w.Must(err)
	return d.Value
}

type world struct{ *admintest.World }

// A person sees what would change before it does, and undoes it: what others changed
// since stays as they have it.
func TestBulk_SetAndUndo(t *testing.T) {
	w := world{admintest.NewWorld(t)}
	ids := fill(w.World, 5)
	b := w.As("eve")
	p := b.Post(orders+"/bulk", chosen(ids[:3])).Want(200)
	p.Says(".sub", "3 records")
	p = b.Post(orders+"/bulk", chosen(ids[:3], "field", "assignee", "do", "set", "value", "anna", "step", "preview")).Want(200)
	p.Says("h1", "Set Assignee to anna")
	p.Says(".lead", "3 records would change")
	p.Says("table", "wim anna")
	if got := w.value(ids[0])["assignee"]; got != "wim" {
		t.Fatalf("the preview changed it to %v", got)
	}
	run := url.Values{"step": {"run"}}
	for _, field := range p.Find("main form input[type=hidden]").EachIter() {
		run.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	}
	p = settled(b, b.Post(orders+"/bulk", run))
	p.Says(".tiles", "3 changed")
	for i, id := range ids {
		if got := w.value(id)["assignee"]; (got == "anna") != (i < 3) {
			t.Errorf("record %d is %v's", i, got)
		}
	}
	_, err := w.Engine.Patch(t.Context(), admintest.System, "order", ids[1], map[string]any{"assignee": "ben"})
	w.Must(err)
	p = settled(b, b.Post(strings.Split(p.Path, "?")[0]+"/undo", nil))
	p.Says(".tiles", "2 values put back")
	p.Says("table", "Order 001 Assignee was changed since.")
	for i, want := range []any{"wim", "ben", "wim"} {
		if got := w.value(ids[i])["assignee"]; got != want {
			t.Errorf("after undoing record %d is %v's, want %v", i, got, want)
		}
	}
	lines, _, err := w.Accounts.Trail(t.Context(), admintest.System, auth.TrailFilter{Area: auth.AreaRecords}, "", 10)
	w.Must(err)
	if len(lines) != 2 || lines[1].Did != "edited many records" || lines[1].Detail != "Set Assignee to anna: 3 records" {
		t.Errorf("the trail has %+v", lines)
	}
}

// An edit is undone once.
func TestBulk_UndoOnce(t *testing.T) {
	w := world{admintest.NewWorld(t)}
	const stock = "/admin/types/stock/records"
	w.Publish("stock", strings.Replace(admintest.OrderSchema, `"hours": {"type": "number",`, `"hours": {"type": "number", "x-merge": "counter",`, 1))
	id := w.Create("stock", map[string]any{"title": "Pump", "hours": 5.0, "tags": []any{"leak"}})
	b := w.As("eve")
	p := settled(b, b.Post(stock+"/bulk", chosen([]string{id}, "field", "hours", "do", "amount", "value", "2.5", "step", "run")))
	if got := w.valueOf("stock", id)["hours"]; got != 7.5 {
		t.Fatalf("hours are %v", got)
	}
	_, err := w.Engine.PatchFrom(t.Context(), admintest.System, "stock", id, map[string]any{"hours": 8.5}, map[string]any{"hours": 7.5})
	w.Must(err)
	undo := strings.Split(p.Path, "?")[0] + "/undo"
	settled(b, b.Post(undo, nil))
	if got := w.valueOf("stock", id)["hours"]; got != 6.0 {
		t.Errorf("undoing an amount leaves %v, want what the other added too", got)
	}
	b.Post(undo, nil).Want(409)
	w.As("olga").Get(strings.Split(p.Path, "?")[0]).Want(404)

	p = settled(b, b.Post(stock+"/bulk", chosen([]string{id}, "field", "tags", "do", "add", "value", "pump", "step", "run")))
	if got := fmt.Sprint(w.valueOf("stock", id)["tags"]); got != "[leak pump]" {
		t.Fatalf("tags are %v", got)
	}
	_, err = w.Engine.Patch(t.Context(), admintest.System, "stock", id, map[string]any{"tags": []any{"leak", "pump", "urgent"}})
	w.Must(err)
	settled(b, b.Post(strings.Split(p.Path, "?")[0]+"/undo", nil))
	if got := fmt.Sprint(w.valueOf("stock", id)["tags"]); got != "[leak urgent]" {
		t.Errorf("undoing a tag leaves %v", got)
	}
}

// All that a list has, whichever page of it is shown.
func TestBulk_All(t *testing.T) {
	w := world{admintest.NewWorld(t)}
	ids := fill(w.World, 450)
	b := w.As("eve")
	from := url.Values{"where": {`{"field":"assignee","is":"wim"}`}}.Encode()
	form := admintest.Values("all", "yes", "from", from, "field", "assignee", "do", "clear", "step", "run")
	settled(b, b.Post(orders+"/bulk", form)).Says(".tiles", "225 changed")
	for i, id := range ids {
		if _, there := w.value(id)["assignee"]; there {
			t.Fatalf("record %d is still somebody's", i)
		}
	}
	p := settled(b, b.Post(orders+"/bulk", admintest.Values("all", "yes", "do", "delete", "step", "run")))
	p.Says(".tiles", "450 put into the trash")
	b.Get(orders).Says(".empty", "No records yet")
	settled(b, b.Post(strings.Split(p.Path, "?")[0]+"/undo", nil)).Says(".tiles", "450 out of the trash")
}

// What may not be is refused record by record, and said before it is tried.
func TestBulk_Refused(t *testing.T) {
	w := world{admintest.NewWorld(t)}
	ids := fill(w.World, 4)
	b := w.As("wim")
	p := b.Post(orders+"/bulk", chosen(ids, "do", "delete")).Want(200)
	p.Says(".refuses", "2 records would be refused")
	p.SaysNot(".rows", "Order 001")
	b.Post(orders+"/bulk", chosen(ids, "field", "price", "do", "set", "value", "1", "step", "run")).Want(400).Says(".notice.wrong", "Choose a field")
	b.Post(orders+"/bulk", chosen(ids, "field", "hours", "do", "set", "value", "-4", "step", "preview")).Want(400).Says(".notice.wrong", "Hours")
	b.Post(orders+"/bulk", chosen(ids, "field", "title", "do", "clear", "step", "preview")).Want(400)
	b.Post(orders+"/bulk", admintest.Values("do", "set")).Want(400).Says(".notice.wrong", "Select records first")
	if got := w.value(ids[0])["hours"]; got != 4.0 {
		t.Errorf("hours are %v", got)
	}
}

// Cells that are pasted are read as their fields want them, shown, written and undone.
func TestBulk_Paste(t *testing.T) {
	w := world{admintest.NewWorld(t)}
	ids := fill(w.World, 3)
	b := w.As("eve")
	cells, err := json.Marshal(map[string]map[string]string{
		ids[0]: {"hours": "7.5", "due": "2026-12-01", "urgent": "yes"}, ids[1]: {"hours": "many"}, ids[2]: {"title": ""},
	})
	w.Must(err)
	form := admintest.Values("do", "paste", "paste", string(cells))
	p := b.Post(orders+"/bulk", form).Want(200)
	p.Says(".lead", "1 record would change")
	p.Says(".refuses", "2 records would be refused")
	rows := p.Find("#preview table tbody tr").Length()
	if rows != 3 {
		t.Errorf("%d cells are shown, want 3", rows)
	}
	form.Set("step", "run")
	p = settled(b, b.Post(orders+"/bulk", form))
	if got := w.value(ids[0]); got["hours"] != 7.5 || got["due"] != "2026-12-01" || got["urgent"] != true {
		t.Errorf("pasted: %v", got)
	}
	settled(b, b.Post(strings.Split(p.Path, "?")[0]+"/undo", nil)).Says(".tiles", "3 values put back")
	if got := w.value(ids[0]); got["hours"] != 3.0 || got["due"] != nil || got["urgent"] != nil {
		t.Errorf("undone: %v", got)
	}
	hidden := admintest.Values("do", "paste", "paste", `{"`+ids[0]+`":{"price":"1"}}`)
	w.As("wim").Post(orders+"/bulk", hidden).Want(200).SaysNot("main", "rice")
}

// TestLive: a page that is open hears of what changed, and gets its rows anew.
func TestLive(t *testing.T) {
	w := admintest.NewWorld(t)
	ids := fill(w, 3)
	b := w.As("wim")
	cursor := b.Get(orders).Want(200).Find("#grid").AttrOr("data-cursor", "")
	ask := func() (told struct {
		Cursor string
		IDs    []string
	}) {
		t.Helper()
		w.Must(json.Unmarshal([]byte(b.Get(orders+"/changes?cursor="+url.QueryEscape(cursor)).Want(200).Body), &told))
		cursor = told.Cursor
		return told
	}
	if told := ask(); len(told.IDs) > 0 {
		t.Errorf("before anything happened it tells of %v", told.IDs)
	}
	for _, id := range ids[:2] {
		_, err := w.Engine.Patch(t.Context(), admintest.System, "order", id, map[string]any{"title": "New " + id})
		w.Must(err)
	}
	if told := ask(); !slices.Equal(told.IDs, ids[:1]) {
		t.Errorf("it tells of %v, want wim's own %v alone", told.IDs, ids[:1])
	}
	p := b.Get(orders + "/rows?ids=" + strings.Join(ids, ",")).Want(200)
	p.Count("tr[data-id]", 2)
	p.Says("tr", "New "+ids[0])
	w.Must(w.Engine.Delete(t.Context(), admintest.System, "order", ids[0]))
	if told := ask(); !slices.Equal(told.IDs, ids[:1]) {
		t.Errorf("it tells of %v after the deletion", told.IDs)
	}
	b.Get(orders+"/rows?ids="+ids[0]).Count("tr[data-id]", 0)
}
