package collections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// world is a depot, devices and a network that loses, repeats and delays, all decided
// by one seed.
type world struct {
	*depot
	*rand.Rand
	devices []*device
	delayed []delayedRequest
	orders  []string
	resets  int
	forgets int
}

// delayedRequest is one that the network kept and brings a second time later.
type delayedRequest struct {
	actor   collections.Actor
	request *collections.SyncRequest
}

// newWorld makes people who see different things: everything, only what concerns them,
// without a field, and only what they asked for.
func newWorld(t *testing.T, seed uint64) *world {
	return populate(openDepotOn(t, storetest.Memory()), rand.New(rand.NewPCG(seed, 1)))
}

func populate(d *depot, random *rand.Rand) *world {
	w := &world{depot: d, Rand: random}
	w.publish("order", orderSchema)
	w.publish("site", `{"type":"object","properties":{"name":{"type":"string"}}}`)
	w.rule("order", `{"roles":{"worker":{
		"see": {"any":[{"field":"assignee","is":"$me"},{"field":"assignee","empty":true}]}, "hidden":["secret"]}}}`)
	w.devices = []*device{w.device(eve, 0xe1), w.device(eve, 0xe2), w.device(wim, 0xa1), w.device(wilo, 0xb1), w.device(wilo, 0xb2)}
	w.devices[1].subscribe = []collections.Subscription{{Type: "order", Where: where(d.T, `{"field":"status","not":"done"}`)}}
	w.devices[4].subscribe = []collections.Subscription{{Type: "site"}, {Type: "order", Where: where(d.T, `{"field":"tags","has":"red"}`)}}
	for _, v := range w.devices {
		v.skew = w.Int64N(2*hour) - hour
		w.roundTrip(v)
	}
	return w
}

// step lets one thing happen.
func (w *world) step() {
	w.millis.Add(w.Int64N(2000))
	v := w.devices[w.IntN(len(w.devices))]
	switch w.IntN(12) {
	case 0, 1, 2, 3, 4:
		w.editOrder(v)
	case 5:
		w.office()
	case 6:
		if len(w.delayed) > 0 {
			late := w.delayed[w.IntN(len(w.delayed))]
			// Whatever comes of it, nobody listens any more.
			_, _ = w.Sync(w.Context(), late.actor, late.request)
		}
	default:
		w.roundTrip(v)
	}
}

// roundTrip is one request of a device, of which anything may get lost.
func (w *world) roundTrip(v *device) {
	w.Helper()
	request := v.request(1 + w.IntN(5))
	switch w.IntN(6) {
	case 0: // lost on the way there
		return
	case 1: // sent twice at once
		_, _ = w.Sync(w.Context(), v.actor, request)
	case 2: // kept, and brought again when it is old
		w.delayed = append(w.delayed, delayedRequest{v.actor, request})
	}
	answer, err := w.Sync(w.Context(), v.actor, request)
	if err != nil {
		w.Fatalf("sync of %s: %v", v.replica, err)
	}
	if w.IntN(6) == 0 {
		return // lost on the way back
	}
	if answer.Reset {
		w.resets++
	}
	w.forgets += len(answer.Forget)
	v.take(answer)
}

// editOrder lets a device make an order, or change one it has.
func (w *world) editOrder(v *device) {
	var known []string
	for _, id := range w.orders {
		if doc := v.view(collections.Key{Type: "order", ID: id}); doc.Exists() {
			known = append(known, id)
		}
	}
	if len(known) == 0 || w.IntN(6) == 0 {
		id := docID(len(w.orders) + 1)
		w.orders = append(w.orders, id)
		v.put("order", id, fmt.Sprintf(`{"title":"order %d","notes":"abc","tags":["red"]}`, len(w.orders)))
		return
	}
	v.edit("order", known[w.IntN(len(known))], func(e *crdt.Editor) error { return w.change(e) })
}

// change makes some edit.
func (w *world) change(e *crdt.Editor) error {
	value := e.Value()
	text, _ := value["notes"].(string)
	one := func(choices ...any) any { return choices[w.IntN(len(choices))] }
	switch w.IntN(9) {
	case 0:
		return e.Put([]string{"status"}, one("open", "in_progress", "done"))
	case 1:
		return e.Put([]string{"assignee"}, one("wim", "wilo", ""))
	case 2:
		at := w.IntN(len([]rune(text)) + 1)
		return e.Splice([]string{"notes"}, at, 0, one("x", "yy", "zzz").(string))
	case 3:
		if runes := len([]rune(text)); runes > 0 {
			return e.Splice([]string{"notes"}, w.IntN(runes), 1, "")
		}
		return nil
	case 4:
		return e.Add([]string{"hours"}, one(1.0, -0.5, 2.25).(float64))
	case 5:
		if w.IntN(2) == 0 {
			return e.Exclude([]string{"tags"}, one("red", "blue"))
		}
		return e.Include([]string{"tags"}, one("red", "blue"))
	case 6:
		return insertRow(e, one("seal", "bolt").(string))
	case 7:
		if w.IntN(3) == 0 {
			e.Delete()
		}
		return nil
	default:
		return e.Put([]string{"title"}, fmt.Sprint("title ", w.IntN(100)))
	}
}

