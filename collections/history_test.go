package collections_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// storySchema has a field of every strategy.
const storySchema = `{"type":"object","title":"Work order","properties":{
	"title":{"type":"string","title":"Title"},
	"status":{"enum":["open","in_progress","done"],"title":"Status"},
	"urgent":{"type":"boolean","title":"Urgent"},
	"due":{"type":"string","format":"date","title":"Due date"},
	"priority":{"enum":["low","high","urgent"],"title":"Priority","x-merge":"conflict"},
	"visits":{"type":"integer","title":"Visits","x-merge":"counter"},
	"reading":{"type":"number","title":"Meter reading","x-merge":"max"},
	"earliest":{"type":"string","format":"date","title":"Earliest start","x-merge":"min"},
	"notes":{"type":"string","contentMediaType":"text/plain","title":"Notes"},
	"tags":{"type":"array","uniqueItems":true,"items":{"type":"string"},"title":"Tags"},
	"parts":{"type":"array","title":"Parts","items":{"type":"object","properties":{
		"name":{"type":"string","title":"Part"},"qty":{"type":"number","title":"Quantity"}}}},
	"address":{"type":"object","title":"Address","properties":{
		"street":{"type":"string","title":"Street"},"city":{"type":"string","title":"City"}}},
	"place":{"type":"object","title":"Place","x-atomic":true,"properties":{"lat":{"type":"number"},"lon":{"type":"number"}}},
	"number":{"type":"string","title":"Number","x-serial":"WO-{0000}"},
	"secret":{"type":"string","title":"Secret"}}}`

// phone is a person with a replica of their own, who edits what they last saw.
type phone struct {
	o       *office
	actor   collections.Actor
	replica crdt.Replica
	n       uint64
	doc     *crdt.Document // as the phone has it
}

func (o *office) phone(a collections.Actor, replica crdt.Replica) *phone {
	return &phone{o: o, actor: a, replica: replica, doc: crdt.NewDocument()}
}

// edit makes a change at a minute of the day, by the phone's clock; nil when nothing
// differs.
func (d *phone) edit(minute int, do func(e *crdt.Editor) error) *crdt.Change {
	d.o.Helper()
	t, err := d.o.Type(d.o.Context(), olga, "order", 0)
	if err != nil {
		d.o.Fatal(err)
	}
	editor := d.doc.Edit(d.replica, t.Schema.Plan())
	if err := do(editor); err != nil {
		d.o.Fatalf("edit: %v", err)
	}
	ops := editor.Ops()
	if len(ops) == 0 {
		return nil
	}
	d.n++
	c := &crdt.Change{
		Replica: d.replica, N: d.n, Prev: d.doc.Seen()[d.replica],
		Stamp: crdt.NewTime(d.o.start.UnixMilli()-86_400_000+int64(minute)*60_000, 0),
		Type:  "order", Version: t.Version, Doc: docID(1), Ops: ops,
	}
	if _, err := d.doc.Apply(c); err != nil {
		d.o.Fatalf("apply: %v", err)
	}
	return c
}

// push sends changes, all of which must be taken.
func (d *phone) push(changes ...*crdt.Change) {
	d.o.Helper()
	answer, err := d.o.Sync(d.o.Context(), d.actor, &collections.SyncRequest{Replica: d.replica, Changes: changes})
	if err != nil {
		d.o.Fatalf("push: %v", err)
	}
	for _, result := range answer.Results {
		if !result.OK {
			d.o.Fatalf("change %d is refused: %v", result.N, result.Error)
		}
	}
}

// pull makes the phone see what the server has.
func (d *phone) pull() {
	d.o.Helper()
	record, err := d.o.store.Record(d.o.Context(), "order", docID(1))
	if err != nil {
		d.o.Fatal(err)
	}
	if d.doc, err = crdt.Decode(record.Value, record.Meta); err != nil {
		d.o.Fatal(err)
	}
}

// putting is an edit that makes top-level fields equal values.
func putting(t *testing.T, text string) func(*crdt.Editor) error {
	value := object(t, text)
	return func(e *crdt.Editor) error {
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if err := e.Put([]string{key}, value[key]); err != nil {
				return err
			}
		}
		return nil
	}
}

