package collections_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// countingStore counts the items of devices that are written.
type countingStore struct {
	collections.Store
	written atomic.Int64
}

func (s *countingStore) PutItem(ctx context.Context, item collections.Item) error {
	if item.Kind == "device" {
		s.written.Add(1)
	}
	return s.Store.PutItem(ctx, item)
}

// tell is a sync in which a device says something about itself.
func (d *depot) tell(a collections.Actor, replica crdt.Replica, cursor string, report *collections.DeviceReport) string {
	d.Helper()
	answer, err := d.Sync(d.Context(), a, &collections.SyncRequest{
		Replica: replica, Cursor: cursor, Device: report, Credential: "c-" + a.Name, Enrolled: true,
	})
	if err != nil {
		d.Fatalf("sync: %v", err)
	}
	return answer.Cursor
}

func (d *depot) devices(a collections.Actor) []*collections.Device {
	d.Helper()
	list, err := d.Devices(d.Context(), a)
	if err != nil {
		d.Fatalf("devices: %v", err)
	}
	return list
}

// Ensure what a device says is seen at once, written once a minute, and still there
// after a restart.
func TestDevices_Kept(t *testing.T) {
	store := &countingStore{Store: storetest.Memory()}
	d := openDepotOn(t, store)
	d.publish("order", orderSchema)
	first := d.millis.Load()
	for i := range 20 {
		d.millis.Add(1000)
		d.tell(wim, 0xa, "", &collections.DeviceReport{Label: "Wim's phone", App: "field 1.2", Unsent: 20 - i, Oldest: first, Types: map[string]int{"order": 1}})
	}
	want := []*collections.Device{{
		Replica: 0xa, User: wim.User, Name: "wim", Credential: "c-wim", Enrolled: true,
		First: first + 1000, Seen: first + 20_000, Given: map[string]int{"order": 1}, Reported: true,
		Report: collections.DeviceReport{Label: "Wim's phone", App: "field 1.2", Unsent: 1, Oldest: first, Types: map[string]int{"order": 1}},
	}}
	if diff := cmp.Diff(want, d.devices(dana)); diff != "" {
		t.Errorf("before it is written: %s", diff)
	}
	if n := store.written.Load(); n != 0 {
		t.Errorf("%d writes before a minute was over", n)
	}
	for range 3 { // twice for nothing
		if err := d.WriteDevices(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := store.written.Load(); n != 1 {
		t.Errorf("20 syncs in a minute cost %d writes, want 1", n)
	}
	d.open()
	if diff := cmp.Diff(want, d.devices(dana)); diff != "" {
		t.Errorf("after a restart: %s", diff)
	}
	d.millis.Add(60_000)
	d.tell(wim, 0xa, "", nil) // an older program says nothing
	got := d.devices(dana)[0]
	if got.First != first+1000 || got.Seen != first+80_000 || got.Reported {
		t.Errorf("after another sync: %+v", got)
	}
}

// Ensure nobody writes over what is known of another's device, and each sees their own.
func TestDevices_OfEach(t *testing.T) {
	d := openDepot(t)
	d.tell(wim, 0xa, "", &collections.DeviceReport{Label: "Wim's", Unsent: 3})
	d.millis.Add(1)
	d.tell(wilo, 0xa, "", &collections.DeviceReport{Label: "not Wim's"})
	labels := func(a collections.Actor) (all string) {
		for _, v := range d.devices(a) {
			all += v.Name + ": " + v.Report.Label + "; "
		}
		return all
	}
	for _, c := range []struct {
		a    collections.Actor
		want string
	}{{olga, "wilo: not Wim's; wim: Wim's; "}, {dana, "wilo: not Wim's; wim: Wim's; "}, {wim, "wim: Wim's; "}, {eve, ""}} {
		if got := labels(c.a); got != c.want {
			t.Errorf("%s sees %q, want %q", c.a.Name, got, c.want)
		}
	}
	narrow := wim
	narrow.Scopes = []string{"read"}
	_, err := d.Devices(t.Context(), narrow)
	wantCode(t, err, collections.Forbidden)
	wantCode(t, d.ForgetDevice(t.Context(), dana, wim.User, crdt.Replica(0xa).String()), collections.Forbidden)
	if err := d.ForgetDevice(t.Context(), olga, wilo.User, crdt.Replica(0xa).String()); err != nil {
		t.Fatal(err)
	}
	if err := d.ForgetDevice(t.Context(), wim, wim.User, crdt.Replica(0xa).String()); err != nil {
		t.Fatal(err)
	}
	if got := labels(olga); got != "" {
		t.Errorf("forgotten, and still there: %s", got)
	}
}

// Ensure what devices make up stays small, and a device that was set up anew replaces
// what it was.
func TestDevices_Bounded(t *testing.T) {
	d := openDepot(t)
	many := map[string]int{"Not A Name": 1, "zero": 0}
	for i := range 1000 {
		many[fmt.Sprint("t", i)] = 1
	}
	d.tell(wim, 0xa, "", &collections.DeviceReport{Label: strings.Repeat("é", 101), App: "a\nb\x00c", Unsent: -4, Types: many})
	r := d.devices(wim)[0].Report
	if r.Label != strings.Repeat("é", 100) || r.App != "abc" || r.Unsent != 0 || len(r.Types) != collections.MaxSubscriptions {
		t.Errorf("kept %q, %q, %d and %d types", r.Label, r.App, r.Unsent, len(r.Types))
	}
	d.millis.Add(1)
	d.tell(wim, 0xb, "", nil)
	if err := d.WriteDevices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list := d.devices(wim); len(list) != 1 || list[0].Replica != 0xb {
		t.Errorf("one enrolled device is %d copies", len(list))
	}
	for i := range 250 {
		d.millis.Add(1)
		if _, err := d.Sync(t.Context(), wim, &collections.SyncRequest{Replica: crdt.Replica(0x1000 + i)}); err != nil {
			t.Fatal(err)
		}
		if i%60 == 0 {
			if err := d.WriteDevices(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := d.WriteDevices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.devices(olga)); n != 100 {
		t.Errorf("%d copies of one person are remembered, want 100", n)
	}
	d.millis.Add((401 * 24 * time.Hour).Milliseconds())
	d.tell(wim, 0xc, "", nil)
	if err := d.WriteDevices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list := d.devices(olga); len(list) != 1 || list[0].Replica != 0xc {
		t.Errorf("after more than a year %d copies are remembered", len(list))
	}
}

// Ensure a fleet tells who holds work from before the latest version, and who may.
func TestFleet(t *testing.T) {
	d := openDepot(t)
	holds := func(version, unsent int) *collections.DeviceReport {
		return &collections.DeviceReport{Unsent: unsent, Types: map[string]int{"order": version}}
	}
	wims := d.tell(wim, 0xa, "", holds(0, 0))
	eves := d.tell(eve, 0xb, "", holds(0, 0))
	d.tell(wilo, 0xc, "", holds(0, 0))
	d.publish("order", strings.Replace(orderSchema, `"Secret"`, `"Quite secret"`, 1))
	d.tell(wim, 0xa, wims, holds(1, 2)) // sends some, keeps two of before
	d.tell(eve, 0xb, eves, holds(1, 0)) // is level
	d.tell(olga, 0xd, "", holds(0, 0))  // new
	fleet, err := d.Fleet(t.Context(), dana, "order")
	if err != nil {
		t.Fatal(err)
	}
	names := func(list []*collections.Device) (names []string) {
		for _, v := range list {
			names = append(names, v.Name)
		}
		return names
	}
	if len(fleet.Devices) != 4 || !cmp.Equal(names(fleet.Unsent), []string{"wim"}) || !cmp.Equal(names(fleet.Away), []string{"wilo"}) {
		t.Errorf("%v have the type, %v hold work, %v are away", names(fleet.Devices), names(fleet.Unsent), names(fleet.Away))
	}
	_, err = d.Fleet(t.Context(), eve, "order")
	wantCode(t, err, collections.Forbidden)
	_, err = d.Fleet(t.Context(), dana, "none")
	wantCode(t, err, collections.NotFound)
}
