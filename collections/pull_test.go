package collections_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// reader is a device that only reads.
func (d *depot) reader(a collections.Actor, subscribe ...collections.Subscription) *device {
	v := d.device(a, 0xf0)
	v.subscribe = subscribe
	v.sync()
	return v
}

// pull makes one pull from where the device is, and takes it.
func (v *device) pull(limit int) *collections.SyncResponse {
	v.Helper()
	answer, err := v.Pull(v.Context(), v.actor, v.cursor, v.subscribe, limit)
	if err != nil {
		v.Fatalf("pull: %v", err)
	}
	v.take(answer)
	return answer
}

// titles are what the device has, in order of id.
func (v *device) titles() string {
	var titles []string
	for n := range 100 {
		if doc := v.confirmed[collections.Key{Type: "order", ID: docID(n)}]; doc != nil && !doc.Deleted() {
			titles = append(titles, fmt.Sprint(doc.Value()["title"]))
		}
	}
	return strings.Join(titles, " ")
}

// order makes the n-th order.
func (d *depot) order(n int, value string) string {
	d.Helper()
	if _, err := d.Create(d.Context(), olga, "order", docID(n), object(d, value)); err != nil {
		d.Fatalf("order %d: %v", n, err)
	}
	return docID(n)
}

// Ensure a whole sync in small pages loses nothing of what is written meanwhile, in
// front of the page, behind it and on it, and sends each document once.
func TestPull_WholeWhileOthersWrite(t *testing.T) {
	d := openDepot(t)
	for n := 10; n < 40; n += 2 {
		d.order(n, fmt.Sprintf(`{"title":"t%d"}`, n))
	}
	v := d.device(eve, 0xf0)
	sent := map[string]int{}
	answer := v.pull(3)
	if !answer.Reset || len(answer.Documents) != 3 || !answer.More || len(answer.Types) != 1 {
		t.Fatalf("the first page is %s", asJSON(t, answer))
	}
	for step := 0; ; step++ {
		for _, wire := range answer.Documents {
			sent[wire.ID]++
		}
		if !answer.More {
			break
		}
		if step < 5 {
			at := 10 + 6*step + 4 // the last of the page before
			d.patch(olga, "order", docID(at), `{"title":"late"}`)
			d.order(at-3, `{"title":"behind"}`)
			d.order(at+1, `{"title":"ahead"}`)
			if err := d.Delete(t.Context(), olga, "order", docID(at-4)); err != nil {
				t.Fatal(err)
			}
		}
		answer = v.pull(3)
		if answer.Reset {
			t.Fatal("the sync began anew in the middle")
		}
	}
	for id, n := range sent {
		if n > 1 {
			t.Errorf("document %s was sent %d times", id, n)
		}
	}
	for _, record := range d.records("order") {
		key := collections.Key{Type: "order", ID: record.ID}
		if v.confirmed[key] == nil {
			t.Errorf("%s is missing", record.ID)
			continue
		}
		if value, meta := v.confirmed[key].Encode(); string(value) != string(record.Value) || string(meta) != string(record.Meta) {
			t.Errorf("%s is %s, on the server %s", record.ID, value, record.Value)
		}
	}
}

