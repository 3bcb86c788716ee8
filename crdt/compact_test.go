package crdt_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// Compacted at whatever legal floors, everywhere or nowhere, documents show the same
// and are edited with the same operations, for as long as they live.
func TestCompact_NobodyNotices(t *testing.T) {
	var compactions, gone, merges, saved int
	hubs := howMany(60)
	for seed := *first; seed < *first+uint64(hubs); seed++ {
		h := newHub(t, seed)
		h.live(200)
		compactions, merges = compactions+h.compactions, merges+h.merges
		gone, saved = gone+h.gone, saved+h.saved
	}
	t.Logf("%d compactions saved %d bytes, %d merges, %d changes too old", compactions, saved, merges, gone)
	if saved < 20*hubs || merges < hubs {
		t.Error("that is little: the test proves nothing")
	}
}

// compact compacts the documents of devices, writes them down and reads them again.
func compact(t *testing.T, recent []*crdt.Change, devices ...*device) {
	t.Helper()
	for _, d := range devices {
		value := crdt.Canonical(d.doc.Value())
		if err := d.doc.Compact(recent); err != nil {
			t.Fatal(err)
		}
		if got := crdt.Canonical(d.doc.Value()); got != value {
			t.Fatalf("compaction turns %s into %s", value, got)
		}
		again, err := crdt.Decode(d.doc.Encode())
		if err != nil || crdttest.Bytes(again) != crdttest.Bytes(d.doc) {
			t.Fatalf("a compacted document is read as another: %v", err)
		}
		d.doc = again
	}
}

// exchange lets devices hear the changes that are new to them, and checks that they
// show the same, whatever they remember.
func exchange(all ...*device) {
	all[0].t.Helper()
	for _, from := range all {
		for _, to := range all {
			to.hears(from.known...)
		}
	}
	for _, d := range all {
		if got, want := crdt.Canonical(d.doc.Value()), crdt.Canonical(all[0].doc.Value()); got != want {
			d.t.Fatalf("devices show\n%s\nand\n%s", want, got)
		}
	}
}

func (d *device) splices(at, n int, text string) *crdt.Change {
	d.t.Helper()
	return d.does(func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, at, n, text) })
}

// Two people type at the same place, where something was removed: one on a document
// that was compacted, one on a document that was not. The order is the same for both,
// whoever of the two comes first by name.
func TestCompact_TypingWhereSomethingWasRemoved(t *testing.T) {
	for compacted := range 2 {
		d := devices(t, 2, object{"notes": "one two three four"})
		d[1].splices(3, 4, "")
		meet(d...)
		compact(t, nil, d[compacted])
		a, b := d[0].splices(3, 0, " A"), d[1].splices(3, 0, " B")
		if crdt.Canonical(a.Ops[0].Before.String()) != crdt.Canonical(b.Ops[0].Before.String()) {
			t.Errorf("one types before %s, the other before %s", a.Ops[0].Before, b.Ops[0].Before)
		}
		exchange(d...)
		d[0].shows("one A B three four", "notes")
	}
}

// What a recent change removed may still be typed behind by whoever has not heard.
func TestCompact_KeepsWhatWasRemovedJustNow(t *testing.T) {
	d := devices(t, 3, object{"notes": "a--c", "parts": parts("a", "b", "c")})
	cut := d[0].splices(1, 2, "")
	drop := d[0].removes("parts", d[0].row(1, "parts"))
	compact(t, []*crdt.Change{cut, drop}, d[0])
	row := d[1].row(1, "parts")
	d[1].splices(3, 0, "x")
	d[1].puts("edited", "parts", row, "title")
	d[2].splices(3, 0, "y")
	d[2].does(func(e *crdt.Editor) error {
		_, err := e.InsertRow([]string{"parts"}, 2, object{"title": "new"})
		return err
	})
	exchange(d...)
	d[0].shows("axyc", "notes")
	d[0].shows(array{object{"title": "a"}, object{"title": "edited"}, object{"title": "new"}, object{"title": "c"}}, "parts")
}

// A removal that had not heard of a recent edit does not remove, and a place that a
// recent move has left can still be put something behind.
func TestCompact_KeepsWhatWasDoneJustNow(t *testing.T) {
	d := devices(t, 2, object{"parts": parts("a", "b", "c", "d")})
	moves := func(d *device, from, to int) *crdt.Change {
		return d.does(func(e *crdt.Editor) error { return e.MoveRow([]string{"parts"}, d.doc.Rows("parts")[from].ID, to) })
	}
	moves(d[0], 0, 2) // b c a d
	moves(d[0], 3, 2) // b c d a
	moves(d[0], 2, 0) // d b c a: between c and a nobody stands any more
	meet(d...)
	edit := d[0].puts("edited", "parts", d[0].row(0, "parts"), "title")
	move := moves(d[0], 3, 0)
	compact(t, []*crdt.Change{edit, move}, d[0])
	d[1].removes("parts", d[1].row(0, "parts"))
	d[1].does(func(e *crdt.Editor) error {
		_, err := e.InsertRow([]string{"parts"}, 3, object{"title": "new"})
		return err
	})
	exchange(d...)
	d[0].shows(array{object{"title": "a"}, object{"title": "edited"}, object{"title": "b"}, object{"title": "c"}, object{"title": "new"}}, "parts")
}

