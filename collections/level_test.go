package collections_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/crdt"
)

// numberedSchema is an order that the server numbers.
const numberedSchema = `{"type":"object","title":"Order","properties":{
	"number": {"type":"string","title":"Number","x-serial":"WO-{000}"},
	"title":  {"type":"string","title":"Title"},
	"hours":  {"type":"number","title":"Hours","x-merge":"counter"}}, "required":["title"]}`

// keepOpen keeps a store open when its engine closes, as a disk outlives a crash.
type keepOpen struct{ *brokenStore }

func (keepOpen) Close() error { return nil }

// Ensure that whatever of a commit was written besides the log when the server stopped,
// Open brings the rest up to the log: records, receipts, replicas, numbers.
func TestOpen_LevelsRecordsWithLog(t *testing.T) {
	parts := []string{"records", "receipts", "replicas", "items"}
	for mask := range 1 << len(parts) {
		var arrived []string
		for i, part := range parts {
			if mask&(1<<i) != 0 {
				arrived = append(arrived, part)
			}
		}
		t.Run(fmt.Sprint(arrived), func(t *testing.T) {
			store := &brokenStore{Store: storetest.Memory()}
			d := openDepotOn(t, keepOpen{store})
			d.publish("order", numberedSchema)
			v := d.device(wim, 0xa)
			v.put("order", docID(1), `{"title":"Pump","hours":1}`)
			v.sync()
			v.edit("order", docID(1), func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 2) })
			v.put("order", docID(2), `{"title":"Valve"}`)
			v.skew = hour
			v.put("order", docID(2), `{"title":"Valve 2"}`)
			store.onCommit(func(ctx context.Context, b *collections.Batch) error {
				if len(b.Entries) == 0 {
					return errDisk // the server does not live to try again
				}
				cut := &collections.Batch{Stream: b.Stream, Entries: b.Entries}
				if slices.Contains(arrived, "records") {
					cut.Records = b.Records
				}
				if slices.Contains(arrived, "receipts") {
					cut.Receipts = b.Receipts
				}
				if slices.Contains(arrived, "replicas") {
					cut.Replicas = b.Replicas
				}
				if slices.Contains(arrived, "items") {
					cut.Items = b.Items
				}
				if err := store.Store.Commit(ctx, cut); err != nil {
					return err
				}
				return errDisk
			})
			_, err := d.push(wim, 0xa, v.pending...)
			if err != nil || !slices.Contains(arrived, "records") {
				wantCode(t, err, collections.Unavailable)
			}
			if err := d.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			store.onCommit(nil)
			d.open()
			d.checkReplay("order")
			results, err := d.push(wim, 0xa, v.pending...)
			if err != nil {
				t.Fatalf("sent again: %v", err)
			}
			for _, result := range results {
				if !result.OK || result.Stamp == 0 {
					t.Errorf("sent again: %s", asJSON(t, result))
				}
			}
			d.create(olga, "order", `{"title":"Hose"}`)
			v.sync()
			if hours := d.document("order", docID(1)).Value()["hours"]; hours != 3.0 {
				t.Errorf("hours are %v, want 3: once each", hours)
			}
			d.checkNumbers("order", "number", 3)
			d.checkReplay("order")
			if got, want := len(d.log()), 1+2+3+1+2; got != want {
				t.Errorf("the log has %d entries, want %d", got, want)
			}
			forged := *v.acknowledged(2)
			forged.Ops = []crdt.Op{set("title", "other")}
			_, err = d.push(wim, 0xa, &forged)
			wantCode(t, err, collections.ReplicaForked)
		})
	}
}

// acknowledged is a change of the device as the log has it.
func (v *device) acknowledged(n uint64) *crdt.Change {
	v.Helper()
	for _, entry := range v.log() {
		if entry.Change != nil && entry.Change.Replica == v.replica && entry.Change.N == n {
			return entry.Change
		}
	}
	v.Fatalf("change %d is not in the log", n)
	return nil
}