// orderStory is two days of a work order: two people edit it offline, and meet.
func orderStory(t *testing.T) *office {
	o := openOffice(t)
	o.publish("order", storySchema)
	a, b := o.phone(wim, 0xa), o.phone(wilo, 0xb)
	a.push(a.edit(1, putting(t, `{"title":"Replace pump","status":"open","due":"2026-03-09","tags":["hvac"],"parts":[{"name":"Seal","qty":1}],"address":{"city":"Graz"},"notes":"Pump leaks.","secret":"combination 1234","place":{"lat":47.1,"lon":15.4}}`)))
	a.pull()
	b.pull()

	// Both are away. What wilo does is newer, and arrives first.
	early := []*crdt.Change{
		a.edit(10, putting(t, `{"status":"in_progress","due":"2026-03-05","priority":"high","visits":1,"reading":100,"earliest":"2026-03-04"}`)),
		a.edit(11, putting(t, `{"address":{"city":"Wien","street":"Ring 1"},"tags":["hvac","urgent"],"notes":"Pump leaks badly."}`)),
		a.edit(12, putting(t, `{"parts":[{"name":"Seal","qty":2},{"name":"Bolt","qty":8}],"urgent":true,"place":{"lat":48.2,"lon":16.4}}`)),
		a.edit(13, func(e *crdt.Editor) error { return e.Remove([]string{"title"}) }),
	}
	b.push(
		b.edit(20, putting(t, `{"status":"done","priority":"low","visits":2,"reading":120.5,"earliest":"2026-03-03","title":"Replace the pump"}`)),
		b.edit(21, putting(t, `{"address":{"city":"Linz"},"tags":[],"notes":"Old pump leaks."}`)),
		b.edit(22, putting(t, `{"parts":[{"name":"Seal","qty":5}],"place":{"lat":48.3,"lon":14.3}}`)),
		b.edit(23, func(e *crdt.Editor) error { return e.Remove([]string{"due"}) }),
	)
	a.push(early...)
	a.pull()
	b.pull()

	// wim deletes what wilo edits: the edit keeps it.
	edit := b.edit(40, putting(t, `{"urgent":false,"secret":"combination 9999","notes":""}`))
	remove := a.edit(41, func(e *crdt.Editor) error { e.Delete(); return nil })
	b.push(edit)
	a.push(remove)
	b.pull()

	// Rows come, go and move.
	b.push(b.edit(50, func(e *crdt.Editor) error {
		rows := b.doc.Rows("parts")
		if err := e.MoveRow([]string{"parts"}, rows[1].ID, 0); err != nil {
			return err
		}
		return e.RemoveRow([]string{"parts"}, rows[0].ID)
	}))
	b.push(b.edit(51, putting(t, `{"priority":"urgent","tags":["later","roof","top floor"],"visits":1}`)))

	// What wim has put in the trash comes back with what wilo did before he knew.
	a.pull()
	a.push(a.edit(60, func(e *crdt.Editor) error { e.Delete(); return nil }))
	b.push(b.edit(55, putting(t, `{"urgent":true}`)))
	ctx := t.Context()
	if err := o.Delete(ctx, eve, "order", docID(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Restore(ctx, eve, "order", docID(1)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Patch(ctx, eve, "order", docID(1), map[string]any{"title": nil, "address": map[string]any{"city": nil}}); err != nil {
		t.Fatal(err)
	}
	return o
}

// tellEvents writes a history down as people would read it.
func tellEvents(t *testing.T, events []*collections.Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%s\n", e.By)
		for _, f := range e.Fields {
			lost := ""
			if f.Lost {
				lost = " (LOST)"
			}
			fmt.Fprintf(&b, "  %-10s %-9s %s%s\n", f.Field, f.Did, f.Text, lost)
			for _, loss := range f.Losses {
				fmt.Fprintf(&b, "  %20s wrote %s at %s\n", "", asJSON(t, loss.Wrote), strings.Join(loss.Path, "/"))
			}
		}
	}
	return b.String()
}

// The history of a document says in clear sentences who did what, what met a newer
// value, and what that was.
func TestHistory_Golden(t *testing.T) {
	o := orderStory(t)
	events, next, err := o.History(t.Context(), olga, "order", docID(1), "", "", 0)
	if err != nil || next != "" {
		t.Fatalf("history: next %q, %v", next, err)
	}
	golden(t, "history.golden", tellEvents(t, events))
}

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got, -update writes it anew):\n%s", name, diff)
	}
}