// Ensure a document that leaves a reader's sight is forgotten, one that is deleted is
// deleted, and one that was never in sight is not mentioned at all.
func TestPull_ForgetIsNotDeletion(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"wim"}}}}`)
	moving := d.order(1, `{"title":"moving","assignee":"wim"}`)
	deleted := d.order(2, `{"title":"deleted","assignee":"wim"}`)
	never := d.order(3, `{"title":"never","assignee":"wilo"}`)
	v := d.reader(wim)
	if v.titles() != "moving deleted" {
		t.Fatalf("wim has %q", v.titles())
	}
	d.patch(olga, "order", moving, `{"assignee":"wilo","notes":"not for wim"}`)
	d.patch(olga, "order", never, `{"title":"still never","status":"open"}`)
	d.patch(olga, "order", never, `{"assignee":"eve"}`)
	if err := d.Delete(t.Context(), olga, "order", deleted); err != nil {
		t.Fatal(err)
	}
	answer := v.pull(0)
	text := asJSON(t, answer)
	if len(answer.Forget) != 1 || answer.Forget[0].ID != moving {
		t.Errorf("to forget: %v", answer.Forget)
	}
	if strings.Contains(text, never) || strings.Contains(text, "not for wim") {
		t.Errorf("it tells of what is not for wim: %s", text)
	}
	if doc := v.confirmed[collections.Key{Type: "order", ID: deleted}]; doc == nil || !doc.Deleted() {
		t.Error("the deletion did not arrive as one")
	}
	d.patch(olga, "order", moving, `{"assignee":"eve"}`) // it went long ago
	if text := asJSON(t, v.pull(0)); strings.Contains(text, moving) {
		t.Errorf("it tells how things go on that wim lost sight of: %s", text)
	}
	// It comes back into sight: whole, because nobody knows what of it wim has.
	d.patch(olga, "order", moving, `{"assignee":"wim"}`)
	answer = v.pull(0)
	if len(answer.Documents) != 1 || len(answer.Changes) != 0 || v.titles() != "moving" {
		t.Errorf("back in sight: %s", asJSON(t, answer))
	}
	// Into sight and out again between two pulls: it may be there from an earlier page.
	d.patch(olga, "order", never, `{"assignee":"wim"}`)
	d.patch(olga, "order", never, `{"assignee":"eve"}`)
	if answer = v.pull(0); len(answer.Forget) != 1 || len(answer.Documents)+len(answer.Changes) != 0 {
		t.Errorf("in and out: %s", asJSON(t, answer))
	}
}

// Ensure a page that says "forget" because of what is behind it is not followed by one
// that takes the document for known.
func TestPull_ForgottenAheadOfThePage(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"wim"}}}}`)
	id := d.order(1, `{"title":"Pump","assignee":"wim"}`)
	v := d.reader(wim)
	d.patch(olga, "order", id, `{"title":"one"}`)
	d.patch(olga, "order", id, `{"title":"two"}`)
	d.patch(olga, "order", id, `{"assignee":"eve"}`)
	if answer := v.pull(1); len(answer.Forget) != 1 {
		t.Fatalf("the first page is %s", asJSON(t, answer))
	}
	d.patch(olga, "order", id, `{"assignee":"wim"}`)
	for v.pull(1).More {
	}
	got := v.confirmed[collections.Key{Type: "order", ID: id}]
	if got == nil || crdt.Canonical(got.Value()) != crdt.Canonical(d.document("order", id).Value()) {
		t.Errorf("wim has %v", got)
	}
}

