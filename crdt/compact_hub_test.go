package crdt_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// hub is one document at a server and its devices, as they work in the field: the
// server puts changes into a log, devices read the log in order, edit what they have
// and send it later. Everything is there twice: once as it is used, compacted now and
// then, and once as it would be had nobody ever compacted anything.
type hub struct {
	t       *testing.T
	seed    uint64
	rand    *rand.Rand
	id      crdt.Replica
	n       uint64
	log     []entry
	doc     copies
	floor   int // what comes before it in the log is settled
	devices []*terminal

	narrow bool // only few fields are edited, all the time

	compactions, gone, merges int // how often things happened
	saved                     int // bytes of meta, by all compactions together
}

// entry is a change in the log and how far in the log its author had read.
type entry struct {
	change *crdt.Change
	read   int
}

// copies are a document that is compacted and the same one that is not.
type copies struct{ used, full *crdt.Document }

// terminal is a device: what the server has confirmed to it, and its changes that the
// server has not answered.
type terminal struct {
	id      crdt.Replica
	n       uint64
	doc     copies
	cursor  int
	ahead   []*crdt.Change // its own, acknowledged and not read from the log yet
	pending []entry
	folds   bool // it compacts its document too
	lost    bool // nobody waits for it any more
}

func newHub(t *testing.T, seed uint64) *hub {
	h := &hub{t: t, seed: seed, rand: rand.New(rand.NewPCG(seed, 1)), doc: emptyCopies()}
	h.id = crdt.Replica(h.rand.Uint64() | 1)
	h.narrow = h.rand.IntN(3) > 0
	for i := range 2 + h.rand.IntN(3) {
		id := crdt.Replica(h.rand.Uint64()&^0xf | uint64(2*i+2))
		h.devices = append(h.devices, &terminal{id: id, doc: emptyCopies(), folds: i%2 == 1})
	}
	return h
}

func emptyCopies() copies { return copies{crdt.NewDocument(), crdt.NewDocument()} }

func (c copies) clone() copies { return copies{c.used.Clone(), c.full.Clone()} }

// live lets some things happen and then brings everything everywhere.
func (h *hub) live(steps int) {
	defer func() {
		if h.t.Failed() {
			h.t.Logf("-seed %d -worlds 1", h.seed)
		}
	}()
	for range steps {
		h.step()
	}
	h.settle()
}

// step lets something happen.
func (h *hub) step() {
	d := h.devices[h.rand.IntN(len(h.devices))]
	switch h.rand.IntN(12) {
	case 0, 1, 2:
		h.edit(d)
	case 3, 4:
		h.push(d)
	case 5, 6, 7:
		h.pull(d, max(d.cursor, len(h.log)-h.rand.IntN(4)))
	case 8:
		h.editHere()
	case 9:
		h.compact(d)
	case 10:
		h.reload(d)
	case 11:
		switch h.rand.IntN(4) {
		case 0:
			h.fetch(d)
		case 1:
			d.lost = true
		default:
			h.merge(d)
		}
	}
}

// view is what the person at the device sees.
func (d *terminal) view() copies {
	seen := d.doc.clone()
	for _, p := range d.pending {
		seen.show(p.change)
	}
	return seen
}

// show applies a pending change, if it fits what the server has answered by now.
func (c copies) show(change *crdt.Change) {
	for _, doc := range []*crdt.Document{c.used, c.full} {
		follow := *change
		follow.Prev = doc.Seen()[change.Replica]
		if _, missing := doc.Missing(&follow); !missing {
			_, _ = doc.Apply(&follow)
		}
	}
}

// take applies a change of the log.
func (h *hub) take(c copies, change *crdt.Change) {
	for i, doc := range []*crdt.Document{c.used, c.full} {
		if effect, err := doc.Apply(change); err != nil || effect == crdt.Held {
			h.t.Fatalf("copy %d: %d, %v: %s", i, effect, err, crdt.AppendChange(nil, change))
		}
	}
}

// operations makes random edits to both copies, which must come out as the same
// operations.
func (h *hub) operations(c copies, id crdt.Replica) []crdt.Op {
	h.t.Helper()
	seed := h.rand.Uint64()
	var ops [2][]crdt.Op
	for i, doc := range []*crdt.Document{c.used, c.full} {
		e := doc.Edit(id, crdttest.Plan())
		if r := rand.New(rand.NewPCG(seed, 2)); h.narrow {
			narrowEdits(r, e, doc)
		} else {
			crdttest.RandomEdits(r, e, doc)
		}
		ops[i] = e.Ops()
	}
	used := crdt.AppendChange(nil, &crdt.Change{Replica: id, N: 1, Ops: ops[0]})
	full := crdt.AppendChange(nil, &crdt.Change{Replica: id, N: 1, Ops: ops[1]})
	if string(used) != string(full) {
		h.t.Fatalf("the compacted copy is edited with\n%s\nand the other with\n%s", used, full)
	}
	return ops[0]
}

