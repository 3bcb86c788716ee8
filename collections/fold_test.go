package collections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

const (
	day      = 24 * hour            // ms
	keepDays = 400 * 24 * time.Hour // history is kept so long
)

// shadow is a store that remembers every entry that was ever committed, so that what is
// folded can be held against what it would be had nothing ever been.
type shadow struct {
	collections.Store
	mu      sync.Mutex
	entries []collections.Entry
}

func (s *shadow) Commit(ctx context.Context, b *collections.Batch) error {
	err := s.Store.Commit(ctx, b)
	if err == nil {
		s.mu.Lock()
		s.entries = append(s.entries, b.Entries...)
		s.mu.Unlock()
	}
	return err
}

// openArchive is openDepot on a shadow, keeping history for so long.
func openArchive(t *testing.T, keep time.Duration) (*depot, *shadow) {
	t.Helper()
	s := &shadow{Store: storetest.Memory()}
	d := openDepotKeeping(t, s, keep)
	d.publish("order", orderSchema)
	return d, s
}

// fold folds what is old by now.
func (d *depot) fold() collections.Folded {
	d.Helper()
	did, err := d.Fold(d.Context(), nil)
	if err != nil {
		d.Fatalf("fold: %v", err)
	}
	return did
}

// pass lets days pass.
func (d *depot) pass(days int) { d.millis.Add(int64(days) * day) }

// checkFolded holds every record against all that was ever written to it: it is the same
// as if nothing had been folded, and where there is none any more it was in the trash.
func (d *depot) checkFolded(s *shadow, typ string) {
	d.Helper()
	whole := map[collections.Key]*crdt.Document{}
	for _, entry := range s.entries {
		if entry.Change == nil {
			continue
		}
		key := collections.Key{Type: entry.Type, ID: entry.Change.Doc}
		if whole[key] == nil {
			whole[key] = crdt.NewDocument()
		}
		if effect, err := whole[key].Apply(entry.Change); err != nil || effect != crdt.Applied {
			d.Fatalf("entry %d on what was never folded: %v, %v", entry.N, effect, err)
		}
	}
	there := map[collections.Key]bool{}
	for _, record := range d.records(typ) {
		there[record.Key] = true
		want, _ := whole[record.Key].Encode()
		if string(want) != string(record.Value) || record.Deleted != whole[record.Key].Deleted() {
			d.Errorf("%s is\n%s (deleted %v), not folded it would be\n%s (deleted %v)", record.ID, record.Value, record.Deleted, want, whole[record.Key].Deleted())
		}
	}
	for key, doc := range whole {
		if key.Type == typ && !there[key] && !doc.Deleted() {
			d.Errorf("%s is gone and was not in the trash", key.ID)
		}
	}
}

// Ensure a fold takes the log away up to the floor and nothing else: values stay, what
// came since can be told, and a second fold has nothing to do.
func TestFold_LetsGoOfTheLog(t *testing.T) {
	d, s := openArchive(t, keepDays)
	old := d.create(olga, "order", `{"title":"Pump","status":"open","notes":"abc"}`)
	busy := d.create(olga, "order", `{"title":"Valve","status":"open"}`)
	gone := d.create(olga, "order", `{"title":"Hose"}`)
	late := d.create(olga, "order", `{"title":"Seal"}`)
	d.patch(olga, "order", busy, `{"status":"in_progress"}`)
	if err := d.Delete(t.Context(), olga, "order", gone); err != nil {
		t.Fatal(err)
	}
	if did := d.fold(); did != (collections.Folded{}) {
		t.Errorf("a fold with nothing old did %+v", did)
	}
	d.pass(401)
	last := d.log()
	d.patch(olga, "order", busy, `{"status":"done"}`)
	if err := d.Delete(t.Context(), olga, "order", late); err != nil {
		t.Fatal(err)
	}
	did := d.fold()
	if did.Entries != uint64(len(last)) || did.Purged != 1 {
		t.Errorf("it did %+v, want %d entries and 1 purged", did, len(last))
	}
	if log := d.log(); len(log) != 2 || log[0].Change.Doc != busy {
		t.Errorf("the log still has %d entries", len(log))
	}
	if _, err := d.Get(t.Context(), olga, "order", gone); err == nil {
		t.Error("what was in the trash for so long is there still")
	}
	if got := crdt.Canonical(d.document("order", old).Value()); got != `{"notes":"abc","status":"open","title":"Pump"}` {
		t.Errorf("the old order is %s", got)
	}
	d.checkFolded(s, "order")
	if did := d.fold(); did != (collections.Folded{}) {
		t.Errorf("a second fold did %+v", did)
	}
	if _, err := d.Restore(t.Context(), olga, "order", late); err != nil {
		t.Errorf("what was not in the trash for long cannot be taken out: %v", err)
	}
	d.restart()
	if did := d.fold(); did != (collections.Folded{}) {
		t.Errorf("a fold after a restart did %+v", did)
	}
	d.patch(olga, "order", old, `{"title":"Pump 4"}`)
	d.checkFolded(s, "order")
}