// Of two moves of a row the newer counts, though the list was compacted in between.
func TestCompact_MovesAfterMoves(t *testing.T) {
	d := devices(t, 2, object{"parts": parts("a", "b", "c", "d")})
	moves := func(d *device, from, to int) {
		d.does(func(e *crdt.Editor) error { return e.MoveRow([]string{"parts"}, d.doc.Rows("parts")[from].ID, to) })
	}
	moves(d[0], 0, 3)
	moves(d[0], 3, 1)
	d[0].removes("parts", d[0].row(2, "parts"))
	meet(d...)
	compact(t, nil, d[0])
	moves(d[0], 0, 2)
	moves(d[1], 0, 1)
	exchange(d...)
	compact(t, nil, d[1])
	d[1].puts("last", "parts", d[1].row(2, "parts"), "title")
	exchange(d...)
	d[0].shows(array{object{"title": "a"}, object{"title": "b"}, object{"title": "last"}}, "parts")
}

// Whoever had not seen enough is told so, and nothing changes.
func TestCompact_TooOld(t *testing.T) {
	d := devices(t, 2, object{"notes": "abc", "parts": parts("a", "b")})
	row := d[1].row(1, "parts")
	typed := d[1].splices(2, 0, "x") // behind the b
	edited := d[1].puts("edited", "parts", row, "title")
	edited.Prev = typed.Prev
	d[0].splices(0, 2, "")
	d[0].removes("parts", row)
	compact(t, nil, d[0])
	before := crdttest.Bytes(d[0].doc)
	for _, c := range []*crdt.Change{typed, edited} {
		_, err := d[0].doc.Apply(c)
		var refusal *crdt.OpError
		if !errors.As(err, &refusal) || !refusal.Gone || !strings.Contains(refusal.Message, "cleared away") {
			t.Errorf("%s: %v", crdt.AppendChange(nil, c), err)
		}
	}
	if before != crdttest.Bytes(d[0].doc) {
		t.Error("refused, and yet something changed")
	}
	if _, err := crdt.Merge(d[0].doc, d[1].doc); err == nil {
		t.Error("a document with changes that are too old can be merged")
	}
	d[0].puts(parts("b", "c"), "parts")
	later := d[0].doc.Rows("parts")[1].ID
	c := d[0].change(crdt.Op{Kind: crdt.OpInsert, Path: []string{"notes"}, ID: d[0].doc.NextID(d[0].id), Text: "x", After: later})
	var refusal *crdt.OpError
	if _, err := d[0].doc.Apply(c); !errors.As(err, &refusal) || refusal.Gone {
		t.Errorf("what never was there is called gone: %v", err)
	}
}

// A merge of copies, one of them compacted, is the compacted one with what is new in
// the other.
func TestCompact_Merge(t *testing.T) {
	d := devices(t, 2, object{"notes": "one two three", "parts": parts("a", "b", "c")})
	d[1].splices(3, 7, "")
	d[1].removes("parts", d[1].row(1, "parts"))
	meet(d...)
	compact(t, nil, d[0])
	merged := func() {
		t.Helper()
		for i := range d {
			m, err := crdt.Merge(d[i].doc, d[1-i].doc)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := crdttest.Bytes(m), crdttest.Bytes(d[0].doc); got != want {
				t.Errorf("merged it is\n%q\nnot\n%q", got, want)
			}
		}
	}
	merged()
	d[0].hears(d[1].splices(3, 1, " or "), d[1].puts("edited", "parts", d[1].row(1, "parts"), "title"))
	merged()
	d[0].splices(0, 3, "1")
	merged()
}

// What was settled stays settled: who says of less that it is has no effect.
func TestCompact_TheFloorDoesNotFall(t *testing.T) {
	d := devices(t, 1, object{"notes": "one two three", "parts": parts("a", "b", "c")})[0]
	recent := []*crdt.Change{d.splices(3, 4, ""), d.removes("parts", d.row(1, "parts")), d.splices(0, 1, "xyz"), d.splices(0, 2, "")}
	compact(t, nil, d)
	before := crdttest.Bytes(d.doc)
	for i := range recent {
		compact(t, recent[i:], d)
		if crdttest.Bytes(d.doc) != before {
			t.Errorf("it does something to call the last %d changes recent again", len(recent)-i)
		}
	}
}