// What a change lost is exactly what does not show after it, and the history of one
// field is the part of the whole that is about it.
func TestHistory_BeforeAfter(t *testing.T) {
	o := orderStory(t)
	ctx := t.Context()
	all, _, err := o.History(ctx, olga, "order", docID(1), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]any{}
	byField := map[string][]string{}
	for _, e := range all {
		for _, f := range e.Fields {
			if f.Field == "" {
				continue
			}
			if !crdt.EqualValues(f.Before, shown[f.Field]) {
				t.Errorf("event %d of %s: %s was %v before, though %v after the event before it", e.N, e.Device, f.Field, f.Before, shown[f.Field])
			}
			shown[f.Field] = f.After
			byField[f.Field] = append(byField[f.Field], fmt.Sprint(e.Place, f.Text))
		}
	}
	d, err := o.Get(ctx, olga, "order", docID(1))
	if err != nil {
		t.Fatal(err)
	}
	for key, last := range shown {
		if !crdt.EqualValues(last, d.Value[key]) {
			t.Errorf("%s ends as %v in the history and is %v", key, last, d.Value[key])
		}
	}
	for key, want := range byField {
		var got []string
		events, _, err := o.History(ctx, olga, "order", docID(1), key, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			for _, f := range e.Fields {
				if f.Field != key {
					t.Errorf("the history of %s tells of %q", key, f.Field)
				}
				got = append(got, fmt.Sprint(e.Place, f.Text))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the history of %s is not its part of the whole:\n%s", key, diff)
		}
	}
}

// Pages of every length put together are the whole, also from the page of another
// reader.
func TestHistory_Pages(t *testing.T) {
	o := orderStory(t)
	ctx := t.Context()
	o.rule("order", `{"roles":{"worker":{"hidden":["secret","status","urgent","notes"]}}}`)
	for _, a := range []collections.Actor{olga, wim} {
		whole, _, err := o.History(ctx, a, "order", docID(1), "", "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for limit := 1; limit <= len(whole)+1; limit++ {
			var got []*collections.Event
			for after := ""; ; {
				events, next, err := o.History(ctx, a, "order", docID(1), "", after, limit)
				if err != nil {
					t.Fatal(err)
				}
				if len(events) > limit || len(events) < limit && next != "" {
					t.Fatalf("limit %d: %d events and next %q", limit, len(events), next)
				}
				got = append(got, events...)
				if after = next; after == "" {
					break
				}
			}
			if diff := cmp.Diff(asJSON(t, whole), asJSON(t, got)); diff != "" {
				t.Fatalf("limit %d as %s:\n%s", limit, a.Name, diff)
			}
		}
	}
	for _, after := range []string{"x", "MQ", "OTk5IG1haW4", "MSBtYWluCg=="} {
		_, _, err := o.History(ctx, olga, "order", docID(1), "", after, 0)
		if e := wantCode(t, err, collections.Invalid); e.Field != "after" {
			t.Errorf("place %q: the error is about %q", after, e.Field)
		}
	}
	for _, limit := range []int{-1, 1001} {
		_, _, err := o.History(ctx, olga, "order", docID(1), "", "", limit)
		wantCode(t, err, collections.Invalid)
	}
}

// The timeline is the history from its end, in pages of every length.
func TestTimeline_Pages(t *testing.T) {
	o := orderStory(t)
	o.rule("order", `{"roles":{"worker":{"hidden":["secret","status"]}}}`)
	for _, a := range []collections.Actor{olga, wim} {
		for _, field := range []string{"", "notes", ""} {
			whole, _, err := o.History(t.Context(), a, "order", docID(1), field, "", 0)
			if err != nil {
				t.Fatal(err)
			}
			slices.Reverse(whole)
			for limit := 1; limit <= len(whole)+1; limit++ {
				got := []*collections.Event{}
				for before := ""; ; {
					events, next, err := o.Timeline(t.Context(), a, "order", docID(1), field, before, limit)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, events...)
					if before = next; before == "" {
						break
					}
				}
				if diff := cmp.Diff(asJSON(t, whole), asJSON(t, got)); diff != "" {
					t.Fatalf("limit %d as %s:\n%s", limit, a.Name, diff)
				}
			}
		}
	}
}

// Labels are those of today, those of the version the change was made under where the
// field is gone, and never those of a hidden field.
func TestHistory_Labels(t *testing.T) {
	o := openOffice(t)
	o.publish("job", jobSchema)
	if _, err := o.Create(t.Context(), wim, "job", docID(1), map[string]any{"title": "x", "price": 3.0}); err != nil {
		t.Fatal(err)
	}
	o.publish("job", `{"type":"object","properties":{"title":{"type":"string","title":"What to do"}}}`)
	events, _, err := o.History(t.Context(), wim, "job", docID(1), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	got := tellEvents(t, events)
	for _, want := range []string{"What to do: x", "Price: 3"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	o.rule("job", `{"roles":{"worker":{"hidden":["price"]}}}`)
	events, _, err = o.History(t.Context(), wim, "job", docID(1), "", "", 0)
	if text := asJSON(t, events); err != nil || strings.Contains(strings.ToLower(text), "price") {
		t.Errorf("the history tells of a hidden field: %s, %v", text, err)
	}
}

// A count that begins is one of nothing, not an empty one.
func TestHistory_CountFromZero(t *testing.T) {
	o := openOffice(t)
	o.publish("order", storySchema)
	if _, err := o.Create(t.Context(), wim, "order", docID(1), map[string]any{"title": "x", "visits": 0.0, "notes": ""}); err != nil {
		t.Fatal(err)
	}
	events, _, err := o.History(t.Context(), wim, "order", docID(1), "", "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := tellEvents(t, events); !strings.Contains(got, "Visits: 0") || !strings.Contains(got, "Notes: empty") {
		t.Error(got)
	}
}

// Values are said as a person would, on one line and not for ever.
func TestSay(t *testing.T) {
	for want, v := range map[string]any{
		"no value": nil, "yes": true, "no": false, "0.1": 0.1, "1000000": 1e6, "empty": "",
		"two lines": " two\n\tlines ", "hvac, 3, yes": []any{"hvac", 3.0, true}, "lat 47.1, lon 15.4": map[string]any{"lon": 15.4, "lat": 47.1},
		"1, 2, 3, 4, 5, 6, 2 more":    []any{1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0},
		strings.Repeat("ä", 59) + "…": strings.Repeat("ä", 1<<20),
		strings.Repeat("😀", 60):       strings.Repeat("😀", 60),
	} {
		if got := schema.Says("%s", collections.Say(v)).String(); got != want {
			t.Errorf("says %q, want %q", got, want)
		}
	}
}
