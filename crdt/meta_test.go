package crdt_test

import (
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// The sizes below are promises to a phone that keeps thousands of records. They are
// what is reached; the aims were 48 and 200.
const (
	newOrderBytes    = 48
	editedOrderBytes = 200
)

// orderPlan is a work order of twelve fields, as an ordinary type has them.
func orderPlan() *crdt.Plan {
	row := &crdt.Plan{Strategy: crdt.Map}
	return &crdt.Plan{Strategy: crdt.Map, Fields: map[string]*crdt.Plan{
		"hours": {Strategy: crdt.Counter},
		"notes": {Strategy: crdt.Text},
		"parts": {Strategy: crdt.List, Row: row},
		"place": {Strategy: crdt.Map},
		"tags":  {Strategy: crdt.Set},
	}}
}

func order() map[string]any {
	part := func(name string, qty float64) map[string]any {
		return map[string]any{"name": name, "qty": qty, "unit": "pcs"}
	}
	return map[string]any{
		"assignee": "anna", "customer": "Waterworks", "due": "2025-11-24", "hours": 2.5,
		"notes":    "The pump leaks at the seal, noisy when it starts.",
		"parts":    []any{part("seal", 2), part("bolt", 8), part("grease", 1)},
		"place":    map[string]any{"lat": 60.1, "lon": 24.9},
		"priority": 2.0, "signed": false, "status": "open",
		"tags": []any{"leak", "pump", "urgent"}, "title": "Pump 7 leaks",
	}
}

// history makes changes of several devices, some hours apart.
type history struct {
	t   *testing.T
	doc *crdt.Document
	at  int64
	n   map[crdt.Replica]uint64
}

func newHistory(t *testing.T) *history {
	return &history{t, crdt.NewDocument(), 1_764_000_000_000, map[crdt.Replica]uint64{}}
}

func (h *history) change(r crdt.Replica, edit func(e *crdt.Editor) error) {
	h.t.Helper()
	e := h.doc.Edit(r, orderPlan())
	if err := edit(e); err != nil {
		h.t.Fatal(err)
	}
	h.at += 1_234_567
	h.n[r] += 3 // a device edits other records too
	c := &crdt.Change{Replica: r, N: h.n[r], Prev: h.doc.Seen()[r], Stamp: crdt.NewTime(h.at, 0), Ops: e.Ops()}
	if len(c.Ops) == 0 {
		h.t.Fatal("an edit of the history changes nothing")
	}
	if _, err := h.doc.Apply(c); err != nil {
		h.t.Fatal(err)
	}
}

func (h *history) size(what string, most int) {
	h.t.Helper()
	value, meta := h.doc.Encode()
	h.t.Logf("%s: value %d bytes, meta %d", what, len(value), len(meta))
	if len(meta) > most {
		h.t.Errorf("%s: meta takes %d bytes, at most %d were promised: %x", what, len(meta), most, meta)
	}
}

const (
	anna  crdt.Replica = 0x9a3c_51d2_77e0_4b01
	boris crdt.Replica = 0x1b44_8f0a_93c5_6d02
	carla crdt.Replica = 0xe7d0_2296_b81f_3c03
)

func TestMeta_Sizes(t *testing.T) {
	h := newHistory(t)
	h.size("nothing yet", 5)
	h.change(anna, func(e *crdt.Editor) error { return e.PutAll(order()) })
	h.size("a work order of twelve fields, made in one change", newOrderBytes)
	h.editBy(anna, boris, carla)
	h.size("after twenty edits by three devices", editedOrderBytes)
}

// editBy makes twenty edits such as a working day brings.
func (h *history) editBy(devices ...crdt.Replica) {
	row := func(i int) string { return h.doc.Rows("parts")[i].ID.String() }
	put := func(value any, path ...string) func(*crdt.Editor) error {
		return func(e *crdt.Editor) error { return e.Put(path, value) }
	}
	edits := []func(e *crdt.Editor) error{
		put("assigned", "status"),
		put("boris", "assignee"),
		func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 27, 0, "old ") },
		func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 1.5) },
		func(e *crdt.Editor) error { return e.Include([]string{"tags"}, "night") },
		put(3.0, "parts", row(0), "qty"),
		put("under way", "status"),
		func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 0.25) },
		func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 53, 0, " Seal replaced.") },
		put(60.2, "place", "lat"),
		put(24.8, "place", "lon"),
		func(e *crdt.Editor) error { return e.Exclude([]string{"tags"}, "urgent") },
		func(e *crdt.Editor) error {
			_, err := e.InsertRow([]string{"parts"}, 3, map[string]any{"name": "hose", "qty": 1.0, "unit": "m"})
			return err
		},
		func(e *crdt.Editor) error { return e.Add([]string{"hours"}, 2) },
		func(e *crdt.Editor) error { return e.MoveRow([]string{"parts"}, h.doc.Rows("parts")[3].ID, 0) },
		put(1.0, "priority"),
		func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, 0, 3, "This") },
		put("2025-11-25", "due"),
		put("done", "status"),
		put(true, "signed"),
	}
	for i, edit := range edits {
		h.change(devices[i%len(devices)], edit)
	}
	if len(edits) != 20 {
		panic(fmt.Sprint(len(edits), " edits"))
	}
}

// A map whose fields all have one stamp, but not all of them show.
func TestMeta_HiddenAmongEqualStamps(t *testing.T) {
	d := devices(t, 1, nil)[0]
	d.hears(&crdt.Change{
		Replica: d.id, N: 9, Prev: d.doc.Seen()[d.id], Stamp: 1,
		Ops: []crdt.Op{
			{Kind: crdt.OpSet, Path: []string{"place", "title"}, Value: "x", Has: true},
			{Kind: crdt.OpUnset, Path: []string{"place", "number"}},
		},
	})
	value, meta := d.doc.Encode()
	again, err := crdt.Decode(value, meta)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, again, d.doc)
}