// office lets somebody at a desk change something.
func (w *world) office() {
	if len(w.orders) == 0 {
		return
	}
	id := w.orders[w.IntN(len(w.orders))]
	var err error
	switch w.IntN(4) {
	case 0:
		err = w.Delete(w.Context(), olga, "order", id)
	case 1:
		_, err = w.Restore(w.Context(), olga, "order", id)
	default:
		_, err = w.Patch(w.Context(), olga, "order", id, map[string]any{"secret": fmt.Sprint(w.IntN(9)), "assignee": "wim"})
	}
	if err != nil {
		wantCode(w, err, collections.NotFound) // nobody has sent it yet
	}
}

// settle syncs everybody until nobody has anything to say.
func (w *world) settle() {
	w.Helper()
	for range 2 { // the second time brings what the others sent in the first
		for _, v := range w.devices {
			v.sync()
			if len(v.pending) > 0 {
				w.Fatalf("%s still has %d changes to send", v.replica, len(v.pending))
			}
		}
	}
}

// check compares what a device has with what the server has for it.
func (w *world) check(v *device) {
	w.Helper()
	grant, err := w.Grant(v.actor, "order")
	if err != nil {
		w.Fatal(err)
	}
	want := map[collections.Key]*crdt.Document{}
	for _, record := range w.records("order") {
		doc := w.document("order", record.ID)
		if !grant.See.Match(doc.Value()) {
			continue
		}
		shown := v.subscribe == nil
		for _, s := range v.subscribe {
			shown = shown || s.Type == "order" && s.Where.Match(doc.Value())
		}
		if shown {
			for key := range grant.Hidden {
				doc = doc.Without(key)
			}
			want[record.Key] = doc
		}
	}
	for key, doc := range v.confirmed {
		if want[key] == nil && (w.keep == 0 || !doc.Deleted()) {
			w.Errorf("%s has %s, which is not for it: %s", v.replica, key.ID, crdt.Canonical(doc.Value()))
		}
	}
	for key, doc := range want {
		if v.confirmed[key] == nil {
			w.Errorf("%s lacks %s: %s", v.replica, key.ID, crdt.Canonical(doc.Value()))
			continue
		}
		if got, wanted := crdt.Canonical(v.confirmed[key].Value()), crdt.Canonical(doc.Value()); got != wanted {
			w.Errorf("%s has %s as\n%s\nthe server as\n%s", v.replica, key.ID, got, wanted)
		}
		if v.confirmed[key].Deleted() != doc.Deleted() {
			w.Errorf("%s has %s deleted %v, the server %v", v.replica, key.ID, v.confirmed[key].Deleted(), doc.Deleted())
		}
		_, meta := v.confirmed[key].Encode()
		if _, wanted := doc.Encode(); string(meta) != string(wanted) && grant.Hidden == nil && w.keep == 0 {
			w.Errorf("%s has another meta of %s than the server", v.replica, key.ID)
		}
	}
}

// checkAcks holds that every acknowledged change is in the log, once, as acknowledged.
func (w *world) checkAcks() {
	w.Helper()
	logged := map[string]crdt.Time{}
	for _, entry := range w.log() {
		if entry.Change == nil {
			continue
		}
		name := fmt.Sprint(entry.Change.Replica, "/", entry.Change.N)
		if _, twice := logged[name]; twice {
			w.Errorf("change %s is in the log twice", name)
		}
		logged[name] = entry.Change.Stamp
	}
	for _, v := range w.devices {
		for n, stamp := range v.acked {
			if logged[fmt.Sprint(v.replica, "/", n)] != stamp {
				w.Errorf("change %s/%d was acknowledged with %v, the log has %v", v.replica, n, stamp, logged[fmt.Sprint(v.replica, "/", n)])
			}
		}
	}
}

// Ensure that whatever the network does, at the end everybody has exactly what they
// may see, as the server has it, and every acknowledged change counted once.
func TestWorld_FaultyNetwork(t *testing.T) {
	worlds := 60
	if testing.Short() {
		worlds = 10
	}
	resets, forgets := 0, 0
	for seed := range worlds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWorld(t, uint64(seed))
			for range 150 {
				w.step()
			}
			w.settle()
			for _, v := range w.devices {
				w.check(v)
			}
			w.checkAcks()
			w.checkReplay("order")
			resets, forgets = resets+w.resets, forgets+w.forgets
		})
	}
	if resets == 0 || forgets == 0 {
		t.Errorf("the worlds had %d resets and %d documents to forget: they prove too little", resets, forgets)
	}
}

// Ensure the same holds when everybody works at once.
func TestWorld_Concurrent(t *testing.T) {
	w := newWorld(t, 1)
	var people sync.WaitGroup
	for i, v := range w.devices {
		people.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 2))
			alone := &world{depot: w.depot, Rand: random, devices: []*device{v}}
			for n := range 40 {
				id := docID(100*i + n/4)
				if n%4 == 0 {
					alone.orders = append(alone.orders, id)
					v.put("order", id, `{"title":"new","notes":"abc"}`)
				}
				alone.editOrder(v)
				answer, err := w.Sync(context.Background(), v.actor, v.request(7))
				if err != nil {
					t.Errorf("sync of %s: %v", v.replica, err)
					return
				}
				v.take(answer)
				alone.orders = slices.Clone(alone.orders)
				for key := range v.confirmed {
					if !slices.Contains(alone.orders, key.ID) {
						alone.orders = append(alone.orders, key.ID)
					}
				}
			}
		})
	}
	people.Wait()
	if t.Failed() {
		return
	}
	w.settle()
	for _, v := range w.devices {
		w.check(v)
	}
	w.checkAcks()
	w.checkReplay("order")
}
