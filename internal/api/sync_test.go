package api

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// One push with good, malformed, forbidden and unknown-version changes: each has an
// answer of its own, in order, and sent again gets the same one.
func TestPush_MixedBatch(t *testing.T) {
	w := newWorld(t)
	good := creation(0xaa, 1, docID(1), map[string]any{"title": "Pump", "assignee": "wim"})
	forbidden := creation(0xaa, 2, docID(2), map[string]any{"title": "Pump", "assignee": "wilo"})
	hidden := creation(0xaa, 3, docID(3), map[string]any{"title": "Pump", "assignee": "wim", "price": 1.0})
	version := creation(0xaa, 4, docID(4), map[string]any{"title": "Pump", "assignee": "wim"})
	version.Version = 9
	last := creation(0xaa, 6, docID(6), map[string]any{"title": "Roof", "assignee": "wim"})
	var texts []string
	for _, c := range []*crdt.Change{good, forbidden, hidden, version} {
		texts = append(texts, string(crdt.AppendChange(nil, c)))
	}
	texts = append(texts, `{"n":5,"replica":"00000000000000aa","ops":"many"}`, string(crdt.AppendChange(nil, last)))
	body := `{"replica":"00000000000000aa","changes":[` + strings.Join(texts, ",") + `]}`
	want := []collections.Code{"", collections.Forbidden, collections.Forbidden, collections.Invalid, collections.Invalid, ""}
	var first pulled
	for round := range 2 {
		a := w.do("wim", "POST", "/api/_sync", body)
		w.want("push", a, 200)
		var p pulled
		a.into(t, &p)
		if len(p.Results) != len(want) {
			t.Fatalf("%d results, want %d: %s", len(p.Results), len(want), a.body)
		}
		for i, r := range p.Results {
			code := collections.Code("")
			if r.Error != nil {
				code = r.Error.Code
			}
			if r.N != uint64(i+1) || r.OK != (want[i] == "") || code != want[i] || r.OK == (r.Stamp == 0) {
				t.Errorf("round %d, change %d: %+v %v, want %q", round, i+1, r, r.Error, want[i])
			}
			if round == 1 && r.Stamp != first.Results[i].Stamp {
				t.Errorf("change %d is acknowledged with another stamp", i+1)
			}
		}
		first = p
	}
	if said := first.Results[4].Error.Error(); !strings.Contains(said, "stamp") {
		t.Errorf("what cannot be read is answered %q, which does not say what is missing", said)
	}
	if n := w.engine.Stats().Accepted; n != 2 {
		t.Errorf("%d changes were accepted, want 2", n)
	}
}

// The errors of a push as a whole have their status, and what a device needs to go on.
func TestSync_WholeErrors(t *testing.T) {
	w := newWorld(t)
	one := creation(0xaa, 1, docID(1), map[string]any{"title": "Pump"})
	w.sync("olga", 0xaa, "", one)
	fork := creation(0xaa, 1, docID(2), map[string]any{"title": "Other"})
	gap := creation(0xaa, 7, docID(3), map[string]any{"title": "Gap"})
	push := func(c *crdt.Change) string {
		return `{"replica":"00000000000000aa","changes":[` + string(crdt.AppendChange(nil, c)) + `]}`
	}
	w.run(t, []scenario{
		{"forked", "olga", "POST", "/api/_sync", push(fork), 409, []string{`"replica_forked"`}, nil},
		{"gap", "olga", "POST", "/api/_sync", push(gap), 409, []string{`"replica_gap"`, `"expect":2`}, nil},
		{"another account's replica", "dana", "POST", "/api/_sync", push(one), 403, []string{`"forbidden"`}, nil},
		{"a cursor that is none", "olga", "POST", "/api/_sync", `{"replica":"00000000000000aa","cursor":"x"}`, 410, []string{`"resync"`}, nil},
		{"a cursor that is none, live", "olga", "GET", "/api/_events?cursor=x", "", 410, []string{`"resync"`}, nil},
		{"no number", "olga", "POST", "/api/_sync", `{"replica":"00000000000000aa","changes":[{"n":"1"}]}`, 400, []string{"/changes/0/n"}, nil},
		{"a change of another replica", "olga", "POST", "/api/_sync", strings.Replace(push(creation(0xbb, 2, docID(4), map[string]any{"title": "x"})), `{"replica":"00000000000000bb"`, `{"replica":"00000000000000aa"`, 1), 400, []string{"replica"}, nil},
	})
}