// restart closes the engine and opens it again; the store stays.
func (d *depot) restart() {
	d.Helper()
	store := d.store
	d.store = keepStore{store}
	d.open()
	d.store = store
}

// keepStore is a store that outlives its engine.
type keepStore struct{ collections.Store }

func (keepStore) Close() error { return nil }

// Ensure history tells what is left of it upon what was folded, page by page too, and
// says since when.
func TestFold_History(t *testing.T) {
	d, _ := openArchive(t, keepDays)
	d.publish("order", strings.Replace(orderSchema, `"done"`, `"closed", "done"`, 1))
	id := d.create(olga, "order", `{"title":"Pump","status":"open","notes":"abc"}`)
	begins := func() int64 {
		t.Helper()
		at, err := d.HistoryBegins(t.Context(), olga, "order", id)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	told := func(after string, limit int) (texts []string, next string) {
		t.Helper()
		events, next, err := d.History(t.Context(), olga, "order", id, "", after, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			texts = append(texts, fmt.Sprint(e.Fields[0].Before, ">", e.Fields[0].After))
		}
		return texts, next
	}
	if begins() != 0 {
		t.Error("history begins late before anything was folded")
	}
	d.pass(100)
	first := d.millis.Load()
	d.patch(olga, "order", id, `{"status":"in_progress"}`)
	_, place := told("", 1)
	for i, want := range []string{
		"[in_progress>closed closed>done]", // the first two are folded; what is told builds on them
		"[closed>done]",
		"[]",
		"[done>open]", // written to again, after all was folded
	} {
		switch i {
		case 0:
			d.pass(350)
			d.patch(olga, "order", id, `{"status":"closed"}`)
			d.pass(100)
			d.patch(olga, "order", id, `{"status":"done"}`)
		case 1:
			d.pass(350)
		case 2:
			d.pass(1000)
		case 3:
			d.patch(olga, "order", id, `{"status":"open"}`)
		}
		d.fold()
		if got, _ := told("", 0); fmt.Sprint(got) != want {
			t.Errorf("%d: history tells %s, want %s", i, got, want)
		}
		if got, _ := told(place, 0); fmt.Sprint(got) != want {
			t.Errorf("%d: after a place that is folded it tells %s, want %s", i, got, want)
		}
		if i == 0 && begins() != first {
			t.Errorf("it begins at %d, want %d", begins(), first)
		}
		if begins() == 0 {
			t.Errorf("%d: it does not say that something was folded", i)
		}
	}
	one, next := told("", 1)
	if len(one) != 1 || next != "" {
		t.Errorf("a page of one gives %v and %q", one, next)
	}
}

// Ensure that who knew all up to the floor merges as ever, with others who did too,
// whatever was folded meanwhile.
func TestFold_InsideTheAge(t *testing.T) {
	d, s := openArchive(t, keepDays)
	id := d.create(olga, "order", `{"title":"Pump","notes":"abc def","tags":["red"],"hours":1}`)
	d.patch(olga, "order", id, `{"notes":"abc xyz def","hours":2}`)
	v, w := d.device(eve, 0xe1), d.device(eve, 0xe2)
	v.sync()
	w.sync()
	d.pass(399)
	change := func(x *device, at int, text string) {
		x.edit("order", id, func(e *crdt.Editor) error {
			if err := e.Splice([]string{"notes"}, at, 0, text); err != nil {
				return err
			}
			return e.Add([]string{"hours"}, 1)
		})
	}
	change(v, 4, "one ")
	w.edit("order", id, func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 4, 4, "") })
	change(w, 4, "two ")
	d.pass(2)
	d.fold() // the floor is where both had read to
	w.sync()
	d.pass(300)
	d.fold()
	v.sync()
	w.sync()
	if v.outdated+w.outdated > 0 || len(v.refused)+len(w.refused) > 0 {
		t.Errorf("outdated %d and %d, refused %v and %v", v.outdated, w.outdated, v.refused, w.refused)
	}
	if got := d.document("order", id).Value(); got["hours"] != 4.0 || len(got["notes"].(string)) != len("abc one two def") {
		t.Errorf("the order is %s", crdt.Canonical(got))
	}
	d.checkFolded(s, "order")
	v.sync()
	for _, x := range []*device{v, w} {
		if got, want := crdt.Canonical(x.confirmed[collections.Key{Type: "order", ID: id}].Value()), crdt.Canonical(d.document("order", id).Value()); got != want {
			t.Errorf("%s has %s, the server %s", x.replica, got, want)
		}
	}
}