// Ensure a change of what a reader may see starts its sync anew, and a change that is
// about others does not.
func TestPull_PermissionChange(t *testing.T) {
	d := openDepot(t)
	d.order(1, `{"title":"one","assignee":"wim","secret":"s"}`)
	d.order(2, `{"title":"two","assignee":"wilo"}`)
	v := d.reader(wim)
	for _, step := range []struct {
		what  string
		do    func()
		reset bool
		want  string
	}{
		{"nothing", func() {}, false, "one two"},
		{"rules for editors", func() { d.rule("order", `{"roles":{"editor":{"see":false}}}`) }, false, "one two"},
		{"rules of another type", func() { d.publish("memo", `{"type":"object"}`); d.rule("memo", `{"roles":{"editor":{"see":false}}}`) }, false, "one two"},
		{"what may be edited", func() { d.rule("order", `{"roles":{"worker":{"readOnly":["status"]}}}`) }, false, "one two"},
		{"what may be seen", func() { d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"}}}}`) }, true, "one"},
		{"a hidden field", func() {
			d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"},"hidden":["secret"]}}}`)
		}, true, "one"},
		{"another role", func() { v.actor.Role = collections.Editor }, true, "one two"},
		{"another person", func() { v.actor = wilo }, true, "two"},
	} {
		step.do()
		answer := v.pull(0)
		if answer.Reset != step.reset || v.titles() != step.want {
			t.Errorf("after %s: reset %v, has %q; want %v, %q", step.what, answer.Reset, v.titles(), step.reset, step.want)
		}
	}
}

// Ensure a device hears what it may not write when the rules change, without a reset.
func TestPull_GrantTravels(t *testing.T) {
	d := openDepot(t)
	v := d.reader(wim)
	d.rule("order", `{"roles":{"worker":{"readOnly":["status"],"create":false}}}`)
	answer := v.pull(0)
	if len(answer.Types) != 1 || answer.Types[0].Grant.Create || asJSON(t, answer.Types[0].Grant.ReadOnly) != `["status"]` {
		t.Errorf("the types are %s", asJSON(t, answer.Types))
	}
	if answer = v.pull(0); len(answer.Types) != 0 {
		t.Errorf("they come again: %s", asJSON(t, answer.Types))
	}
}

// Ensure a type brings its fields along, as the reader sees them.
func TestPull_FieldsTravel(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	for _, reads := range []struct {
		who  collections.Actor
		want bool
	}{{olga, true}, {wim, false}} {
		answer, err := d.Pull(t.Context(), reads.who, "", nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		fields := answer.Types[0].Fields
		has := func(key string) bool {
			return slices.ContainsFunc(fields, func(f schema.Field) bool { return f.Path[0] == key })
		}
		if !has("title") || has("secret") != reads.want {
			t.Errorf("%s gets the fields %s", reads.who.Name, asJSON(t, fields))
		}
	}
}

// Ensure a whole sync says how far it is, on every page, and nothing else does.
func TestPull_WholeSaysHowFar(t *testing.T) {
	d := openDepot(t)
	for n := range 5 {
		d.order(n, `{"title":"x","assignee":"wim"}`)
	}
	d.publish("memo", `{"type":"object"}`)
	if _, err := d.Create(t.Context(), olga, "memo", docID(9), map[string]any{}); err != nil {
		t.Fatal(err)
	}
	v := d.device(eve, 0xf0)
	for _, sent := range []int{2, 4, 6} {
		if answer := v.pull(2); answer.Sent != sent || answer.Total != 6 {
			t.Errorf("%d of %d have come, want %d of 6", answer.Sent, answer.Total, sent)
		}
	}
	d.patch(olga, "order", docID(1), `{"title":"y"}`)
	for v.pull(2).More {
	}
	if answer := v.pull(0); answer.Sent != 0 || answer.Total != 0 {
		t.Errorf("with nothing new it says %d of %d", answer.Sent, answer.Total)
	}
	d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"}}}}`)
	if answer := d.device(wim, 0xf1).pull(2); answer.Sent != 2 || answer.Total != 0 {
		t.Errorf("under a rule it says %d of %d", answer.Sent, answer.Total)
	}
}

// Ensure a type's new version is there before anything that was written under it, on
// every page of a whole sync and of the changes (device.take checks the changes).
func TestPull_TypeBeforeChanges(t *testing.T) {
	d := openDepot(t)
	for n := range 6 {
		d.order(n, `{"title":"x"}`)
	}
	v := d.device(eve, 0xf0)
	v.pull(2)
	withColour := strings.Replace(orderSchema, `"secret":`, `"colour": {"type":"string"}, "secret":`, 1)
	d.publish("order", withColour)
	d.patch(olga, "order", docID(3), `{"colour":"red"}`)
	if answer := v.pull(2); len(answer.Types) != 1 || answer.Types[0].Version != 2 {
		t.Errorf("the page with what was written under version 2 has the types %s", asJSON(t, answer.Types))
	}
	v.sync()
	d.patch(olga, "order", docID(1), `{"title":"a"}`)
	d.publish("order", strings.Replace(withColour, `"colour":`, `"size": {"type":"integer"}, "colour":`, 1))
	d.patch(olga, "order", docID(1), `{"size":4}`)
	for v.pull(1).More {
	}
	if v.versions["order"] != 3 {
		t.Errorf("the device knows version %d", v.versions["order"])
	}
	d.publish("memo", `{"type":"object"}`)
	if answer := v.pull(0); len(answer.Types) != 1 || answer.Types[0].Name != "memo" || answer.Reset {
		t.Errorf("a new type arrives as %s", asJSON(t, answer))
	}
}

// Ensure no answer has anything of a hidden field in it, however it got there.
func TestPull_HiddenFieldsNeverLeave(t *testing.T) {
	const hidden = "tell-nobody"
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	d.order(1, `{"title":"one","secret":"`+hidden+`"}`)
	v := d.device(wim, 0xf0)
	check := func(what string) *collections.SyncResponse {
		t.Helper()
		answer := v.pull(0)
		text := asJSON(t, answer)
		for _, wire := range answer.Documents { // meta is base64 there
			text += string(wire.Meta)
		}
		if strings.Contains(text, hidden) || strings.Contains(text, "secret") {
			t.Errorf("%s: the answer tells: %s", what, text)
		}
		for key, doc := range v.confirmed {
			if got, want := doc.Value(), d.document("order", key.ID).Without("secret").Value(); crdt.Canonical(got) != crdt.Canonical(want) {
				t.Errorf("%s: %s is %s, want %s", what, key.ID, crdt.Canonical(got), crdt.Canonical(want))
			}
		}
		return answer
	}
	check("whole")
	d.patch(olga, "order", docID(1), `{"title":"both","secret":"`+hidden+`2"}`)
	if answer := check("with others"); len(answer.Changes) != 1 {
		t.Errorf("a change with a part to be seen came as %s", asJSON(t, answer))
	}
	d.patch(olga, "order", docID(1), `{"secret":"`+hidden+`3"}`)
	check("alone")
	d.patch(olga, "order", docID(1), `{"title":"after"}`)
	check("after it alone")
	d.order(2, `{"title":"two","secret":"`+hidden+`"}`)
	check("created")
}

// Ensure a pull after n changes reads about n things, however many documents there are.
func TestPull_CostsWhatChanged(t *testing.T) {
	for name, rules := range map[string]string{
		"everything in sight": `{"roles":{}}`,
		"by a rule":           `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"}}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var costs []int64
			for _, documents := range []int{20, 2000} {
				d, store := openBroken(t)
				d.rule("order", rules)
				for from := 0; from < documents; from += 500 {
					writes := make([]collections.Write, min(500, documents))
					for i := range writes {
						writes[i] = collections.Write{ID: docID(from + i), Value: map[string]any{"title": "x", "assignee": "wim"}}
					}
					if _, err := d.WriteAll(t.Context(), olga, "order", writes); err != nil {
						t.Fatal(err)
					}
				}
				v := d.reader(wim)
				d.patch(olga, "order", docID(1), `{"title":"y"}`)
				d.patch(olga, "order", docID(2), `{"assignee":"eve"}`)
				d.order(documents, `{"title":"new","assignee":"wim"}`)
				before := store.reads.Load()
				v.pull(0)
				costs = append(costs, store.reads.Load()-before)
				before = store.reads.Load()
				v.pull(0)
				if idle := store.reads.Load() - before; idle != 0 {
					t.Errorf("a pull when nothing changed reads %d", idle)
				}
			}
			if costs[0] != costs[1] || costs[0] > 12 {
				t.Errorf("three changes among 20 documents cost %d reads, among 2,000 %d", costs[0], costs[1])
			}
		})
	}
}

// Ensure a cursor of another history, or from ahead of the log, starts anew, and one
// that is none is said to be.
func TestPull_Cursors(t *testing.T) {
	store := storetest.Memory()
	d := openDepotOn(t, store)
	d.publish("order", orderSchema)
	d.order(1, `{"title":"one"}`)
	v := d.reader(eve)
	other := openDepotOn(t, storetest.Memory())
	other.publish("order", orderSchema)
	other.order(2, `{"title":"other"}`)
	answer, err := other.Pull(t.Context(), eve, v.cursor, nil, 0)
	if err != nil || !answer.Reset || len(answer.Documents) != 1 || answer.Documents[0].ID != docID(2) {
		t.Errorf("a cursor of another store gives %s, %v", asJSON(t, answer), err)
	}
	before := d.dump("order")
	for name, cursor := range map[string]string{
		"not base64": "no cursor!", "not JSON": "bm8gY3Vyc29y", "another JSON": "eyJhIjoxfQ", "cut": v.cursor[:len(v.cursor)-5],
		"more behind it": v.cursor + "AAAA", "huge": strings.Repeat("A", 1<<20),
	} {
		_, err := d.Pull(t.Context(), eve, cursor, nil, 0)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		wantCode(t, err, collections.Resync)
		wantCode(t, d.Wait(t.Context(), cursor), collections.Resync)
		_, err = d.Sync(t.Context(), eve, &collections.SyncRequest{Replica: 0xa, Cursor: cursor, Changes: []*crdt.Change{creation(0xa, 1, docID(9), "x")}})
		wantCode(t, err, collections.Resync)
	}
	if d.dump("order") != before {
		t.Error("a push with a bad cursor moved something")
	}
	for _, limit := range []int{-1, collections.MaxPull + 1} {
		_, err := d.Pull(t.Context(), eve, "", nil, limit)
		wantCode(t, err, collections.Invalid)
	}
}

// Ensure a device is not sent what it sent itself, and everybody else is.
func TestPull_OwnChangesAreNotEchoed(t *testing.T) {
	d := openDepot(t)
	a, b := d.device(wim, 0xa), d.device(wim, 0xb)
	a.sync()
	b.sync()
	a.put("order", docID(1), `{"title":"Pump"}`)
	answer, err := d.Sync(t.Context(), wim, a.request(0))
	if err != nil || len(answer.Changes) != 0 || len(answer.Documents) != 0 {
		t.Errorf("a gets back %s, %v", asJSON(t, answer), err)
	}
	a.take(answer)
	if answer := b.pull(0); len(answer.Changes) != 1 {
		t.Errorf("b gets %s", asJSON(t, answer))
	}
	if answer := a.pull(0); len(answer.Changes)+len(answer.Documents) != 0 {
		t.Errorf("a gets it later: %s", asJSON(t, answer))
	}
}

// Ensure a document that changed more than it holds is sent whole.
func TestPull_WholeWhereSmaller(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"x"}`)
	v := d.reader(eve)
	d.patch(olga, "order", id, `{"title":"once"}`)
	if answer := v.pull(0); len(answer.Changes) != 1 || len(answer.Documents) != 0 {
		t.Errorf("one change came as %s", asJSON(t, answer))
	}
	for i := range 50 {
		d.patch(olga, "order", id, fmt.Sprintf(`{"title":"%d"}`, i))
	}
	if answer := v.pull(0); len(answer.Changes) != 0 || len(answer.Documents) != 1 {
		t.Errorf("50 changes came as %d changes and %d documents", len(answer.Changes), len(answer.Documents))
	}
	if v.titles() != "49" {
		t.Errorf("the title is %q", v.titles())
	}
}

// Ensure answers stay within bounds in bytes, too.
func TestPull_BoundedBytes(t *testing.T) {
	d := openDepot(t)
	d.publish("book", `{"type":"object","properties":{"text":{"type":"string"}}}`)
	for n := range 30 {
		if _, err := d.Create(t.Context(), olga, "book", docID(n), map[string]any{"text": strings.Repeat("x", 250<<10)}); err != nil {
			t.Fatal(err)
		}
	}
	v := d.device(eve, 0xf0)
	pages := 0
	for more := true; more; pages++ {
		answer := v.pull(0)
		if size := len(asJSON(t, answer)); size > 5<<20 {
			t.Errorf("an answer has %d bytes", size)
		}
		more = answer.More
	}
	if len(v.confirmed) != 30 || pages < 2 {
		t.Errorf("%d documents came in %d pages", len(v.confirmed), pages)
	}
	for n := range 30 {
		d.patch(olga, "book", docID(n), `{"text":"`+strings.Repeat("y", 250<<10)+`"}`)
	}
	for more := true; more; {
		answer := v.pull(0)
		if size := len(asJSON(t, answer)); size > 5<<20 {
			t.Errorf("an answer with changes has %d bytes", size)
		}
		more = answer.More
	}
}

// Ensure subscriptions are checked as queries are, and a type that is not there yet
// may be subscribed to.
func TestPull_Subscriptions(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	for name, subscribe := range map[string][]collections.Subscription{
		"a field that is not there": {{Type: "order", Where: where(t, `{"field":"colour","is":"red"}`)}},
		"a field that is hidden":    {{Type: "order", Where: where(t, `{"field":"secret","is":"x"}`)}},
		"twice":                     {{Type: "order"}, {Type: "order"}},
	} {
		_, err := d.Pull(t.Context(), wim, "", subscribe, 0)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		wantCode(t, err, collections.Invalid)
	}
	_, err := d.Pull(t.Context(), wim, "", make([]collections.Subscription, collections.MaxSubscriptions+1), 0)
	wantCode(t, err, collections.TooLarge)

	v := d.reader(wim, collections.Subscription{Type: "memo"}, collections.Subscription{Type: "order", Where: where(t, `{"field":"assignee","is":"$me"}`)})
	d.order(1, `{"title":"mine","assignee":"wim"}`)
	d.order(2, `{"title":"not mine"}`)
	d.publish("site", `{"type":"object"}`)
	d.publish("memo", `{"type":"object"}`)
	d.create(olga, "memo", `{}`)
	d.create(olga, "site", `{}`)
	v.sync()
	if v.titles() != "mine" || len(v.confirmed) != 2 || v.versions["memo"] != 1 || v.versions["site"] != 0 {
		t.Errorf("the device has %q, %d documents, versions %v", v.titles(), len(v.confirmed), v.versions)
	}
	v.subscribe = v.subscribe[1:]
	if answer := v.pull(0); !answer.Reset || len(v.confirmed) != 1 {
		t.Errorf("with another subscription: reset %v, %d documents", answer.Reset, len(v.confirmed))
	}
}

// Ensure what comes into sight by waiting is there the next day.
func TestPull_ConditionsOnTheDay(t *testing.T) {
	d := openDepot(t)
	d.publish("visit", `{"type":"object","properties":{"day":{"type":"string","format":"date"}}}`)
	d.create(olga, "visit", `{"day":"2026-03-03"}`)
	v := d.reader(eve, collections.Subscription{Type: "visit", Where: where(t, `{"field":"day","is":"$today"}`)})
	if len(v.confirmed) != 0 {
		t.Fatal("tomorrow's visit is there today")
	}
	d.millis.Add(24 * hour)
	if v.pull(0); len(v.confirmed) != 1 {
		t.Error("today's visit is not there")
	}
}

// Ensure a reader that is behind what memory has of the log, as all are after a
// restart, gets the same from the store.
func TestPull_BehindMemory(t *testing.T) {
	store := &brokenStore{Store: storetest.Memory()}
	d := openDepotOn(t, keepOpen{store})
	d.publish("order", orderSchema)
	live, far := d.reader(eve), d.reader(eve)
	for n := range 20 {
		d.order(n, fmt.Sprintf(`{"title":"%d"}`, n))
	}
	live.sync()
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.open()
	d.order(20, `{"title":"20"}`)
	for _, v := range []*device{live, far} {
		before := store.reads.Load()
		for v.pull(6).More {
		}
		if reads := store.reads.Load() - before; v == live && reads > 1 {
			t.Errorf("a live reader reads %d things", reads)
		}
		if got := len(v.confirmed); got != 21 {
			t.Errorf("a reader has %d of 21 orders", got)
		}
	}
}

// Ensure a device is told to forget what it wrote itself and may not see: nobody would
// tell it how that goes on.
func TestPull_ForgetsItsOwnOutOfSight(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"}}}}`)
	v := d.device(wim, 0xa)
	v.put("order", docID(1), `{"title":"for wilo","assignee":"wilo"}`)
	v.put("order", docID(2), `{"title":"for wim","assignee":"wim"}`)
	v.sync()
	v.put("order", docID(3), `{"title":"for wilo as well","assignee":"wilo"}`)
	answer, err := d.Sync(t.Context(), wim, v.request(0))
	if err != nil || !answer.Results[0].OK || len(answer.Forget) != 1 || answer.Forget[0].ID != docID(3) {
		t.Fatalf("answered %s, %v", asJSON(t, answer), err)
	}
	v.take(answer)
	if v.titles() != "for wim" {
		t.Errorf("wim has %q", v.titles())
	}
}

// Ensure nobody reads an entry of the log before all that goes with it is in place,
// though it is in the store already.
func TestPull_NothingBeforeItsTime(t *testing.T) {
	store := &brokenStore{Store: storetest.Memory()}
	d := openDepotOn(t, keepOpen{store})
	d.publish("order", orderSchema)
	v := d.reader(eve)
	d.order(1, `{"title":"one"}`)
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.open() // so that memory has nothing of the log
	written, held := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	t.Cleanup(release) // the engine could not be closed otherwise
	store.onCommit(func(ctx context.Context, b *collections.Batch) error {
		err := store.Store.Commit(ctx, b)
		close(written)
		<-held
		return err
	})
	done := make(chan error, 1)
	go func() {
		_, err := d.Create(context.Background(), olga, "order", docID(2), map[string]any{"title": "two"})
		done <- err
	}()
	<-written
	if v.pull(0); v.titles() != "one" {
		t.Errorf("the reader has %q while the second is being written", v.titles())
	}
	release()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if v.pull(0); v.titles() != "one two" {
		t.Errorf("the reader has %q", v.titles())
	}
}

// Ensure each change comes with who made it and when the server took it.
func TestPull_SaysWhoAndWhen(t *testing.T) {
	d := openDepot(t)
	for n := range 3 {
		d.order(n, `{"title":"x"}`)
	}
	v := d.reader(eve)
	d.patch(wim, "order", docID(2), `{"title":"by wim"}`)
	d.patch(olga, "order", docID(0), `{"title":"by olga"}`)
	answer := v.pull(0)
	if len(answer.Changes) != 2 || len(answer.By) != 2 || len(answer.At) != 2 {
		t.Fatalf("the answer is %s", asJSON(t, answer))
	}
	for i, c := range answer.Changes {
		record, err := d.Store().Record(t.Context(), "order", c.Change.Doc)
		if err != nil {
			t.Fatal(err)
		}
		if answer.By[i] != record.UpdatedBy || answer.At[i] != record.Updated {
			t.Errorf("%s was changed by %s at %d, the record says %s at %d", c.Change.Doc, answer.By[i], answer.At[i], record.UpdatedBy, record.Updated)
		}
	}
}