// The plain-REST way to catch up: updatedAfter, then the cursor; what changed, what is
// gone, and nothing twice once it is told.
func TestList_UpdatedAfterThenCursor(t *testing.T) {
	w := newWorld(t)
	var ids []string
	for n := range 5 {
		ids = append(ids, w.order(n+1, map[string]any{"title": fmt.Sprint("Order ", n), "assignee": "wim", "price": float64(n)}))
	}
	type page struct {
		Documents []struct {
			ID    string
			Value map[string]any
		}
		Removed      []string
		Next, Cursor string
		More         bool
	}
	ask := func(as, query string) (p page) {
		t.Helper()
		a := w.do(as, "GET", "/api/order?"+query, "")
		w.want(query, a, 200)
		a.into(t, &p)
		return p
	}
	first := ask("wim", "updatedAfter=0&limit=2")
	if len(first.Documents) != 2 || first.Next == "" || first.Cursor == "" {
		t.Fatalf("first page %+v", first)
	}
	w.do("olga", "PATCH", "/api/order/"+ids[0], `{"value":{"hours":1}}`)         // behind the page
	w.do("olga", "PATCH", "/api/order/"+ids[1], `{"value":{"assignee":"wilo"}}`) // out of sight
	w.do("olga", "DELETE", "/api/order/"+ids[2], "")
	rest := ask("wim", "updatedAfter=0&limit=10&after="+first.Next)
	if rest.Cursor != "" {
		t.Error("a later page has a cursor of its own: what changed before it would be lost")
	}
	since := ask("wim", "cursor="+first.Cursor)
	if len(since.Documents) != 1 || since.Documents[0].ID != ids[0] || since.Documents[0].Value["hours"] != 1.0 || since.Documents[0].Value["price"] != nil {
		t.Errorf("changed: %+v", since.Documents)
	}
	if strings.Join(since.Removed, " ") != ids[1]+" "+ids[2] {
		t.Errorf("removed: %v", since.Removed)
	}
	if again := ask("wim", "cursor="+since.Cursor); len(again.Documents)+len(again.Removed) != 0 || again.More {
		t.Errorf("told twice: %+v", again)
	}
	// An editor sees the trash, and what is in it is gone from the list all the same;
	// what no longer fits the condition is gone from the list by that condition.
	open := "where=" + url.QueryEscape(`{"field":"hours","empty":true}`)
	start := ask("eve", open+"&updatedAfter=0").Cursor
	w.do("olga", "DELETE", "/api/order/"+ids[3], "")
	w.do("olga", "PATCH", "/api/order/"+ids[4], `{"value":{"hours":2}}`)
	if p := ask("eve", open+"&cursor="+start); strings.Join(p.Removed, " ") != ids[3]+" "+ids[4] || len(p.Documents) != 0 {
		t.Errorf("gone from the list: %+v", p)
	}
	a := w.do("eve", "GET", "/api/order?cursor="+since.Cursor, "")
	if a.status != 410 {
		t.Errorf("somebody else's cursor: %d %s", a.status, a.body)
	}
	for query, status := range map[string]int{
		"updatedAfter=2026-05-04T03:02:01Z": 200, "updatedAfter=2026-05-04T03:02:01%2B02:00": 200, "updatedAfter=1700000000000": 200,
		"updatedAfter=yesterday": 400, "updatedAfter=-1": 400, "updatedAfter=2026-05-04": 400, "updatedAfter=": 400, "updatedAfter=1e12": 400,
	} {
		w.want(query, w.do("wim", "GET", "/api/order?"+query, ""), status)
	}
}

// What a device says about itself is kept with who said it and by which credential; what
// it says wrongly is refused by name, as everything else is.
func TestSync_DeviceReport(t *testing.T) {
	w := newWorld(t)
	body := `{"replica":"00000000000000aa","device":{"label":"Wim's","app":"van 1","unsent":3,"oldest":5,"refused":1,"types":{"order":1}}}`
	w.want("report", w.do("wim", "POST", "/api/_sync", body), 200)
	devices, err := w.engine.Devices(t.Context(), collections.Actor{Role: collections.Owner})
	if err != nil || len(devices) != 1 {
		t.Fatalf("%d devices, %v", len(devices), err)
	}
	d := devices[0]
	if d.Name != "wim" || d.Credential == "" || d.Enrolled || d.Report.Label != "Wim's" || d.Report.Unsent != 3 || d.Report.Types["order"] != 1 || d.Given["order"] != 1 {
		t.Errorf("kept %+v", d)
	}
	for member, field := range map[string]string{
		`{"lable":"x"}`: "/device/lable", `{"unsent":-1}`: "/device/unsent", `{"unsent":"3"}`: "/device/unsent",
		`{"types":{"order":"1"}}`: "/device/types/order", `{"types":[]}`: "/device/types", `[]`: "/device",
	} {
		a := w.do("wim", "POST", "/api/_sync", `{"replica":"00000000000000aa","device":`+member+`}`)
		w.want(member, a, 400)
		if !strings.Contains(a.body, `"field":"`+field+`"`) {
			t.Errorf("device %s is answered %s, which does not name %s", member, a.body, field)
		}
	}
}
