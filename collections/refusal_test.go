package collections_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// refusals lists what an actor sees of refused changes, in all pages of one.
func (d *depot) refusals(a collections.Actor, typ string) []*collections.Refusal {
	d.Helper()
	var all []*collections.Refusal
	for after := ""; ; {
		page, next, err := d.Refusals(d.Context(), a, typ, after, 1)
		if err != nil {
			d.Fatalf("refusals: %v", err)
		}
		all = append(all, page...)
		if after = next; after == "" {
			return all
		}
	}
}

// refuse lets a device push what is refused, and gives the answer.
func (v *device) refuse() *collections.Error {
	v.Helper()
	results, err := v.push(v.actor, v.replica, v.request(1).Changes...)
	if err != nil || len(results) == 0 || results[len(results)-1].Error == nil {
		v.Fatalf("the push is answered %s, %v", asJSON(v.T, results), err)
	}
	v.pending = nil
	return results[len(results)-1].Error
}

// Ensure an editor sees what was refused, why and of whom, over a restart, and that
// workers and those who may not know the type do not.
func TestRefusals_Kept(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump","status":"open","notes":"leaks"}`)
	d.rule("order", `{"roles":{"worker":{"readOnly":["status"]}}}`)
	v := d.device(wim, 0xa)
	v.sync()
	v.edit("order", id, func(e *crdt.Editor) error { return e.Put([]string{"status"}, "done") })
	answer := v.refuse()
	d.millis.Add(1000)
	v.edit("order", docID(2), func(e *crdt.Editor) error { return e.Put([]string{"status"}, "open") })
	v.refuse()
	for range 2 {
		list := d.refusals(eve, "order")
		if len(list) != 2 {
			t.Fatalf("eve sees %s", asJSON(t, list))
		}
		r := list[1]
		if r.By != "wim" || r.Device != 0xa || r.Error.Message.String() != answer.Message.String() || r.Did != "changed" || !r.There || r.Stuck.String() != "" ||
			crdt.Canonical(r.Wanted) != `{"notes":"leaks","status":"done","title":"Pump"}` || len(r.Fields) != 1 || r.Fields[0].Label != "Status" {
			t.Errorf("the older is %s", asJSON(t, r))
		}
		if r := list[0]; r.Did != "created" || r.There || crdt.Canonical(r.Wanted) != `{"status":"open"}` || r.At != d.millis.Load() {
			t.Errorf("the newer is %s", asJSON(t, r))
		}
		_, _, err := d.Refusals(t.Context(), wim, "order", "", 0)
		wantCode(t, err, collections.Forbidden)
		_, err = d.Refusal(t.Context(), wim, r.ID)
		wantCode(t, err, collections.NotFound)
		if list := d.refusals(wim, ""); len(list) != 0 {
			t.Errorf("wim sees %s", asJSON(t, list))
		}
		if n, err := d.CountRefusals(t.Context(), eve, "order", 9); n != 2 || err != nil {
			t.Errorf("%d are counted, %v", n, err)
		}
		d.open()
	}
}

