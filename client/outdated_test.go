package client_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/client"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

const note = "This device was away for longer than the server keeps history (400 days). Its unsent work was put on top of the current records."

// patch changes a record as somebody at a desk does.
func (b *backend) patch(id string, fields map[string]any) {
	b.Helper()
	_, err := b.engine.Patch(ctx, owner, "work-order", id, fields)
	b.must(err)
}

func (b *backend) value(id string) map[string]any {
	b.Helper()
	doc, err := b.engine.Get(ctx, owner, "work-order", id)
	b.must(err)
	return doc.Value
}

// refusals lists what was refused, as "title or field: sentence".
func (d *device) refusals() (list []client.Refusal) {
	d.Helper()
	list, err := d.Refused(ctx)
	if err != nil {
		d.Fatal(err)
	}
	return list
}

// addRow puts a third row into a list.
func addRow(e *crdt.Editor, name string, quantity float64) error {
	_, err := e.InsertRow([]string{"parts"}, 2, map[string]any{"part": name, "quantity": quantity})
	return err
}

// Ensure a device that was away for longer than history is kept finds everything it had
// not sent on top of what others did meanwhile, each field by its strategy, and is told.
func TestOutdated_EveryStrategy(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Oil leak", "status": "open", "price": 1.0, "notes": "seen at the gearbox", "tags": []any{"red", "old"},
		"parts": []any{map[string]any{"part": "seal", "quantity": 1.0}, map[string]any{"part": "ring", "quantity": 1.0}}, "hours": 1.0, "meter": 10.0})
	d := b.device("anna")
	d.sync()
	d.net.cut.Store(true)
	d.edit(id, func(e *crdt.Editor) error {
		return errors.Join(
			e.Put([]string{"title"}, "Oil leak, north"), e.Put([]string{"price"}, 2.0),
			e.Splice([]string{"notes"}, 0, 0, "oil "), e.Include([]string{"tags"}, "urgent"), e.Exclude([]string{"tags"}, "old"),
			e.Add([]string{"hours"}, 2.5), e.Put([]string{"meter"}, 30.0), addRow(e, "bolt", 4))
	})
	d.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 0.5) })
	b.patch(id, map[string]any{"title": "Oil leak at gearbox", "status": "waiting", "notes": "seen at the gearbox, twice", "tags": []any{"red", "old", "blue"},
		"parts": []any{map[string]any{"part": "seal", "quantity": 1.0}, map[string]any{"part": "ring", "quantity": 1.0}, map[string]any{"part": "pipe", "quantity": 2.0}},
		"hours": 5.0, "meter": 20.0})
	b.pass(401)
	b.patch(id, map[string]any{"assignee": "ben"})
	seen := d.get(id).Value
	d.net.cut.Store(false)
	report := d.sync()
	if report.Note != note || d.status().Note != note {
		t.Errorf("it says %q and keeps %q", report.Note, d.status().Note)
	}
	want := map[string]any{"title": "Oil leak, north", "status": "waiting", "price": 2.0, "assignee": "ben",
		"notes": "oil seen at the gearbox, twice", "tags": []any{"blue", "red", "urgent"}, "hours": 8.0, "meter": 30.0,
		"parts": []any{map[string]any{"part": "seal", "quantity": 1.0}, map[string]any{"part": "ring", "quantity": 1.0},
			map[string]any{"part": "bolt", "quantity": 4.0}, map[string]any{"part": "pipe", "quantity": 2.0}}}
	got := b.value(id)
	slices.SortFunc(got["tags"].([]any), func(x, y any) int { return strings.Compare(x.(string), y.(string)) })
	byName := func(x, y any) int {
		return strings.Compare(x.(map[string]any)["part"].(string), y.(map[string]any)["part"].(string))
	}
	slices.SortFunc(got["parts"].([]any), byName)
	slices.SortFunc(want["parts"].([]any), byName)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the record is not as wanted (-want +got):\n%s\nthe device had\n%s", diff, crdt.Canonical(seen))
	}
	if s := d.status(); s.Pending != 0 || s.Refused != 0 {
		t.Errorf("status %+v", s)
	}
	if got, want := crdt.Canonical(d.get(id).Value), crdt.Canonical(b.value(id)); got != want {
		t.Errorf("the device shows\n%s\nthe server has\n%s", got, want)
	}
	b.must(d.DismissNote(ctx))
	d.update(id, "status", "done")
	if report := d.sync(); report.Note != "" || d.status().Note != "" || b.value(id)["status"] != "done" {
		t.Errorf("afterwards: %+v, %+v, %s", report, d.status(), crdt.Canonical(b.value(id)))
	}
}

