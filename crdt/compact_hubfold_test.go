package crdt_test

import (
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// legal is the highest floor up to a limit that may be told: everybody who is waited
// for, and every author of a change behind it, had read up to there.
func (h *hub) legal(limit int) int {
	floor := limit
	for _, d := range h.devices {
		if d.lost {
			continue
		}
		floor = min(floor, d.cursor)
		for _, p := range d.pending {
			floor = min(floor, p.read)
		}
	}
	for i := len(h.log) - 1; i >= floor; i-- {
		floor = min(floor, h.log[i].read)
	}
	return max(floor, h.floor)
}

// compact folds the server's copy, and maybe a device's, up to some floor.
func (h *hub) compact(d *terminal) {
	h.floor = h.legal(h.floor + h.rand.IntN(len(h.log)-h.floor+1))
	var recent []*crdt.Change
	for _, e := range h.log[h.floor:] {
		recent = append(recent, e.change)
	}
	h.fold(h.doc, recent)
	if d.folds && !d.lost && d.cursor >= h.floor {
		h.fold(d.doc, append(slices.Clone(recent[:d.cursor-h.floor]), d.ahead...))
	}
	h.compactions++
}

func (h *hub) fold(c copies, recent []*crdt.Change) {
	h.t.Helper()
	value := crdt.Canonical(c.used.Value())
	if err := c.used.Compact(recent); err != nil {
		h.t.Fatal(err)
	}
	if got := crdt.Canonical(c.used.Value()); got != value {
		h.t.Fatalf("compaction turns\n%s\ninto\n%s", value, got)
	}
	h.same(c, "what was compacted")
	once := crdttest.Bytes(c.used)
	if err := c.used.Compact(recent); err != nil || crdttest.Bytes(c.used) != once {
		h.t.Fatalf("the second time compaction does something: %v", err)
	}
	_, full := c.full.Encode()
	_, used := c.used.Encode()
	h.saved += len(full) - len(used)
	atOnce := c.full.Clone()
	if err := atOnce.Compact(recent); err != nil {
		h.t.Fatal(err)
	}
	if !moves(recent) && crdttest.Bytes(atOnce) != once {
		h.t.Fatalf("compacted in steps and at once:\n%q\n%q", once, crdttest.Bytes(atOnce))
	}
}

func moves(changes []*crdt.Change) bool {
	return slices.ContainsFunc(changes, func(c *crdt.Change) bool {
		return slices.ContainsFunc(c.Ops, func(op crdt.Op) bool { return op.Kind == crdt.OpMove })
	})
}

func (h *hub) reload(d *terminal) {
	for _, c := range []*copies{&h.doc, &d.doc} {
		value, meta := c.used.Encode()
		again, err := crdt.Decode(value, meta)
		if err != nil || crdttest.Bytes(again) != crdttest.Bytes(c.used) {
			h.t.Fatalf("a compacted document is read as another: %v\n%s\n%x", err, value, meta)
		}
		c.used = again
	}
}

// merge joins the documents of a device and the server, or of two devices, compacted
// differently, and goes on with what comes out.
func (h *hub) merge(d *terminal) {
	a, b, other := d.view(), h.doc, h.devices[h.rand.IntN(len(h.devices))]
	if h.rand.IntN(2) == 0 {
		b = other.view()
	}
	if d.lost || other.lost { // what they have pending may be too old
		return
	}
	full, err := crdt.Merge(a.full, b.full)
	if err != nil {
		h.t.Fatal(err)
	}
	m, err := crdt.Merge(a.used, b.used)
	back, errBack := crdt.Merge(b.used, a.used)
	if err != nil || errBack != nil {
		h.t.Fatalf("merged one way: %v; the other way: %v", err, errBack)
	}
	h.merges++
	both := copies{m, full}
	h.same(both, "a merge")
	if crdttest.Bytes(m) != crdttest.Bytes(back) {
		h.t.Fatalf("a merge and the other way round:\n%q\n%q", crdttest.Bytes(m), crdttest.Bytes(back))
	}
	for _, again := range []*crdt.Document{a.used, b.used, m} {
		n, err := crdt.Merge(m, again)
		if err != nil || crdttest.Bytes(n) != crdttest.Bytes(m) {
			h.t.Fatalf("merging once more changes something: %v\n%q\n%q", err, crdttest.Bytes(m), crdttest.Bytes(n))
		}
	}
	for _, e := range h.log {
		if m.Seen()[e.change.Replica] < e.change.N {
			both.show(e.change)
		}
	}
	h.same(both, "a merge and what came after it")
}

// same compares what a compacted copy shows with what the other does.
func (h *hub) same(c copies, what string) {
	h.t.Helper()
	shows := func(d *crdt.Document) string {
		return fmt.Sprint(crdt.Canonical(d.Value()), d.Exists(), d.Deleted(), d.Disagreements(), d.Seen())
	}
	if used, full := shows(c.used), shows(c.full); used != full {
		h.t.Fatalf("%s: compacted it shows\n%s\nand else\n%s", what, used, full)
	}
}

// settle brings everything everywhere.
func (h *hub) settle() {
	for _, d := range h.devices {
		h.push(d)
	}
	for _, d := range h.devices {
		h.pull(d, len(h.log))
		if got, want := crdt.Canonical(d.doc.used.Value()), crdt.Canonical(h.doc.full.Value()); got != want {
			h.t.Fatalf("a device shows\n%s\nand the server\n%s", got, want)
		}
	}
}