// Ensure sending again keeps nothing twice, and that what was sent to nobody is not kept.
func TestRefusals_WhatIsNotKept(t *testing.T) {
	d := openDepot(t)
	change := &crdt.Change{Replica: 0xa, N: 1, Stamp: crdt.NewTime(d.millis.Load(), 0), Type: "order", Version: 1, Doc: docID(1), Ops: []crdt.Op{set("title", "x")}}
	for range 2 {
		if _, err := d.push(wim, 0xa, change); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.refusals(olga, ""); len(got) != 1 || got[0].Stuck.String() == "" {
		t.Errorf("sent twice: %s", asJSON(t, got))
	}
	for n, c := range map[uint64]crdt.Change{
		2: {Type: "nothing", Doc: docID(1), Ops: []crdt.Op{set("title", "x")}},
		3: {Type: "order", Doc: "no-uuid", Ops: []crdt.Op{set("title", "x")}},
		4: {Type: "order", Doc: docID(1), Ops: []crdt.Op{set("title", strings.Repeat("x", collections.MaxChangeBytes))}},
	} {
		c.Replica, c.N, c.Version, c.Stamp = 0xa+crdt.Replica(n), 1, 1, crdt.NewTime(d.millis.Load(), 0)
		if _, err := d.push(wim, c.Replica, &c); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.refusals(olga, ""); len(got) != 1 {
		t.Errorf("what cannot be mended is kept: %s", asJSON(t, got))
	}
}

// Ensure what is hidden from an editor shows nowhere in a refusal: not in values, not in
// fields, not in the reason, and not by a record that is out of sight.
func TestRefusals_OneDoor(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump","assignee":"eve","secret":"combination"}`)
	their := d.order(2, `{"title":"Valve","assignee":"olga"}`)
	v := d.device(olga, 0xa)
	v.sync()
	bad := func(id string, do func(e *crdt.Editor) error) {
		v.n++
		c := v.view(collections.Key{Type: "order", ID: id}).Edit(v.replica, nil)
		if err := do(c); err != nil {
			t.Fatal(err)
		}
		change := &crdt.Change{Replica: v.replica, N: v.n, Stamp: crdt.NewTime(d.millis.Load(), 0), Type: "order", Version: 1, Doc: id, Ops: c.Ops()}
		if results, err := d.push(olga, v.replica, change); err != nil || results[0].OK {
			t.Fatalf("it is not refused: %s, %v", asJSON(t, results), err)
		}
	}
	long := strings.Repeat("n", 41)
	bad(id, func(e *crdt.Editor) error { return e.Put([]string{"secret"}, 7.0) })
	bad(id, func(e *crdt.Editor) error { return putEach(e, map[string]any{"secret": 8.0, "status": "open"}) })
	bad(id, func(e *crdt.Editor) error { return putEach(e, map[string]any{"secret": "hush", "title": long}) })
	bad(id, func(e *crdt.Editor) error { return e.Put([]string{"title"}, long) })
	bad(their, func(e *crdt.Editor) error { return e.Put([]string{"title"}, long) })
	if all := d.refusals(olga, "order"); len(all) != 5 {
		t.Fatalf("olga sees %d", len(all))
	}
	d.rule("order", `{"roles":{"editor":{"hidden":["secret"],"see":{"field":"assignee","is":"$me"}}}}`)
	list := d.refusals(eve, "order")
	text := strings.ToLower(asJSON(t, list))
	for _, hidden := range []string{"secret", "hush", "combination", "valve", their} {
		if strings.Contains(text, hidden) {
			t.Errorf("eve sees %q in %s", hidden, text)
		}
	}
	if len(list) != 3 || list[0].Error.Field != "/title" {
		t.Errorf("eve sees %s", text)
	}
	if n, _ := d.CountRefusals(t.Context(), eve, "order", 99); n != 3 {
		t.Errorf("eve counts %d", n)
	}
	for _, r := range d.refusals(olga, "order") {
		if r.Doc == their {
			_, err := d.ApplyRefused(t.Context(), eve, r.ID)
			wantCode(t, err, collections.NotFound)
			wantCode(t, d.DismissRefusal(t.Context(), eve, r.ID), collections.NotFound)
		}
	}
	for _, r := range list[1:] { // with a part that eve cannot see
		if _, err := d.ApplyRefused(t.Context(), eve, r.ID); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("applying it answers %v", err)
		}
	}
}

// putEach puts several fields.
func putEach(e *crdt.Editor, value map[string]any) error {
	for key, v := range value {
		if err := e.Put([]string{key}, v); err != nil {
			return err
		}
	}
	return nil
}

// Ensure what was refused can be applied by who may, merged into what was done since, and
// that the log says who.
func TestApplyRefused_Merges(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump","notes":"leaks","hours":2,"tags":["a"]}`)
	v := d.device(wim, 0xa)
	v.sync()
	d.rule("order", `{"roles":{"worker":{"edit":{"field":"status","not":"open"}}}}`)
	d.patch(eve, "order", id, `{"notes":"leaks oil","hours":2.5,"tags":["a","b"],"status":"open"}`)
	v.edit("order", id, func(e *crdt.Editor) error {
		return putEach(e, map[string]any{"notes": "still leaks", "hours": 3.0, "tags": []any{"c"}})
	})
	v.refuse()
	d.rule("order", `{}`)
	v.sync()
	v.put("order", id, `{"assignee":"wilo"}`) // its replica goes on meanwhile
	v.sync()
	r := d.refusals(eve, "order")[0]
	doc, err := d.ApplyRefused(t.Context(), eve, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"assignee":"wilo","hours":3.5,"notes":"still leaks oil","status":"open","tags":["b","c"],"title":"Pump"}`
	if got := crdt.Canonical(doc.Value); got != want || crdt.Canonical(r.Wanted) != want {
		t.Errorf("it is\n%s, foretold as\n%s, want\n%s", got, crdt.Canonical(r.Wanted), want)
	}
	if entries := d.log(); entries[len(entries)-1].By != "eve" {
		t.Errorf("the log says %s", entries[len(entries)-1].By)
	}
	if left := d.refusals(eve, ""); len(left) != 0 {
		t.Errorf("still there: %s", asJSON(t, left))
	}
	_, err = d.ApplyRefused(t.Context(), eve, r.ID)
	wantCode(t, err, collections.NotFound)
	v.sync()
	d.checkReplay("order")
}

// Ensure a refused creation can be applied once nothing is in its way, and stays until
// then; and that a deletion is applied as one.
func TestApplyRefused_CreationAndDeletion(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"create":{"field":"status","is":"open"}}}}`)
	v := d.device(wim, 0xa)
	v.sync()
	v.put("order", docID(1), `{"title":"Pump","notes":"leaks"}`)
	v.refuse()
	v.put("order", docID(2), `{"status":"open"}`)
	v.refuse()
	list := d.refusals(eve, "order")
	before := d.dump("order")
	_, err := d.ApplyRefused(t.Context(), eve, list[0].ID)
	if e := wantCode(t, err, collections.Invalid); e.Field != "/title" {
		t.Errorf("it is refused for %q", e.Field)
	}
	if after := d.dump("order"); after != before || len(d.refusals(eve, "order")) != 2 {
		t.Error("a refused application moved something")
	}
	doc, err := d.ApplyRefused(t.Context(), eve, list[1].ID)
	if err != nil || doc.ID != docID(1) || doc.CreatedBy != "eve" || doc.Value["notes"] != "leaks" {
		t.Errorf("it is %s, %v", asJSON(t, doc), err)
	}
	if err := d.DismissRefusal(t.Context(), eve, list[0].ID); err != nil {
		t.Fatal(err)
	}
	d.open()
	if left := d.refusals(eve, ""); len(left) != 0 {
		t.Errorf("after a restart there are %s", asJSON(t, left))
	}
	v.sync()
	d.rule("order", `{"roles":{"worker":{"delete":{"field":"status","is":"done"}}}}`)
	v.edit("order", docID(1), func(e *crdt.Editor) error { e.Delete(); return nil })
	v.refuse()
	r := d.refusals(eve, "order")[0]
	if r.Did != "deleted" {
		t.Errorf("it says %s", r.Did)
	}
	if doc, err := d.ApplyRefused(t.Context(), eve, r.ID); err != nil || !doc.Deleted {
		t.Errorf("it is %s, %v", asJSON(t, doc), err)
	}
	d.checkReplay("order")
}

