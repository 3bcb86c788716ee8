package collections_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// TestFollow_EveryChange lets a world of devices write, reads it by followers that are
// made anew at random, and compares each change with a plain replay of the log.
func TestFollow_EveryChange(t *testing.T) {
	for seed := range uint64(25) {
		w := newWorld(t, seed)
		cursor := startOfLog(w.depot)
		var told []*collections.Followed
		f := follow(t, w.depot, olga, cursor, collections.FollowOptions{})
		for range 300 {
			w.step()
			if w.IntN(4) > 0 {
				continue
			}
			list, _, err := f.Next(t.Context(), 1+w.IntN(5))
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			told = append(told, list...)
			if w.IntN(5) == 0 {
				at := f.Cursor()
				if len(list) > 0 {
					drop := w.IntN(len(list)) // crashed in the midst of them
					told = told[:len(told)-drop]
					at = list[len(list)-1-drop].Cursor
				}
				f = follow(t, w.depot, olga, at, collections.FollowOptions{})
			}
		}
		told = append(told, drain(t, f)...)
		compareReplay(t, seed, w.depot, told)
	}
}

// startOfLog is a cursor before all that was written.
func startOfLog(d *depot) string {
	f := follow(d.T, d, olga, "", collections.FollowOptions{})
	return f.CursorAt(collections.Position{"main": 0})
}

