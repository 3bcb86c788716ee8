package collections_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// events reads the whole history of a document.
func eventsOf(t *testing.T, e *collections.Engine, a collections.Actor, typ, id string) []*collections.Event {
	t.Helper()
	events, next, err := e.History(t.Context(), a, typ, id, "", "", 1000)
	if err != nil || next != "" {
		t.Fatalf("history: next %q, %v", next, err)
	}
	return events
}

// Ensure a moment is what the history tells of it, for all and for who does not see all.
func TestAt_IsWhatHistoryTells(t *testing.T) {
	o := orderStory(t)
	o.rule("order", `{"roles":{"worker":{"hidden":["secret"]}}}`)
	for _, a := range []collections.Actor{olga, wim} {
		shown := map[string]any{}
		for _, event := range eventsOf(t, o.Engine, a, "order", docID(1)) {
			deleted := false
			for _, f := range event.Fields {
				if f.Field != "" {
					shown[f.Field] = f.After
				}
				if f.After == nil {
					delete(shown, f.Field)
				}
				deleted = deleted || f.Did == "deleted" && !f.Lost
			}
			moment, err := o.At(t.Context(), a, "order", docID(1), event.Place)
			if err != nil {
				t.Fatal(err)
			}
			delete(moment.Value, "number")
			delete(shown, "number")
			if got, want := crdt.Canonical(moment.Value), crdt.Canonical(shown); got != want {
				t.Errorf("%s at %s: %s\nhistory has %s", a.Name, event.Place, got, want)
			}
			if moment.By != event.By || moment.At != event.At || moment.Deleted != deleted {
				t.Errorf("at %s it is %s", event.Place, asJSON(t, moment))
			}
		}
	}
	for _, place := range []string{"", "x", "OTk5IG1haW4"} {
		_, err := o.At(t.Context(), olga, "order", docID(1), place)
		wantCode(t, err, collections.Invalid)
	}
	_, err := o.At(t.Context(), olga, "order", docID(9), "MSBtYWlu")
	wantCode(t, err, collections.NotFound)
}

// Ensure one click brings a lost value back, each by its strategy, and that what stood
// there is history.
func TestTakeBack(t *testing.T) {
	o := orderStory(t)
	ctx := t.Context()
	if _, err := o.Restore(ctx, eve, "order", docID(1)); err != nil {
		t.Fatal(err)
	}
	taken := map[string]string{}
	for _, event := range eventsOf(t, o.Engine, olga, "order", docID(1)) {
		for _, f := range event.Fields {
			doc, err := o.TakeBack(ctx, eve, "order", docID(1), event.Place, f.Field)
			if len(f.Losses) == 0 {
				wantCode(t, err, collections.Invalid)
				continue
			}
			if err != nil {
				taken[f.Field] = err.Error()
				continue
			}
			taken[f.Field] = crdt.Canonical(doc.Value[f.Field])
		}
	}
	want := map[string]string{
		"status": `"in_progress"`, "due": `"2026-03-05"`, "address": `{"city":"Wien","street":"Ring 1"}`, "place": `{"lat":48.2,"lon":16.4}`,
		"title": "", "reading": "can only be raised", "earliest": "can only be lowered", "parts": "",
	}
	for field, got := range taken {
		wanted, known := want[field]
		if !known || !strings.Contains(got, wanted) {
			t.Errorf("%s was taken back as %s, want %q", field, got, wanted)
		}
	}
	if len(taken) < 6 {
		t.Errorf("only %s were lost: the story proves too little", asJSON(t, taken))
	}
	events := eventsOf(t, o.Engine, olga, "order", docID(1))
	if last := events[len(events)-1]; last.By != "eve" || last.Fields[0].Lost {
		t.Errorf("the last event is %s", asJSON(t, last))
	}
}

// Ensure nobody takes back what they may not write or see.
func TestTakeBack_OneDoor(t *testing.T) {
	o := orderStory(t)
	var place string
	for _, event := range eventsOf(t, o.Engine, olga, "order", docID(1)) {
		for _, f := range event.Fields {
			if f.Field == "status" && len(f.Losses) > 0 {
				place = event.Place
			}
		}
	}
	o.rule("order", `{"roles":{"worker":{"readOnly":["status"]}}}`)
	_, err := o.TakeBack(t.Context(), wim, "order", docID(1), place, "status")
	wantCode(t, err, collections.Forbidden)
	o.rule("order", `{"roles":{"worker":{"hidden":["status"]}}}`)
	_, err = o.TakeBack(t.Context(), wim, "order", docID(1), place, "status")
	hidden := wantCode(t, err, collections.Invalid)
	_, err = o.TakeBack(t.Context(), wim, "order", docID(1), place, "title")
	if e := wantCode(t, err, collections.Invalid); e.Message.String() != hidden.Message.String() {
		t.Errorf("a hidden field answers %q, one without a loss %q", hidden.Message, e.Message)
	}
}