// Ensure two who apply one at the same time do it once: amounts would add up twice.
func TestApplyRefused_Once(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump","hours":2}`)
	v := d.device(wim, 0xa)
	v.sync()
	d.rule("order", `{"roles":{"worker":{"readOnly":["hours"]}}}`)
	v.edit("order", id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 3) })
	v.refuse()
	r := d.refusals(eve, "order")[0]
	var people sync.WaitGroup
	for range 8 {
		people.Go(func() { _, _ = d.ApplyRefused(context.Background(), eve, r.ID) })
	}
	people.Wait()
	if got := d.document("order", id).Value()["hours"]; got != 5.0 {
		t.Errorf("there are %v hours", got)
	}
}

// Ensure typing into what was refused too is shown with its text, and not lost silently.
func TestApplyRefused_Leaning(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump"}`)
	v := d.device(wim, 0xa)
	v.sync()
	d.rule("order", `{"roles":{"worker":{"readOnly":["parts"]}}}`)
	v.put("order", id, `{"parts":[{"name":"seal"}]}`)
	v.edit("order", id, func(e *crdt.Editor) error {
		return e.Put([]string{"parts", v.view(collections.Key{Type: "order", ID: id}).Rows("parts")[0].ID.String(), "name"}, "O-ring")
	})
	v.refuse()
	list := d.refusals(eve, "order")
	if len(list) != 2 || list[0].Stuck.String() == "" || asJSON(t, list[0].Fields[0].Wrote) != `["O-ring"]` {
		t.Fatalf("eve sees %s", asJSON(t, list))
	}
	_, err := d.ApplyRefused(t.Context(), eve, list[0].ID)
	wantCode(t, err, collections.LeansOn)
	if doc, err := d.ApplyRefused(t.Context(), eve, list[1].ID); err != nil || crdt.Canonical(doc.Value["parts"]) != `[{"name":"seal"}]` {
		t.Errorf("it is %s, %v", asJSON(t, doc), err)
	}
}

