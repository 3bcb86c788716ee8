package collections_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// Ensure two devices that worked apart have the same documents when both have synced.
func TestSync_TwoDevices(t *testing.T) {
	d := openDepot(t)
	a, b := d.device(wim, 0xa), d.device(wilo, 0xb)
	id := docID(1)
	a.put("order", id, `{"title":"Pump 4","status":"open","notes":"leaks","tags":["urgent"],"parts":[{"name":"seal","qty":2}]}`)
	a.sync()
	b.sync()
	a.put("order", id, `{"status":"in_progress","hours":2}`)
	b.put("order", id, `{"notes":"leaks badly","hours":1.5}`)
	a.sync()
	b.sync()
	a.sync()
	key := collections.Key{Type: "order", ID: id}
	want := `{"hours":3.5,"notes":"leaks badly","parts":[{"name":"seal","qty":2}],"status":"in_progress","tags":["urgent"],"title":"Pump 4"}`
	for _, v := range []*device{a, b} {
		if got := crdt.Canonical(v.confirmed[key].Value()); got != want {
			t.Errorf("device %s has %s\nwant %s", v.replica, got, want)
		}
		if len(v.refused) > 0 {
			t.Errorf("refused: %v", v.refused)
		}
	}
	d.checkReplay("order")
}