func follow(t *testing.T, d *depot, a collections.Actor, cursor string, o collections.FollowOptions) *collections.Follower {
	t.Helper()
	f, err := d.Follow(a, cursor, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// drain reads to the end of the log.
func drain(t *testing.T, f *collections.Follower) (all []*collections.Followed) {
	t.Helper()
	for {
		list, more, err := f.Next(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, list...)
		if !more {
			return all
		}
	}
}

// compareReplay holds what was told against the log.
func compareReplay(t *testing.T, seed uint64, d *depot, told []*collections.Followed) {
	t.Helper()
	docs := map[collections.Key]*crdt.Document{}
	for _, entry := range d.log() {
		if entry.Kind != collections.EntryChange {
			continue
		}
		key := collections.Key{Type: entry.Type, ID: entry.Change.Doc}
		if docs[key] == nil {
			docs[key] = crdt.NewDocument()
		}
		before, was := docs[key].Value(), docs[key].Deleted()
		existed := docs[key].Exists()
		if _, err := docs[key].Apply(entry.Change); err != nil {
			t.Fatal(err)
		}
		after, is := docs[key].Value(), docs[key].Deleted()
		if len(told) == 0 || told[0].N != entry.N {
			if !crdt.EqualValues(before, after) || was != is {
				t.Fatalf("seed %d: entry %d changed %v and was not told", seed, entry.N, key)
			}
			continue
		}
		got := told[0]
		told = told[1:]
		if got.ID != key.ID || got.By != entry.By || !crdt.EqualValues(got.Value, after) || got.Deleted != is {
			t.Fatalf("seed %d: entry %d was told as\n%+v\nit made\n%v", seed, entry.N, got, after)
		}
		want := "changed"
		switch {
		case !existed:
			want = "created"
		case is && !was:
			want = "deleted"
		case was && !is:
			want = "restored"
		}
		if got.Did != want && !(is && was) {
			t.Fatalf("seed %d: entry %d is told as %q, it %s", seed, entry.N, got.Did, want)
		}
	}
	if len(told) > 0 {
		t.Fatalf("seed %d: %d changes were told that are not in the log, or twice", seed, len(told))
	}
}

// TestFollow_Folded: when history is folded before it was read, the follower goes on
// where the log begins, says so once, and gives the records as they are.
func TestFollow_Folded(t *testing.T) {
	d := openDepotKeeping(t, storetest.Memory(), keepDays)
	d.publish("order", orderSchema)
	start := startOfLog(d)
	id := d.create(eve, "order", `{"title":"old"}`)
	f := follow(t, d, olga, start, collections.FollowOptions{})
	drain(t, f)
	d.millis.Add(2 * keepDays.Milliseconds())
	d.patch(eve, "order", id, `{"title":"new"}`)
	if _, err := d.Fold(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	d.patch(eve, "order", id, `{"status":"done"}`)
	for name, f := range map[string]*collections.Follower{
		"who had read it": f, "who comes anew": follow(t, d, olga, start, collections.FollowOptions{}),
	} {
		var fields []string
		for _, one := range drain(t, f) {
			for _, event := range one.Fields {
				fields = append(fields, fmt.Sprintf("%s %v>%v", event.Field, event.Before, event.After))
			}
		}
		if want := []string{"title old>new", "status <nil>>done"}; !slices.Equal(fields, want) {
			t.Errorf("%s hears %q, want %q", name, fields, want)
		}
		if lost := f.Lost(); lost != (name == "who comes anew") || f.Lost() {
			t.Errorf("%s: lost is %v", name, lost)
		}
	}
}

// TestFollow_OtherHistory: a cursor from before a restore goes on at the end.
func TestFollow_OtherHistory(t *testing.T) {
	d, other := openDepot(t), openDepotOn(t, storetest.Memory())
	d.create(eve, "order", `{"title":"x"}`)
	cursor := follow(t, other, olga, "", collections.FollowOptions{}).Cursor()
	f := follow(t, d, olga, cursor, collections.FollowOptions{})
	if list := drain(t, f); len(list) != 0 || !f.Lost() {
		t.Errorf("told %v", list)
	}
	if _, err := d.Follow(olga, "nonsense", collections.FollowOptions{}); err == nil {
		t.Error("a cursor that is none was taken")
	}
}

// TestFollow_Sight: who sees less hears less, and nothing of hidden fields.
func TestFollow_Sight(t *testing.T) {
	d := openDepot(t)
	d.rule("order", `{"roles":{"worker":{"see":{"field":"assignee","is":"$me"},"hidden":["secret"]}}}`)
	start := startOfLog(d)
	d.create(eve, "order", `{"title":"hers","assignee":"eve","secret":"s"}`)
	id := d.create(eve, "order", `{"title":"his","assignee":"wim","secret":"s"}`)
	d.patch(eve, "order", id, `{"secret":"t"}`)
	list := drain(t, follow(t, d, wim, start, collections.FollowOptions{}))
	if len(list) != 1 || list[0].ID != id || list[0].Value["secret"] != nil || list[0].Value["title"] != "his" {
		t.Errorf("wim hears %+v", list)
	}
	if list := drain(t, follow(t, d, olga, start, collections.FollowOptions{Types: []string{"site"}})); len(list) != 0 {
		t.Errorf("of other types: %+v", list)
	}
}

// TestFollow_Alarms: a record that comes to need attention is told once.
func TestFollow_Alarms(t *testing.T) {
	d := openDepotOn(t, storetest.Memory())
	d.publish("order", storySchema)
	start := startOfLog(d)
	hers, his := d.device(eve, 0xe1), d.device(wim, 0xa1)
	hers.put("order", docID(1), `{"title":"fine"}`)
	hers.sync()
	his.sync()
	hers.put("order", docID(1), `{"priority":"high"}`)
	his.put("order", docID(1), `{"priority":"low"}`)
	his.put("order", docID(1), `{"status":"open"}`)
	hers.sync()
	his.sync()
	his.put("order", docID(1), `{"priority":"urgent"}`)
	his.sync()
	var alarms []bool
	for _, one := range drain(t, follow(t, d, olga, start, collections.FollowOptions{Alarms: true})) {
		alarms = append(alarms, one.Alarm)
	}
	// A number is given right behind the creation.
	if want := []bool{false, false, false, true, false, false}; !slices.Equal(alarms, want) {
		t.Errorf("alarms %v, want %v", alarms, want)
	}
}

// TestFollow_Wait returns when there is more.
func TestFollow_Wait(t *testing.T) {
	d := openDepot(t)
	f := follow(t, d, olga, "", collections.FollowOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Wait(ctx); err == nil {
		t.Error("there was nothing to wait for")
	}
	d.create(eve, "order", `{"title":"x"}`)
	if err := f.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if list := drain(t, f); len(list) != 1 || list[0].Did != "created" {
		t.Errorf("told %+v", list)
	}
}