// Ensure refusals are bounded for each account and in all, that the newest stay, and that
// one account does not push out what others tried.
func TestRefusals_Bounds(t *testing.T) {
	d := openDepot(t)
	push := func(a collections.Actor, replica crdt.Replica, from, to int, text string) {
		var changes []*crdt.Change
		for n := from; n <= to; n++ {
			changes = append(changes, &crdt.Change{Replica: replica, N: uint64(n), Stamp: crdt.NewTime(d.millis.Load(), 0), Type: "order", Version: 1, Doc: docID(n), Ops: []crdt.Op{set("title", text)}})
		}
		if _, err := d.push(a, replica, changes...); err != nil {
			t.Fatal(err)
		}
		d.millis.Add(1)
	}
	push(wilo, 0xb, 1, 3, "x")
	push(wim, 0xa, 1, collections.MaxRefusalsEach+10, "x")
	count := func(by string) (n int, newest string) {
		list, _, err := d.Refusals(t.Context(), olga, "", "", 200)
		if err != nil {
			t.Fatal(err)
		}
		rest, _, err := d.Refusals(t.Context(), olga, "", list[len(list)-1].ID, 200)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range append(list, rest...) {
			if r.By == by {
				if n++; newest == "" || r.Doc > newest {
					newest = r.Doc
				}
			}
		}
		return n, newest
	}
	if n, newest := count("wim"); n != collections.MaxRefusalsEach || newest != docID(collections.MaxRefusalsEach+10) {
		t.Errorf("of wim %d are kept, the newest %s", n, newest)
	}
	if n, _ := count("wilo"); n != 3 {
		t.Errorf("of wilo %d are kept", n)
	}
	kept := func() (n, bytes int) {
		items, err := d.store.Items(t.Context(), "refused", "", 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			n, bytes = n+1, bytes+len(item.Data)
		}
		return n, bytes
	}
	for i := range 10 {
		a := collections.Actor{User: fmt.Sprint("x", i), Name: fmt.Sprint("x", i), Role: collections.Worker}
		push(a, crdt.Replica(0x100+i), 1, collections.MaxRefusalsEach, "x")
	}
	waitFor(t, "the oldest to go", func() bool { n, _ := kept(); return n == collections.MaxRefusals })
	for i := range 20 {
		push(wim, crdt.Replica(0x200+i), 1, 1, strings.Repeat("y", 1_000_000))
	}
	waitFor(t, "the largest to go", func() bool { _, bytes := kept(); return bytes <= collections.MaxRefusalBytes })
	if n, bytes := kept(); n < 10 || bytes < 10_000_000 {
		t.Errorf("only %d of %d bytes are left", n, bytes)
	}
}