// Ensure a device from before the floor is told so, gets everything anew, and nothing of
// what it sends moves anything: it is for the device to make it anew.
func TestFold_Outdated(t *testing.T) {
	d, _ := openArchive(t, keepDays)
	id := d.create(olga, "order", `{"title":"Pump","hours":1}`)
	v := d.device(eve, 0xe1)
	v.sync()
	d.patch(olga, "order", id, `{"hours":2}`)
	v.put("order", id, `{"title":"Pump 4"}`)
	d.pass(401)
	d.create(olga, "order", `{"title":"Hose"}`)
	d.fold()
	before := d.dump("order")
	answer, err := d.Sync(t.Context(), v.actor, v.request(0))
	if err != nil {
		t.Fatal(err)
	}
	if answer.Outdated == nil || !answer.Reset || len(answer.Results) != 0 || len(answer.Documents) != 2 {
		t.Fatalf("answered %s", asJSON(t, answer))
	}
	if want := "This device was away for longer than the server keeps history (400 days). Its unsent work was put on top of the current records."; answer.Outdated.Message.String() != want || answer.Outdated.Keeps != 400*day {
		t.Errorf("it says %+v", answer.Outdated)
	}
	if after := d.dump("order"); after != before {
		t.Error("the push of an outdated device moved something")
	}
	// A live reader from there is told the same.
	if page, err := d.Pull(t.Context(), eve, v.cursor, nil, 0); err != nil || page.Outdated == nil || !page.Reset {
		t.Errorf("a live reader gets %s, %v", asJSON(t, page), err)
	}
	// A new device is not outdated, it has nothing.
	if page, err := d.Pull(t.Context(), eve, "", nil, 0); err != nil || page.Outdated != nil {
		t.Errorf("a new reader gets %s, %v", asJSON(t, page), err)
	}
	v.take(answer)
	v.put("order", id, `{"title":"Pump 5"}`)
	v.sync()
	if v.outdated != 1 || d.document("order", id).Value()["title"] != "Pump 5" {
		t.Errorf("outdated %d times, the order is %s", v.outdated, crdt.Canonical(d.document("order", id).Value()))
	}
}