// Ensure that a device that comes back just in time merges as ever.
func TestOutdated_JustInTime(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Oil leak", "notes": "at the gearbox"})
	d := b.device("anna")
	d.sync()
	d.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 0, 0, "north, ") })
	b.patch(id, map[string]any{"notes": "at the gearbox again"})
	b.pass(399)
	b.patch(id, map[string]any{"status": "open"})
	if report := d.sync(); report.Note != "" || report.Acknowledged != 1 || report.NewReplica {
		t.Errorf("report %+v", report)
	}
	if got := b.value(id)["notes"]; got != "north, at the gearbox again" {
		t.Errorf("the notes are %q", got)
	}
}

// Ensure what cannot be put on top of anything is kept with its text and a reason:
// changes to what is gone for good, to a field that is no more, a deletion of what others
// went on with, a change that may have arrived before.
func TestOutdated_WhatDoesNotFit(t *testing.T) {
	b := newBackend(t)
	title := func(s string) map[string]any { return map[string]any{"title": s, "hours": 1.0} }
	gone, kept, dropped, field, twice := b.add(title("gone")), b.add(title("kept")), b.add(title("dropped")), b.add(title("field")), b.add(title("twice"))
	d := b.device("anna")
	d.sync()
	d.net.loseAnswer.Store(true)
	d.edit(twice, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 2) })
	if _, err := d.Sync(ctx); err == nil {
		t.Fatal("the answer was not lost")
	}
	d.net.cut.Store(true)
	d.update(gone, "notes", "all that was typed")
	b.must(d.orders.Delete(ctx, kept))
	b.must(d.orders.Delete(ctx, dropped))
	d.edit(field, func(e *crdt.Editor) error {
		return errors.Join(e.Put([]string{"price"}, 7.0), e.Put([]string{"assignee"}, "anna"))
	})
	made, err := d.orders.Create(ctx, map[string]any{"title": "made offline"})
	b.must(err)
	d.update(made, "notes", "and edited")

	b.must(b.engine.Delete(ctx, owner, "work-order", gone))
	b.patch(kept, map[string]any{"status": "done"})
	rules, err := collections.ParseRules([]byte(`{"roles":{"worker":{"readOnly":["price"]}}}`))
	b.must(err)
	b.must(b.engine.SetRules(ctx, owner, "work-order", rules))
	b.pass(401)
	b.add(title("new"))
	b.pass(0)
	d.net.cut.Store(false)
	if report := d.sync(); report.Note != note || !report.NewReplica && report.Refused == 0 {
		t.Errorf("report %+v", report)
	}
	if s := d.status(); s.Pending != 0 {
		t.Errorf("%d changes are still to be sent", s.Pending)
	}
	found := map[string]string{}
	for _, r := range d.refusals() {
		found[r.Change.Doc] += fmt.Sprint(r.Error.Code, " ", r.Error.Field, " ", string(crdt.AppendChange(nil, r.Change)))
	}
	for doc, want := range map[string][]string{
		gone: {"outdated", "all that was typed"}, kept: {"outdated", "delete"}, field: {"outdated", "/price", "7"}, twice: {"unsure", "hours"},
	} {
		for _, part := range want {
			if !strings.Contains(found[doc], part) {
				t.Errorf("refused of %s: %q, want %q in it", doc, found[doc], part)
			}
		}
		delete(found, doc)
	}
	if len(found) > 0 {
		t.Errorf("also refused: %v", found)
	}
	if got := b.value(twice)["hours"]; got != 3.0 {
		t.Errorf("hours that were sent twice are %v, want 3", got)
	}
	if got := b.value(field); got["assignee"] != "anna" || got["price"] != nil {
		t.Errorf("the record with a field that may not be written is %s", crdt.Canonical(got))
	}
	if got := b.value(kept)["status"]; got != "done" {
		t.Errorf("the record that others went on with has status %v", got)
	}
	if doc, err := b.engine.Get(ctx, owner, "work-order", dropped); err != nil || !doc.Deleted {
		t.Errorf("the record that nobody went on with is %+v (%v), want it in the trash", doc, err)
	}
	if got := b.value(made)["notes"]; got != "and edited" {
		t.Errorf("the record made offline has notes %v", got)
	}
	if _, err := d.orders.Get(ctx, gone); !client.HasCode(err, client.CodeNotFound) {
		t.Errorf("the device still has what is gone for good: %v", err)
	}
}