// narrowEdits type and cut in one text and place, move, edit and remove the rows of
// one list, close together, so that people meet.
func narrowEdits(r *rand.Rand, e *crdt.Editor, d *crdt.Document) {
	notes, parts, rows := []string{"notes"}, []string{"parts"}, d.Rows("parts")
	for range 1 + r.IntN(3) {
		n := len([]rune(d.Text("notes")))
		at := r.IntN(n + 1)
		row := crdt.Dot{}
		if len(rows) > 0 {
			row = rows[r.IntN(len(rows))].ID
		}
		switch r.IntN(10) {
		case 0, 1:
			e.Splice(notes, at, 0, "abc"[:1+r.IntN(3)])
		case 2, 3:
			e.Splice(notes, at, min(n-at, 1+r.IntN(3)), "xy"[:r.IntN(3)])
		case 4, 5:
			e.InsertRow(parts, r.IntN(len(rows)+1), map[string]any{"notes": "row"})
		case 6:
			e.MoveRow(parts, row, r.IntN(len(rows)+1))
		case 7:
			e.RemoveRow(parts, row)
		case 8:
			e.Splice([]string{"parts", row.String(), "notes"}, 0, r.IntN(2), "z")
		case 9:
			if r.IntN(2) == 0 {
				e.Delete()
			} else {
				e.Restore()
			}
		}
	}
}

func (h *hub) change(id crdt.Replica, n uint64, doc *crdt.Document, ops []crdt.Op) *crdt.Change {
	return &crdt.Change{Replica: id, N: n, Prev: doc.Seen()[id], Ops: ops, Type: "work-order", Version: 1,
		Doc: "0198c0de-0000-7000-8000-000000000001", Stamp: h.stamp()}
}

// stamp is any: clocks are slow, and the server corrects those that are fast.
func (h *hub) stamp() crdt.Time {
	return crdt.NewTime(1_764_000_000_000+h.rand.Int64N(20), uint16(h.rand.IntN(2)))
}

func (h *hub) edit(d *terminal) {
	seen := d.view()
	h.same(seen, "a view")
	if ops := h.operations(seen, d.id); len(ops) > 0 {
		d.n++
		d.pending = append(d.pending, entry{h.change(d.id, d.n, seen.used, ops), d.cursor})
	}
}

func (h *hub) editHere() {
	if ops := h.operations(h.doc, h.id); len(ops) > 0 {
		h.n++
		c := h.change(h.id, h.n, h.doc.used, ops)
		h.take(h.doc, c)
		h.log = append(h.log, entry{c, len(h.log)})
	}
}

// push sends what is pending. The server refuses some of it, for whatever reason, and
// what leans on that; nothing may be refused because it was cleared away.
func (h *hub) push(d *terminal) {
	if d.lost {
		h.comeBack(d)
	}
	for _, p := range d.pending {
		c := *p.change
		c.Prev = h.doc.used.Seen()[c.Replica]
		if h.rand.IntN(4) == 0 {
			c.Stamp = h.stamp()
		}
		err := h.doc.used.Check(&c)
		if full := h.doc.full.Check(&c); (err == nil) != (full == nil) {
			h.t.Fatalf("the compacted copy says %v and the other %v to %s", err, full, crdt.AppendChange(nil, &c))
		}
		if _, missing := h.doc.used.Missing(&c); err != nil || missing || h.rand.IntN(12) == 0 {
			continue
		}
		h.take(h.doc, &c)
		h.log = append(h.log, entry{&c, p.read})
		h.take(d.doc, &c)
		d.ahead = append(d.ahead, &c)
	}
	d.pending = nil
	h.same(h.doc, "the server")
}

func (h *hub) pull(d *terminal, to int) {
	if d.lost {
		h.comeBack(d)
	}
	for ; d.cursor < to; d.cursor++ {
		h.take(d.doc, h.log[d.cursor].change)
	}
	d.ahead = slices.DeleteFunc(d.ahead, func(c *crdt.Change) bool {
		return slices.ContainsFunc(h.log[:d.cursor], func(e entry) bool { return e.change == c })
	})
	h.same(d.doc, "a device")
}

// fetch gives a device the server's document.
func (h *hub) fetch(d *terminal) {
	if d.lost {
		h.comeBack(d)
	}
	d.doc, d.cursor, d.ahead = h.doc.clone(), len(h.log), nil
}

// comeBack is a device that was given up: what it had not sent is made again by value,
// which here means that it goes. If it was not too late yet, it stays.
func (h *hub) comeBack(d *terminal) {
	d.lost = false
	if d.cursor < h.floor || slices.ContainsFunc(d.pending, func(p entry) bool { return p.read < h.floor }) {
		h.gone += len(d.pending)
		d.pending = nil
		h.fetch(d)
	}
}
