package collections_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/collections"
)

// The gauges tell what is there: of devices what they said last, of types no more than are
// asked for.
func TestGauges(t *testing.T) {
	d := openDepot(t)
	d.publish("order", `{"type":"object","properties":{"site":{"type":"string","x-unique":true}}}`)
	d.publish("place", `{"type":"object","properties":{"name":{"type":"string"}}}`)
	for range 3 {
		d.create(olga, "order", `{"site":"north"}`)
	}
	d.tell(wim, 0xa, "", &collections.DeviceReport{Unsent: 9, Oldest: 500})
	d.tell(wim, 0xa, "", &collections.DeviceReport{Unsent: 2, Oldest: 900, Refused: 1})
	d.tell(eve, 0xb, "", &collections.DeviceReport{Unsent: 5, Oldest: 700})
	d.tell(olga, 0xc, "", &collections.DeviceReport{})
	d.tell(dana, 0xd, "", nil)
	all := map[string]int{"order": 2, "place": 0}
	for types, attention := range map[int]map[string]int{0: {}, 1: {"order": 2}, 2: all, 3: all} {
		got, err := d.Gauges(t.Context(), types)
		if err != nil {
			t.Fatal(err)
		}
		want := &collections.Gauges{
			Devices: 4, DevicesUnsent: 2, Unsent: 7, UnsentMost: 5, UnsentOldest: 700, DeviceRefused: 1, Attention: attention,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("for %d types: -want +got:\n%s", types, diff)
		}
	}
}

// After counts what a cursor has not seen.
func TestAfter(t *testing.T) {
	d := openDepot(t)
	pull := func() string {
		answer, err := d.Pull(t.Context(), olga, "", nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		return answer.Cursor
	}
	cursor := pull()
	for want := range uint64(3) {
		if n := d.After(cursor); n != want {
			t.Errorf("after %d changes it counts %d", want, n)
		}
		d.create(olga, "order", `{"title":"x"}`)
	}
	for name, cursor := range map[string]string{"none": "", "no cursor": "x", "level": pull()} {
		if n := d.After(cursor); n != 0 {
			t.Errorf("%s: %d", name, n)
		}
	}
}