// Ensure a device that is killed or cut off while everything comes anew loses nothing
// of what it had not sent, nor of what is typed meanwhile.
func TestOutdated_Interrupted(t *testing.T) {
	b := newBackend(t)
	const orders = 2_500 // three answers
	ids := b.addMany(orders)
	d := b.device("anna")
	d.sync()
	for i := 0; i < orders; i += 250 {
		d.edit(ids[i], func(e *crdt.Editor) error {
			return errors.Join(e.Splice([]string{"notes"}, 0, 0, "offline "), e.Add([]string{"hours"}, 1))
		})
	}
	b.patch(ids[0], map[string]any{"notes": "seen, by others"})
	b.pass(401)
	for answers := range int64(3) {
		d.net.cut.Store(false)
		d.net.cutAfter.Store(1)
		if _, err := d.Sync(ctx); !client.HasCode(err, client.CodeOffline) {
			t.Fatalf("after %d answers it is cut off and says %v", answers+1, err)
		}
		b.must(d.Close())
		d = b.device("anna", func(o *client.Options) { o.Path = d.path })
		for i := 0; i < orders; i += 250 {
			if got, _ := d.get(ids[i]).Value["notes"].(string); !strings.HasPrefix(got, "offline ") {
				t.Fatalf("after %d answers order %d shows %q", answers+1, i, got)
			}
		}
		d.edit(ids[int(answers)*250], func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1) })
	}
	d.sync()
	for i := 0; i < orders; i += 250 {
		notes, hours := "offline seen", 2.0
		if i == 0 {
			notes = "offline seen, by others"
		}
		if i < 3*250 {
			hours = 3
		}
		if got := b.value(ids[i]); got["notes"] != notes || got["hours"] != hours {
			t.Errorf("order %d is %s", i, crdt.Canonical(got))
		}
	}
	if s := d.status(); s.Pending+s.Refused != 0 || s.Partial {
		t.Errorf("status %+v", s)
	}
}

