package collections_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// Ensure numbers are given in order without gaps, whatever is refused, repeated or
// fails in between, and however many create at once.
func TestSerial_GapFree(t *testing.T) {
	d, store := openBroken(t)
	d.publish("job", numberedSchema)
	var people sync.WaitGroup
	for p := range 8 {
		people.Go(func() {
			replica := crdt.Replica(p + 1)
			actor := collections.Actor{User: fmt.Sprint(p), Name: "x", Role: collections.Worker}
			for i := range 10 {
				c := creation(replica, uint64(i+1), docID(100*p+i), "x")
				c.Type = "job"
				if i == 5 {
					c.Ops = c.Ops[:1] // refused: no title
				}
				for range 2 { // everything is sent twice
					if _, err := d.push(actor, replica, c); err != nil {
						t.Errorf("push: %v", err)
					}
				}
			}
		})
	}
	people.Wait()
	store.onCommit(func(context.Context, *collections.Batch) error { return errDisk })
	_, err := d.Create(t.Context(), olga, "job", "", map[string]any{"title": "lost"})
	wantCode(t, err, collections.Unavailable)
	store.onCommit(nil)
	d.create(olga, "job", `{"title":"desk"}`)
	d.checkNumbers("job", "number", 8*9+1)
	d.checkReplay("job")
}

// Ensure a device cannot give itself a number, and gets the server's with the next pull.
func TestSerial_IsTheServersWord(t *testing.T) {
	d := openDepot(t)
	d.publish("job", numberedSchema)
	v := d.device(wim, 0xa)
	v.sync()
	forged := creation(0xb, 1, docID(9), "x")
	forged.Type, forged.Ops = "job", append(forged.Ops, set("number", "WO-999"))
	results, err := d.push(wilo, 0xb, forged)
	if err != nil || results[0].OK || results[0].Error.Field != "/number" {
		t.Errorf("a number of one's own is answered %s, %v", asJSON(t, results), err)
	}
	_, err = d.Create(t.Context(), olga, "job", "", map[string]any{"title": "x", "number": "WO-999"})
	if e := wantCode(t, err, collections.Invalid); e.Field != "/number" {
		t.Errorf("over REST it is answered %v", e)
	}
	v.put("job", docID(1), `{"title":"Pump"}`)
	if got := v.view(collections.Key{Type: "job", ID: docID(1)}).Value()["number"]; got != nil {
		t.Errorf("not numbered yet, it is %v", got)
	}
	v.sync()
	if got := v.confirmed[collections.Key{Type: "job", ID: docID(1)}].Value()["number"]; got != "WO-001" {
		t.Errorf("after the sync it is %v", got)
	}
	// Replacing the whole value leaves the number alone.
	doc, err := d.Replace(t.Context(), olga, "job", docID(1), map[string]any{"title": "Pump 4"})
	if err != nil || doc.Value["number"] != "WO-001" {
		t.Errorf("replaced, it is %s, %v", asJSON(t, doc), err)
	}
}

// Ensure a record from before its type had numbers gets one when it is next written,
// and one in the trash does not.
func TestSerial_AddedLater(t *testing.T) {
	d := openDepot(t)
	d.publish("job", `{"type":"object","properties":{"title":{"type":"string"}}}`)
	old := d.create(olga, "job", `{"title":"old"}`)
	gone := d.create(olga, "job", `{"title":"gone"}`)
	d.publish("job", `{"type":"object","properties":{"title":{"type":"string"},"number":{"type":"string","x-serial":"N{0}-X"}}}`)
	if err := d.Delete(t.Context(), olga, "job", gone); err != nil {
		t.Fatal(err)
	}
	d.patch(olga, "job", old, `{"title":"old and edited"}`)
	fresh := d.create(olga, "job", `{"title":"fresh"}`)
	for id, want := range map[string]any{old: "N1-X", fresh: "N2-X", gone: nil} {
		if got := d.document("job", id).Value()["number"]; got != want {
			t.Errorf("%v has the number %v, want %v", d.document("job", id).Value()["title"], got, want)
		}
	}
	d.checkReplay("job")
}