// Whoever has not seen what is settled can be merged only if there is nothing new in it.
func TestCompact_MergeOfOneThatIsBehind(t *testing.T) {
	d := devices(t, 3, object{"title": "Pump", "notes": "abc"})
	d[0].puts("Valve", "title")
	d[1].splices(3, 0, "d")
	compact(t, nil, d[0])
	for _, pair := range [][2]*device{{d[0], d[1]}, {d[1], d[0]}} {
		if _, err := crdt.Merge(pair[0].doc, pair[1].doc); err == nil {
			t.Error("merged, though what is new in one was made without what is settled in the other")
		}
	}
	for _, pair := range [][2]*device{{d[0], d[2]}, {d[2], d[0]}} {
		m, err := crdt.Merge(pair[0].doc, pair[1].doc)
		if err != nil || crdttest.Bytes(m) != crdttest.Bytes(d[0].doc) {
			t.Errorf("an old copy with nothing new changes something: %v", err)
		}
	}

	first, second := d[1].puts("e", "notes"), d[1].puts(5.0, "reading")
	if effect, err := d[2].doc.Apply(second); effect != crdt.Held || err != nil {
		t.Fatal(effect, err)
	}
	for _, pair := range [][2]*device{{d[0], d[2]}, {d[2], d[0]}} {
		m, err := crdt.Merge(pair[0].doc, pair[1].doc)
		if err != nil {
			t.Fatal(err)
		}
		first.Prev, first.Ops = 0, nil // what it did would be too old
		if _, err := m.Apply(first); err != nil || m.Seen()[d[1].id] != second.N {
			t.Errorf("what an old copy holds back is lost: %v, %v", m.Seen(), err)
		}
	}
}

// What compaction refuses, it leaves as it was.
func TestCompact_Refuses(t *testing.T) {
	d := devices(t, 2, object{"notes": "abc"})
	first := d[0].splices(3, 0, "d")
	second := d[0].splices(4, 0, "e")
	if effect, err := d[1].doc.Apply(second); effect != crdt.Held || err != nil {
		t.Fatal(effect, err)
	}
	refused := func(d *device, recent ...*crdt.Change) {
		t.Helper()
		before := crdttest.Bytes(d.doc)
		if err := d.doc.Compact(recent); err == nil {
			t.Error("compacted")
		}
		if crdttest.Bytes(d.doc) != before {
			t.Error("refused, and yet something changed")
		}
	}
	refused(d[1]) // it holds a change back
	d[1].hears(first)
	third := d[0].splices(0, 0, "f")
	refused(d[1], third) // it has not come

	// The author of what is called recent had not seen the cut, and typed behind what
	// it removed.
	d[0].hears(d[1].splices(0, 4, ""))
	late := d[0].change(crdt.Op{Kind: crdt.OpInsert, Path: []string{"notes"}, ID: d[0].doc.NextID(d[0].id), Text: "x",
		After: crdt.Dot{Replica: d[0].id, Seq: 3}, Before: crdt.Dot{Replica: d[0].id, Seq: 4}})
	d[0].hears(late)
	refused(d[0], late)
	if err := d[0].doc.Compact([]*crdt.Change{third, late}); err == nil {
		t.Error("compacted")
	}
}

// change makes a change of operations, with nothing checked.
func (d *device) change(ops ...crdt.Op) *crdt.Change {
	d.n++
	return &crdt.Change{Replica: d.id, N: d.n, Prev: d.doc.Seen()[d.id], Stamp: d.clock.Next(0), Ops: ops}
}

// A document that went through a lot costs next to nothing more than one that was
// filled in like that at once.
func TestCompact_AsIfNothingHadHappened(t *testing.T) {
	value := object{"title": "Pump", "notes": "It leaks at the flange.", "tags": array{"a", "b"}, "parts": parts("a", "b")}
	d := devices(t, 1, value)[0]
	_, meta := d.doc.Encode()
	for range 50 {
		d.puts("Something else altogether", "notes")
		d.puts("", "notes")
		d.puts(parts("x", "y", "z"), "parts")
		d.puts(array{}, "parts")
		d.puts(array{"c"}, "tags")
		d.does(func(e *crdt.Editor) error { e.Delete(); return nil })
		d.does(func(e *crdt.Editor) error { e.Restore(); return nil })
		d.does(func(e *crdt.Editor) error { return e.PutAll(value) })
	}
	_, lived := d.doc.Encode()
	compact(t, nil, d)
	_, compacted := d.doc.Encode()
	t.Logf("meta: %d bytes at first, %d after a life, %d compacted", len(meta), len(lived), len(compacted))
	if len(compacted) > len(meta)+30 {
		t.Errorf("compacted it takes %d bytes, and %d when it was new", len(compacted), len(meta))
	}
}