// addMany creates many records and gives their ids.
func (b *backend) addMany(n int) (ids []string) {
	b.Helper()
	for len(ids) < n {
		writes := make([]collections.Write, min(1000, n-len(ids)))
		for i := range writes {
			writes[i].Value = map[string]any{"title": "order", "notes": "seen", "hours": 1.0}
		}
		results, err := b.engine.WriteAll(ctx, owner, "work-order", writes)
		b.must(err)
		for _, r := range results {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Ensure a queue that takes several requests is safe when the floor moves between two of
// them, though the device has read everything by then.
func TestOutdated_BetweenTwoRequests(t *testing.T) {
	b := newBackend(t)
	id := b.add(map[string]any{"title": "Oil leak", "notes": "seen", "hours": 0.0})
	d := b.device("anna")
	d.sync()
	const edits = 700
	for range edits {
		d.edit(id, func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1) })
	}
	d.edit(id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 0, 0, "offline ") })
	b.patch(id, map[string]any{"notes": "seen again"})
	d.net.cutAfter.Store(1)
	if _, err := d.Sync(ctx); !client.HasCode(err, client.CodeOffline) {
		t.Fatalf("it is cut off and says %v", err)
	}
	b.ahead.Add(int64(keeps + 24*time.Hour))
	b.patch(id, map[string]any{"status": "open"})
	d.net.cut.Store(false)
	d.net.cutAfter.Store(-1 << 40)
	d.listen(func() bool { return d.get(id).Value["status"] == "open" })
	b.pass(0)
	report := d.sync()
	if got := b.value(id); report.Note != note || got["hours"] != float64(edits) || got["notes"] != "offline seen again" {
		t.Errorf("report %+v, the record is %s", report, crdt.Canonical(got))
	}
}

// listen takes live events in until what is asked for is so.
func (d *device) listen(until func() bool) {
	d.Helper()
	stream, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- d.Listen(stream) }()
	for {
		changed := d.Changed()
		if until() {
			stop()
			<-ended
			return
		}
		select {
		case <-changed:
		case err := <-ended:
			d.Fatalf("the stream ended: %v", err)
		}
	}
}

// Ensure a device empties its trash when the server has, and keeps what somebody took out
// of it in time.
func TestTrashEnds(t *testing.T) {
	b := newBackend(t)
	gone, saved, old := b.add(map[string]any{"title": "gone"}), b.add(map[string]any{"title": "saved"}), b.add(map[string]any{"title": "old"})
	d := b.device("anna")
	d.sync()
	b.must(b.engine.Delete(ctx, owner, "work-order", gone))
	b.must(d.orders.Delete(ctx, saved))
	d.sync()
	b.pass(399)
	_, err := b.engine.Restore(ctx, owner, "work-order", saved)
	b.must(err)
	d.sync()
	b.pass(10)
	d.sync()
	if _, err := d.orders.Get(ctx, gone); !client.HasCode(err, client.CodeNotFound) {
		t.Errorf("the device still has what is gone for good: %v", err)
	}
	for _, id := range []string{saved, old} {
		if doc := d.get(id); doc.Deleted {
			t.Errorf("%v is in the trash", doc.Value["title"])
		}
	}
}

// Ensure work done in the middle of a whole sync counts as made on what the device had
// before it, which is what the rest of the records still are.
func TestOutdated_InTheMiddleOfAWholeSync(t *testing.T) {
	b := newBackend(t)
	const orders = 2_500
	ids := b.addMany(orders)
	slices.Sort(ids)
	last := ids[orders-1] // the third answer brings it
	d := b.device("anna")
	d.sync()
	b.patch(last, map[string]any{"notes": "seen and done"})
	b.ahead.Add(int64(300 * 24 * time.Hour))
	rules, err := collections.ParseRules([]byte(`{"roles":{"worker":{"see":{"field":"title","is":"order"}}}}`))
	b.must(err)
	b.must(b.engine.SetRules(ctx, owner, "work-order", rules))
	d.net.cutAfter.Store(1)
	if _, err := d.Sync(ctx); !client.HasCode(err, client.CodeOffline) || !d.status().Partial {
		t.Fatalf("it is cut off and says %v, %+v", err, d.status())
	}
	d.edit(last, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 4, 0, " twice") })
	b.patch(last, map[string]any{"status": "done"})
	b.pass(200) // the floor is behind where the whole sync began, and past what was before
	d.net.cut.Store(false)
	d.net.cutAfter.Store(-1 << 40)
	if report := d.sync(); report.Note != note {
		t.Errorf("it was not told: %+v", report)
	}
	if got := b.value(last); len(got["notes"].(string)) != len("seen and done twice") || got["status"] != "done" {
		t.Errorf("the record is %s", crdt.Canonical(got))
	}
}