// checkNumbers holds that documents have the numbers 1 to n, each once.
func (d *depot) checkNumbers(typ, field string, n int) {
	d.Helper()
	var got, want []string
	for _, record := range d.records(typ) {
		number, _ := d.document(typ, record.ID).Value()[field].(string)
		got = append(got, number)
	}
	for i := range n {
		want = append(want, fmt.Sprintf("WO-%03d", i+1))
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		d.Errorf("numbers are %q, want %q", got, want)
	}
}

// Ensure Open reads only the end of a long log, because the store remembers how far it
// was level.
func TestOpen_ReadsTheEndOfTheLog(t *testing.T) {
	store := &brokenStore{Store: storetest.Memory()}
	d := openDepotOn(t, keepOpen{store})
	d.publish("order", orderSchema)
	id := d.create(olga, "order", `{"title":"Pump"}`)
	writes := make([]collections.Write, 500)
	for round := range 12 {
		for i := range writes {
			writes[i] = collections.Write{ID: id, Modify: true, Value: map[string]any{"title": fmt.Sprint(round, " ", i)}}
		}
		if _, err := d.WriteAll(t.Context(), olga, "order", writes); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := store.reads.Load()
	d.open()
	if reads := store.reads.Load() - before; reads > 4000 {
		t.Errorf("opening a log of %d entries read %d", len(d.log()), reads)
	}
	d.checkReplay("order")
}

// Ensure everything can be made again from the log and the types alone, though the
// first attempt breaks off in the middle.
func TestOpen_RebuildsFromLog(t *testing.T) {
	source := openDepot(t)
	for n := range 5 {
		writes := make([]collections.Write, 500)
		for i := range writes {
			writes[i] = collections.Write{ID: docID(i), Modify: n > 0, Value: map[string]any{"title": fmt.Sprint(n), "hours": float64(n)}}
		}
		if _, err := source.WriteAll(t.Context(), olga, "order", writes); err != nil {
			t.Fatal(err)
		}
	}
	store := &brokenStore{Store: storetest.Memory()}
	types, err := source.store.Items(t.Context(), "type", "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range types {
		item.Rev = 0
		if err := store.PutItem(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Commit(t.Context(), &collections.Batch{Stream: "main", Entries: source.log()}); err != nil {
		t.Fatal(err)
	}
	commits := 0
	store.onCommit(func(ctx context.Context, b *collections.Batch) error {
		if commits++; commits == 2 {
			return errDisk
		}
		return store.Store.Commit(ctx, b)
	})
	if _, err := collections.Open(t.Context(), collections.Config{Store: store}); !errors.Is(err, errDisk) {
		t.Fatalf("opening with a disk that breaks: %v", err)
	}
	store.onCommit(nil)
	d := openDepotOn(t, keepOpen{store})
	d.checkReplay("order")
	for i, record := range source.records("order") {
		got := d.records("order")[i]
		if string(got.Value) != string(record.Value) || got.Created != record.Created || got.Updated != record.Updated ||
			got.CreatedBy != record.CreatedBy || got.Last != record.Last || got.Version != record.Version {
			t.Fatalf("made again it is\n%s\nit was\n%s", asJSON(t, got), asJSON(t, record))
		}
		if i == 10 {
			break // each comparison reads all
		}
	}
}

// Ensure the server writes with a replica of its own in each history, and goes on with
// it after a restart.
func TestOpen_OwnReplica(t *testing.T) {
	store := &brokenStore{Store: storetest.Memory()}
	d := openDepotOn(t, keepOpen{store})
	d.publish("order", orderSchema)
	id := d.create(olga, "order", `{"title":"Pump"}`)
	own := func() *crdt.Change { entries := d.log(); return entries[len(entries)-1].Change }
	first := own()
	if err := d.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.millis.Add(-hour) // the clock was set back while the server was down
	d.open()
	d.patch(olga, "order", id, `{"title":"Pump 4"}`)
	second := own()
	if second.Replica != first.Replica || second.N != first.N+1 || second.Stamp <= first.Stamp {
		t.Errorf("after a restart the server writes %s/%d at %v, before it was %s/%d at %v",
			second.Replica, second.N, second.Stamp, first.Replica, first.N, first.Stamp)
	}
}