// Ensure a return to any moment makes the record what it was then, but for what cannot go
// back, as one change that says so beforehand and takes nothing out of the history.
func TestRestoreTo(t *testing.T) {
	ctx := t.Context()
	places := eventsOf(t, orderStory(t).Engine, olga, "order", docID(1))
	for i := range places {
		t.Run(fmt.Sprint("to event ", i), func(t *testing.T) {
			o := orderStory(t)
			before := eventsOf(t, o.Engine, olga, "order", docID(1))
			place := before[i].Place
			moment, err := o.At(ctx, eve, "order", docID(1), place)
			if err != nil {
				t.Fatal(err)
			}
			preview, err := o.PreviewRestore(ctx, eve, "order", docID(1), place)
			if moment.Deleted {
				wantCode(t, err, collections.Invalid)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			done, err := o.RestoreTo(ctx, eve, "order", docID(1), place)
			if err != nil {
				t.Fatal(err)
			}
			if asJSON(t, done) != asJSON(t, preview) {
				t.Errorf("it was foretold as\n%s, and was\n%s", asJSON(t, preview), asJSON(t, done))
			}
			now, err := o.Get(ctx, eve, "order", docID(1))
			if err != nil {
				t.Fatal(err)
			}
			stays := map[string]bool{}
			for _, f := range done.Fields {
				stays[f.Field] = !f.Stays.IsEmpty()
				if !f.Stays.IsEmpty() && f.Field != "reading" && f.Field != "earliest" && f.Field != "number" {
					t.Errorf("%s stays: %s", f.Field, f.Stays)
				}
			}
			for _, value := range []map[string]any{now.Value, moment.Value} {
				for key := range value {
					if !stays[key] && !crdt.EqualValues(now.Value[key], moment.Value[key]) {
						t.Errorf("%s is %v, and was %v", key, now.Value[key], moment.Value[key])
					}
				}
			}
			after := eventsOf(t, o.Engine, olga, "order", docID(1))
			wrote := 0
			if done.Changes() {
				wrote = 1
			}
			if len(after) != len(before)+wrote || asJSON(t, after[:len(before)]) != asJSON(t, before) {
				t.Errorf("the history had %d events and has %d", len(before), len(after))
			}
			if again, err := o.RestoreTo(ctx, eve, "order", docID(1), place); err != nil || again.Changes() {
				t.Errorf("a second time it does %s, %v", asJSON(t, again), err)
			}
		})
	}
}

// Ensure a return brings a record out of the trash, leaves alone what is hidden, and what
// today's type does not allow.
func TestRestoreTo_WhatStays(t *testing.T) {
	d := openDepot(t)
	id := d.order(1, `{"title":"Pump","status":"open","secret":"one","notes":"leaks"}`)
	place := eventsOf(t, d.Engine, olga, "order", id)[0].Place
	d.patch(olga, "order", id, `{"title":"Pump 4","status":"done","secret":"two","notes":"leaks oil"}`)
	d.publish("order", strings.Replace(orderSchema, `"enum": ["open", "in_progress", "done"]`, `"enum": ["in_progress", "done"]`, 1))
	if err := d.Delete(t.Context(), olga, "order", id); err != nil {
		t.Fatal(err)
	}
	d.rule("order", `{"roles":{"editor":{"hidden":["secret"],"readOnly":["notes"]}}}`)
	done, err := d.RestoreTo(t.Context(), eve, "order", id, place)
	if err != nil || !done.Wakes || strings.Contains(asJSON(t, done), "secret") {
		t.Fatalf("it did %s, %v", asJSON(t, done), err)
	}
	if got, want := crdt.Canonical(d.document("order", id).Value()), `{"notes":"leaks oil","secret":"two","status":"done","title":"Pump"}`; got != want || d.document("order", id).Deleted() {
		t.Errorf("it is %s, want %s", got, want)
	}
	stays := map[string]string{}
	for _, f := range done.Fields {
		stays[f.Label] = f.Stays.String()
	}
	if stays["Title"] != "" || !strings.Contains(stays["Status"], "in_progress") || !strings.Contains(stays["Notes"], "may not write") || len(stays) != 3 {
		t.Errorf("it says %s", asJSON(t, stays))
	}
	_, err = d.RestoreTo(t.Context(), collections.Actor{User: "t", Name: "t", Role: collections.Worker, Scopes: []string{"read"}}, "order", id, place)
	wantCode(t, err, collections.Forbidden)
	d.checkReplay("order")
}

// Ensure a moment that was folded away is none, and those after it are as they were.
func TestAt_Folded(t *testing.T) {
	d := openDepotKeeping(t, storetest.Memory(), time.Hour)
	d.publish("order", orderSchema)
	id := d.order(1, `{"title":"one"}`)
	d.millis.Add(10 * hour)
	d.patch(olga, "order", id, `{"title":"two"}`)
	d.millis.Add(30 * 60_000)
	d.patch(olga, "order", id, `{"title":"three"}`)
	d.millis.Add(45 * 60_000)
	d.patch(olga, "order", id, `{"title":"four"}`)
	events := eventsOf(t, d.Engine, olga, "order", id)
	if _, err := d.Fold(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	left := 0
	for i, event := range events {
		moment, err := d.At(t.Context(), olga, "order", id, event.Place)
		if err != nil {
			wantCode(t, err, collections.Invalid)
			continue
		}
		left++
		if want := []string{"one", "two", "three", "four"}[i]; moment.Value["title"] != want {
			t.Errorf("at event %d it is %v", i, moment.Value)
		}
	}
	if told := eventsOf(t, d.Engine, olga, "order", id); left != len(told) || left == 0 || left == len(events) {
		t.Errorf("of %d moments %d are left, history tells %d", len(events), left, len(told))
	}
}

// Ensure one click settles a conflict, and never over a value that nobody has seen.
func TestPick(t *testing.T) {
	o := openOffice(t)
	o.publish("order", storySchema)
	a, b := o.phone(wim, 0xa), o.phone(wilo, 0xb)
	a.push(a.edit(1, putting(t, `{"title":"Pump","parts":[{"name":"Seal"}]}`)))
	a.pull()
	b.pull()
	c := o.phone(wim, 0xc)
	c.pull()
	a.push(a.edit(2, putting(t, `{"priority":"high"}`)))
	b.push(b.edit(3, putting(t, `{"priority":"low"}`)))
	d, err := o.Get(t.Context(), eve, "order", docID(1))
	if err != nil || len(d.Disagreements) != 1 {
		t.Fatalf("it is %s, %v", asJSON(t, d), err)
	}
	var seen []string
	high := ""
	for _, v := range d.Disagreements[0].Values {
		seen = append(seen, v.ID.String())
		if v.Value == "high" {
			high = v.ID.String()
		}
	}
	who, err := o.Choosers(t.Context(), eve, "order", docID(1))
	if err != nil || len(who) != 2 || who[high].By != "wim" {
		t.Errorf("who chose: %s, %v", asJSON(t, who), err)
	}
	pick := func(a collections.Actor, choice string, seen []string) (*collections.Document, error) {
		return o.Pick(t.Context(), a, "order", docID(1), []string{"priority"}, choice, seen)
	}
	c.push(c.edit(4, putting(t, `{"priority":"urgent"}`)))
	_, err = pick(eve, high, seen)
	wantCode(t, err, collections.Exists)
	d, _ = o.Get(t.Context(), eve, "order", docID(1))
	seen = nil
	for _, v := range d.Disagreements[0].Values {
		seen = append(seen, v.ID.String())
	}
	o.rule("order", `{"roles":{"worker":{"hidden":["priority"]}}}`)
	_, err = pick(wim, high, seen)
	wantCode(t, err, collections.Forbidden)
	if who, err := o.Choosers(t.Context(), wim, "order", docID(1)); err != nil || len(who) != 0 {
		t.Errorf("wim hears who chose what he cannot see: %s, %v", asJSON(t, who), err)
	}
	d, err = pick(eve, high, seen)
	if err != nil || d.Value["priority"] != "high" || len(d.Disagreements) != 0 {
		t.Errorf("picked it is %s, %v", asJSON(t, d), err)
	}
	_, err = pick(eve, high, seen)
	wantCode(t, err, collections.Exists)
}
