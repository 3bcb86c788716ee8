package crdt_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// lived gives documents of random histories, with what people do to them in them, and
// some of them compacted.
func lived(t testing.TB, worlds int) []*crdt.Document {
	var docs []*crdt.Document
	for seed := range uint64(worlds) {
		w := crdttest.NewPeers(seed, crdttest.Size{Replicas: 4, Edits: 1 << 20})
		for range 80 {
			if _, err := w.Step(); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range w.Replicas {
			docs = append(docs, r.Doc)
		}
		folded := w.Replicas[0].Doc.Clone()
		if folded.Compact(nil) == nil {
			docs = append(docs, folded)
		}
	}
	return docs
}

// use reads bytes that nobody vouches for and does with the document whatever can be
// done with one. Only panics and documents that do not write as they read count.
func use(t *testing.T, value, meta []byte) {
	d, err := crdt.Decode(value, meta)
	if err != nil {
		return
	}
	v, m := d.Encode()
	again, err := crdt.Decode(v, m)
	if err != nil {
		t.Fatalf("a document cannot be read again: %v\nvalue %s\nmeta %x\nnow   %x", err, value, meta, m)
	}
	if v2, m2 := again.Encode(); !bytes.Equal(v, v2) || !bytes.Equal(m, m2) {
		t.Fatalf("a document changes by being read again\n%s %x\n%s %x", v, m, v2, m2)
	}
	if _, err := crdt.Merge(d, again); err != nil {
		t.Fatal(err)
	}
	d.Disagreements()
	d.Without("parts")
	if folded := d.Clone(); folded.Compact(nil) == nil {
		v, m := folded.Encode()
		if _, err := crdt.Decode(v, m); err != nil {
			t.Fatalf("a compacted document cannot be read again: %v\nvalue %s\nmeta %x\nbefore %x", err, v, m, meta)
		}
		_, _ = crdt.Merge(folded, again)
	}
	rand := rand.New(rand.NewPCG(uint64(len(meta)), 1))
	e := d.Edit(1, crdttest.Plan())
	crdttest.RandomEdits(rand, e, d)
	c := &crdt.Change{Replica: 1, N: d.Seen()[1] + 1, Prev: d.Seen()[1], Stamp: 1, Ops: e.Ops()}
	if d.Check(c) == nil {
		if _, err := d.Apply(c); err != nil {
			t.Fatal(err)
		}
		d.Encode()
	}
}

func FuzzDecode(f *testing.F) {
	for _, d := range lived(f, 5) {
		value, meta := d.Encode()
		f.Add(value, meta)
	}
	f.Fuzz(use)
}

// What fuzzing does for hours, a few thousand times: real documents with some bytes
// changed, cut off or repeated.
func TestDecode_Damaged(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, d := range lived(t, 10) {
		value, meta := d.Encode()
		for range 200 {
			use(t, damaged(r, value), meta)
			use(t, value, damaged(r, meta))
		}
	}
}

func damaged(r *rand.Rand, b []byte) []byte {
	b = bytes.Clone(b)
	for range 1 + r.IntN(3) {
		i := r.IntN(len(b))
		switch r.IntN(4) {
		case 0:
			b[i] = byte(r.Uint32())
		case 1:
			b[i] ^= 1 << r.IntN(8)
		case 2:
			b = append(b[:i:i], b[min(i+1+r.IntN(4), len(b)-1):]...)
		case 3:
			b = append(b[:i:i], append(bytes.Clone(b[i/2:i]), b[i:]...)...)
		}
		if len(b) == 0 {
			return []byte{0}
		}
	}
	return b
}

// A value and a meta that do not belong together are refused, as far as meta can tell.
func TestDecode_ValueOfAnotherDocument(t *testing.T) {
	d := devices(t, 1, object{
		"title": "Pump", "hours": 1.5, "notes": "abc", "tags": array{"a", "b"}, "parts": parts("a", "b"),
		"place": object{"title": "x"}, "reading": 4.0, "who": "anna",
	})[0]
	d.types(1, 1, "")
	value, meta := d.doc.Encode()
	if _, err := crdt.Decode(value, meta); err != nil {
		t.Fatal(err)
	}
	for field, other := range map[string]any{
		"hours": "1", "notes": "abc", "tags": array{"b", "a"}, "parts": parts("a"), "place": "x", "reading": true,
	} {
		changed := d.doc.Value()
		changed[field] = other
		if _, err := crdt.Decode([]byte(crdt.Canonical(changed)), meta); err == nil {
			t.Errorf("%s can be %v", field, other)
		}
		delete(changed, field)
		if _, err := crdt.Decode([]byte(crdt.Canonical(changed)), meta); err == nil {
			t.Errorf("%s can be left out", field)
		}
	}
}

// Two devices' sums do not follow from what the counter shows: one is written down.
func TestDecode_CounterOfAnotherDocument(t *testing.T) {
	d := devices(t, 2, object{"hours": 1e9})
	for range 20 {
		d[0].adds(1e9, "hours")
		d[1].adds(1e9, "hours")
	}
	d[1].adds(0.000001, "hours") // more than a double can tell
	meet(d...)
	value, meta := d[0].doc.Encode()
	if _, err := crdt.Decode(value, meta); err != nil {
		t.Fatal(err)
	}
	if _, err := crdt.Decode([]byte(`{"hours":41000000000.5}`), meta); err == nil {
		t.Error("the counter can show another sum")
	}
}

// Bytes that claim to be followed by very much take no memory for it.
func TestDecode_TakesNoMemoryForClaims(t *testing.T) {
	_, meta := crdt.NewDocument().Encode()
	huge := binary.AppendUvarint(nil, 1<<30)
	claims := map[string][]byte{
		// One replica with very many elements, of which a list has as many places.
		`{"a":[]}`: slices.Concat([]byte{1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1}, huge, []byte{0, 6 | 4<<3, 1, 0}, huge, make([]byte, 64)),
	}
	for i := range meta {
		claims["{}"+strings.Repeat(" ", i)] = slices.Concat(meta[:i], huge, make([]byte, 64))
	}
	for value, claim := range claims {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := crdt.Decode([]byte(value), claim); err == nil {
			t.Errorf("%x is read as a document", claim)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<10 {
			t.Errorf("%d bytes take %d bytes of memory", len(claim), used)
		}
	}
}