// Ensure a push that is cut into parts is looked at part by part: when the floor passes
// the place that its changes were made at, the rest is not merged, though the cursor is
// new by then.
func TestFold_BetweenTwoParts(t *testing.T) {
	d, _ := openArchive(t, keepDays)
	id := d.create(olga, "order", `{"title":"Pump","hours":1}`)
	v := d.device(eve, 0xe1)
	v.sync()
	v.put("order", id, `{"title":"Pump 4"}`)
	v.put("order", id, `{"title":"Pump 5"}`)
	d.patch(olga, "order", id, `{"hours":2}`)
	part := v.request(0)
	part.Changes = part.Changes[:1]
	answer, err := d.Sync(t.Context(), v.actor, part)
	if err != nil || answer.Outdated != nil || !answer.Results[0].OK {
		t.Fatalf("answered %s, %v", asJSON(t, answer), err)
	}
	v.take(answer)
	d.pass(401)
	d.patch(olga, "order", id, `{"hours":3}`)
	d.fold()
	v.pullAlone()
	answer, err = d.Sync(t.Context(), v.actor, v.request(0))
	if err != nil || answer.Outdated == nil || len(answer.Results) != 0 {
		t.Fatalf("the second part is answered %s, %v", asJSON(t, answer), err)
	}
	// The first part again, its answer lost: it is known still.
	part.Cursor = answer.Cursor
	if answer, err = d.Sync(t.Context(), v.actor, part); err != nil || len(answer.Results) != 1 || answer.Results[0].Error == nil || answer.Results[0].Error.Code != collections.Unsure {
		t.Errorf("the first part again is answered %s, %v", asJSON(t, answer), err)
	}
	part.Since = ""
	if _, err = d.Sync(t.Context(), v.actor, part); err == nil {
		t.Error("a number of which nothing is known any more was taken from who must have known it")
	} else {
		wantCode(t, err, collections.ReplicaForked)
	}
}

// pullAlone brings the device level without sending anything.
func (v *device) pullAlone() {
	v.Helper()
	for {
		answer, err := v.Pull(v.Context(), v.actor, v.cursor, v.subscribe, 0)
		if err != nil {
			v.Fatal(err)
		}
		pending, since := v.pending, v.since
		v.take(answer)
		v.pending, v.since = pending, since
		if !answer.More {
			return
		}
	}
}

// Ensure a document that somebody wrote to who had not seen all up to the floor is left
// as it is, until the floor has passed that change too.
func TestFold_WaitsForWhoKnewLess(t *testing.T) {
	d, s := openArchive(t, keepDays)
	id := d.create(olga, "order", `{"title":"Pump","notes":"abcdefgh"}`)
	v := d.device(eve, 0xe1)
	v.sync()
	v.put("order", id, `{"title":"late"}`)
	d.patch(olga, "order", id, `{"notes":"ah"}`)
	d.pass(300)
	v.sync() // it did not know of the second
	d.pass(101)
	_, before := d.document("order", id).Encode()
	d.fold()
	if _, after := d.document("order", id).Encode(); string(after) != string(before) {
		t.Error("it was folded over somebody who had not seen it all")
	}
	d.checkFolded(s, "order")
	d.pass(300)
	d.fold()
	if _, after := d.document("order", id).Encode(); string(after) == string(before) {
		t.Error("it was not folded when the floor had passed that change too")
	}
	d.checkFolded(s, "order")
	if log := d.log(); len(log) != 0 {
		t.Errorf("the log still has %d entries", len(log))
	}
}

