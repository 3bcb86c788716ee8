package records_test

import (
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// refuse pushes a change of wim's that the rules refuse.
func refuse(w *admintest.World, replica crdt.Replica, doc string, ops ...crdt.Op) {
	w.Helper()
	change := &crdt.Change{Replica: replica, N: 1, Stamp: crdt.NewTime(time.Now().Add(-3*time.Hour).UnixMilli(), 0), Type: "order", Version: 1, Doc: doc, Ops: ops}
	answer, err := w.Engine.Sync(w.Context(), collections.Actor{User: w.Users["wim"], Name: "wim", Role: collections.Worker}, &collections.SyncRequest{Replica: replica, Changes: []*crdt.Change{change}})
	w.Must(err)
	if answer.Results[0].OK {
		w.Fatal("the change is not refused")
	}
}

func set(field string, v any) crdt.Op {
	return crdt.Op{Kind: crdt.OpSet, Path: []string{field}, Value: v, Has: true}
}

// Ensure a page without anything to do teaches what would be there, and no badge nags.
func TestAttention_Empty(t *testing.T) {
	w := admintest.NewWorld(t)
	p := w.As("eve").Get("/admin/attention").Want(200)
	p.Says(".empty", "Nothing needs you")
	p.Count(".count", 0)
	w.As("wim").Get("/admin/attention").Want(403)
	w.As("wim").Get("/admin").Want(200).SaysNot("nav", "Needs attention")
}

// Ensure what breaks a rule and what waits for a pick is listed with a way to settle it,
// counted in the navigation, and gone once it is settled.
func TestAttention_Records(t *testing.T) {
	w := admintest.NewWorld(t)
	metPump(w)
	w.Create("order", map[string]any{"title": "Fine"})
	b := w.As("eve")
	p := b.Get("/admin/attention").Want(200)
	p.Count("article", 1)
	p.Says("article h3", "Pump")
	p.Says("article", "Status: People wrote different values")
	p.Says("nav .count", "1")
	b.Get("/admin/types/order/records").Says("nav .count", "1")
	form := p.Form(".candidates li:last-child form")
	p = b.Follow(b.Post(p.Find(".candidates form").First().AttrOr("action", ""), form))
	p.Says(".notice.done", "The value is picked")
	p.Says(".empty", "Nothing needs you")
	w.Publish("order", strings.Replace(admintest.OrderSchema, `"minLength": 1`, `"minLength": 5`, 1))
	orders := b.Get("/admin/types/order/records").Want(200)
	p = b.Get(orders.Find(".grid-tools .pills a:nth-child(2)").AttrOr("href", "")).Want(200)
	p.Count("article", 2)
	p.Says("nav.trail", "Work order")
	b.Get(p.Find("#attention section p a").AttrOr("href", "")).Want(200).Count(`main a[href="/admin/attention?type=order"]`, 1)
	p.Says("article .error", "Title")
	p.Count("article [data-mend]", 2)
	p.Says("nav .count", "2")
}

// Ensure a refused change is shown with what was tried and why not, applied in one's own
// name, or dismissed; and that applying what is still wrong says so and loses nothing.
func TestAttention_Refused(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Rule("order", `{"roles": {"worker": {"readOnly": ["hours"]}}}`)
	id := w.Create("order", map[string]any{"title": "Pump", "hours": 1.0})
	refuse(w, 0xb1, id, set("hours", 7.0))
	refuse(w, 0xb2, id, set("hours", "many"))
	b := w.As("eve")
	p := b.Get("/admin/attention").Want(200)
	p.Count("article", 2)
	p.Says("article:first-of-type", "wim wanted to change Pump")
	p.Says("article:first-of-type .error", "hours")
	p.Says("article:last-of-type tbody", "Hours 1 7")
	p.Says("nav .count", "2")
	wrong := b.Post(p.Find("article:first-of-type form").First().AttrOr("action", ""), nil).Want(400)
	wrong.Says("article:first-of-type .notice", "It is still refused")
	wrong.Count("article", 2)
	apply := p.Find("article:last-of-type form").First().AttrOr("action", "")
	p = b.Follow(b.Post(apply, nil))
	p.Says(".notice.done", "in your name")
	p.Count("article", 1)
	b.Post(apply, nil).Want(404)
	alone := b.Get("/admin/attention?type=order").Want(200).Find("article form").Last().AttrOr("action", "")
	d, err := w.Engine.Get(t.Context(), admintest.System, "order", id)
	if err != nil || d.Value["hours"] != 7.0 || d.UpdatedBy != "eve" {
		t.Errorf("it is %v by %s, %v", d.Value, d.UpdatedBy, err)
	}
	done := b.Post(alone, nil)
	done.Redirects("/admin/attention?type=order&done=dismissed")
	p = b.Follow(done)
	p.Says(".notice.done", "dismissed")
	p.Says(".empty", "Nothing needs you")
}

// Ensure an editor reads only of what he may see, also in the badge.
func TestAttention_OneDoor(t *testing.T) {
	w := admintest.NewWorld(t)
	w.Rule("order", `{"roles": {"worker": {"readOnly": ["hours"]}, "editor": {"see": {"field": "assignee", "is": "eve"}, "hidden": ["price"]}}}`)
	mine := w.Create("order", map[string]any{"title": "Mine", "assignee": "eve"})
	theirs := w.Create("order", map[string]any{"title": "Theirs", "assignee": "wim"})
	for i, id := range []string{mine, theirs} {
		refuse(w, crdt.Replica(0xc0+i), id, set("hours", 7.0), set("price", 98765.0))
	}
	p := w.As("eve").Get("/admin/attention").Want(200)
	p.Count("article", 1)
	p.Says("nav .count", "1")
	for _, hidden := range []string{"Theirs", "98765", "Price", "price"} {
		p.SaysNot("main", hidden)
	}
	w.As("olga").Get("/admin/attention").Want(200).Count("article", 2)
}
