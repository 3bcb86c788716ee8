package collections_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

const (
	hour = int64(time.Hour / time.Millisecond)
	year = 365 * 24 * hour
)

// Ensure that whatever a device's clock says, nothing is refused, the log's stamps keep
// the device's own order, none is ahead of the server's time, and the past is kept.
func TestRestamp_SkewMatrix(t *testing.T) {
	skews := []int64{-50 * year, -year, -hour, -1, 0, 1, hour, year, 50 * year}
	for _, first := range skews {
		for _, second := range skews { // the clock jumps while the device runs
			t.Run(fmt.Sprintf("%d then %d", first, second), func(t *testing.T) {
				d := openDepot(t)
				v := d.device(wim, 0xa)
				v.put("order", docID(1), `{"title":"0"}`)
				v.sync()
				var sent []crdt.Time
				for i, skew := range []int64{first, first, second, second} {
					// Every change says what the device's clock says, wrong as it is.
					c := v.put("order", docID(1), fmt.Sprintf(`{"title":"%d"}`, i+1))
					c.Stamp = crdt.NewTime(d.millis.Load()+skew, uint16(i))
					sent = append(sent, c.Stamp)
				}
				results, err := d.push(wim, 0xa, v.pending...)
				if err != nil {
					t.Fatal(err)
				}
				last := v.acked[1]
				for i, result := range results {
					if !result.OK {
						t.Fatalf("change %d was refused: %v", i, result.Error)
					}
					if result.Stamp <= last {
						t.Errorf("change %d has stamp %v, the one before %v", i, result.Stamp, last)
					}
					if result.Stamp.Millis() > d.millis.Load() {
						t.Errorf("change %d has stamp %v, ahead of the server's time", i, result.Stamp)
					}
					if past := sent[i].Millis() <= d.millis.Load() && sent[i] > last; past && result.Stamp != sent[i] {
						t.Errorf("change %d was stamped %v, in the past and in order, and became %v", i, sent[i], result.Stamp)
					}
					last = result.Stamp
				}
				if got := d.document("order", docID(1)).Value()["title"]; got != "4" {
					t.Errorf("the title is %v, want the device's last word", got)
				}
			})
		}
	}
}

// Ensure a device far ahead does not win over what another wrote after it had arrived,
// and one far behind is not shut out.
func TestRestamp_TwoReplicas(t *testing.T) {
	d := openDepot(t)
	ahead, behind := d.device(wim, 0xa), d.device(wilo, 0xb)
	ahead.skew, behind.skew = 50*year, -50*year
	id := docID(1)
	title := func() any { return d.document("order", id).Value()["title"] }
	ahead.put("order", id, `{"title":"ahead"}`)
	ahead.sync()
	d.millis.Add(1000)
	d.patch(olga, "order", id, `{"title":"office"}`)
	if title() != "office" {
		t.Fatalf("the title is %v: the future wins for ever", title())
	}
	ahead.put("order", id, `{"title":"ahead again"}`)
	ahead.sync() // in the same millisecond: what arrives later is later
	if title() != "ahead again" {
		t.Errorf("the title is %v: brought back too far", title())
	}
	d.millis.Add(1000)
	behind.sync() // it sees what the others wrote, and its clock moves up to that
	behind.put("order", id, `{"title":"behind"}`)
	behind.sync()
	if title() != "behind" {
		t.Errorf("the title is %v: the past is shut out", title())
	}
	if len(ahead.refused)+len(behind.refused) > 0 {
		t.Errorf("refused: %v, %v", ahead.refused, behind.refused)
	}
}

// Ensure no stamp, however hostile, moves the server's clock or anybody else's beyond
// the server's time.
func TestRestamp_Poison(t *testing.T) {
	d := openDepot(t)
	id := d.create(olga, "order", `{"title":"Pump"}`)
	poison := []crdt.Time{
		crdt.NewTime(crdt.MaxMillis, 0xffff), crdt.NewTime(crdt.MaxMillis, 0), 1<<64 - 1, 1 << 63,
		crdt.NewTime(d.millis.Load(), 0xffff), crdt.NewTime(d.millis.Load()+1, 0), 0,
	}
	for i, stamp := range poison {
		c := &crdt.Change{Replica: 0xa, N: uint64(i + 1), Stamp: stamp, Type: "order", Version: 1, Doc: id, Ops: []crdt.Op{set("status", "open")}}
		if _, err := d.push(wim, 0xa, c); err != nil {
			t.Fatal(err)
		}
	}
	d.patch(olga, "order", id, `{"title":"Pump 4"}`)
	// All of this came in one millisecond, so only the counter may have moved; a full
	// one carries one millisecond over.
	for _, entry := range d.log() {
		if entry.Change != nil && entry.Change.Stamp.Millis() > d.millis.Load()+1 {
			t.Errorf("entry %d has stamp %v, the server's time is %v", entry.N, entry.Change.Stamp, crdt.NewTime(d.millis.Load(), 0))
		}
	}
}

// Ensure the laws of stamps hold for any sequence of pushes by two devices with clocks
// that do what they like, while the server's own clock is set back and forth.
func TestRestamp_Property(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := openDepot(t)
		defer d.Close(t.Context())
		id := d.create(olga, "order", `{"title":"Pump"}`)
		newest, stamped := d.millis.Load(), 1 // the server's latest time; changes that were stamped
		last, n := map[crdt.Replica]crdt.Time{}, map[crdt.Replica]uint64{}
		for range rapid.IntRange(1, 12).Draw(rt, "pushes") {
			replica := rapid.SampledFrom([]crdt.Replica{0xa, 0xb}).Draw(rt, "replica")
			d.millis.Add(rapid.SampledFrom([]int64{0, 0, 1, hour, -hour}).Draw(rt, "server"))
			newest = max(newest, d.millis.Load())
			var changes []*crdt.Change
			for range rapid.IntRange(1, 4).Draw(rt, "changes") {
				n[replica]++
				skew := rapid.SampledFrom([]int64{-50 * year, -1, 0, 1, hour, 50 * year}).Draw(rt, "skew")
				counter := rapid.SampledFrom([]uint16{0, 1, 0xffff}).Draw(rt, "counter")
				changes = append(changes, &crdt.Change{
					Replica: replica, N: n[replica], Stamp: crdt.NewTime(d.millis.Load()+skew, counter),
					Type: "order", Version: 1, Doc: id, Ops: []crdt.Op{set("status", "open")},
				})
			}
			results, err := d.push(collections.Actor{User: replica.String(), Name: "x", Role: collections.Editor}, replica, changes...)
			if err != nil {
				rt.Fatal(err)
			}
			for i, result := range results {
				stamped++
				if !result.OK || result.Stamp <= last[replica] {
					rt.Fatalf("%s/%d became %s after %v", replica, changes[i].N, asJSON(t, result), last[replica])
				}
				if bound := crdt.NewTime(newest, 0xffff) + crdt.Time(stamped); result.Stamp > bound {
					rt.Fatalf("%s/%d has stamp %v, beyond %v", replica, changes[i].N, result.Stamp, bound)
				}
				last[replica] = result.Stamp
			}
			stamped++
			d.patch(olga, "order", id, fmt.Sprintf(`{"title":"after %d"}`, stamped))
			entries := d.log()
			own := entries[len(entries)-1].Change
			if got := d.document("order", id).Value()["title"]; got != fmt.Sprint("after ", stamped) || own.Stamp > crdt.NewTime(newest, 0xffff)+crdt.Time(stamped) {
				rt.Fatalf("the server wrote with stamp %v, and the title is %v", own.Stamp, got)
			}
		}
	})
}