// Ensure what is purged is gone for everybody, and that who still has it is told so and
// drops it, keeping what was done to it.
func TestFold_PurgedAndAlive(t *testing.T) {
	d, s := openArchive(t, keepDays)
	d.publish("part", `{"type":"object","properties":{
		"code":{"type":"string","title":"Code","x-unique":true},"number":{"type":"string","x-serial":"P-{000}"}}}`)
	d.publish("use", `{"type":"object","properties":{"part":{"type":"string","title":"Part","x-ref":"part"}}}`)
	part := d.create(olga, "part", `{"code":"A"}`)
	use := d.create(olga, "use", fmt.Sprintf(`{"part":%q}`, part))
	v := d.device(eve, 0xe1)
	v.sync()
	if err := d.Delete(t.Context(), olga, "part", part); err != nil {
		t.Fatal(err)
	}
	d.pass(401)
	d.create(olga, "order", `{"title":"x"}`)
	v.sync() // told that it was away, and has it in the trash like everybody
	if did := d.fold(); did.Purged != 1 {
		t.Fatalf("it did %+v", did)
	}
	if got := d.problems("use", use); got != "x-ref /part" {
		t.Errorf("who refers to it has problems %q", got)
	}
	key := collections.Key{Type: "part", ID: part}
	w := d.device(eve, 0xe2) // has it in the trash still
	w.cursor, w.plans, w.versions = v.cursor, v.plans, v.versions
	w.confirmed[key] = v.confirmed[key].Clone()
	v.edit("part", part, func(e *crdt.Editor) error { e.Restore(); return nil })
	answer, err := d.Sync(t.Context(), v.actor, v.request(0))
	if err != nil || len(answer.Results) != 1 || len(answer.Forget) != 1 || answer.Forget[0] != key {
		t.Fatalf("answered %s, %v", asJSON(t, answer), err)
	}
	if e := answer.Results[0].Error; e == nil || e.Code != collections.NotFound {
		t.Errorf("taking it out of the trash is answered %+v", e)
	}
	v.take(answer)
	// Its value is free, its number is not given again, and its id may be used again.
	second, err := d.Create(t.Context(), olga, "part", part, map[string]any{"code": "A"})
	if err != nil || len(second.Problems) > 0 || second.Value["number"] != "P-002" {
		t.Errorf("made anew it is %s, %v", asJSON(t, second), err)
	}
	for _, x := range []*device{v, w} {
		x.sync()
		if got := crdt.Canonical(x.confirmed[key].Value()); got != `{"code":"A","number":"P-002"}` || x.confirmed[key].Deleted() {
			t.Errorf("device %s has %s", x.replica, got)
		}
	}
	if got := d.problems("use", use); got != "" {
		t.Errorf("who refers to it has problems %q", got)
	}
	d.checkFolded(s, "order")
}

// Ensure a record made with the id of one that is gone for good is a new one for those
// too who still have the old one in their trash.
func TestFold_IDUsedAgain(t *testing.T) {
	d, _ := openArchive(t, keepDays)
	key := collections.Key{Type: "order", ID: d.create(olga, "order", `{"title":"Pump","notes":"old"}`)}
	if err := d.Delete(t.Context(), olga, "order", key.ID); err != nil {
		t.Fatal(err)
	}
	v := d.device(eve, 0xe1)
	v.sync()
	d.pass(401)
	if did := d.fold(); did.Purged != 1 || !v.confirmed[key].Deleted() {
		t.Fatalf("it did %+v", did)
	}
	if _, err := d.Create(t.Context(), olga, "order", key.ID, map[string]any{"title": "Hose"}); err != nil {
		t.Fatal(err)
	}
	v.sync()
	if got := crdt.Canonical(v.confirmed[key].Value()); v.outdated > 0 || v.confirmed[key].Deleted() || got != `{"title":"Hose"}` {
		t.Errorf("the device has %s (deleted %v)", got, v.confirmed[key].Deleted())
	}
}

// Ensure that whatever people, devices and the network do, folding now and then changes
// nothing that anybody sees.
func TestFold_World(t *testing.T) {
	worlds := 40
	if testing.Short() {
		worlds = 8
	}
	purged, outdated, folded := uint64(0), 0, uint64(0)
	for seed := range worlds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			s := &shadow{Store: storetest.Memory()}
			w := populate(openDepotKeeping(t, s, 40*time.Second), rand.New(rand.NewPCG(uint64(seed), 3)))
			for range 250 {
				w.step()
				if w.IntN(25) == 0 {
					w.fold()
				}
			}
			w.settle()
			for _, v := range w.devices {
				w.check(v)
				outdated += v.outdated
			}
			w.checkFolded(s, "order")
			stats := w.Stats()
			purged, folded = purged+stats.Purged, folded+stats.Folded
		})
	}
	t.Logf("%d purged, %d folded, %d times outdated", purged, folded, outdated)
	if purged == 0 || outdated == 0 {
		t.Error("the worlds prove too little")
	}
}
