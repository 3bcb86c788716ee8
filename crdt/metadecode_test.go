package crdt_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// lived gives documents of random histories, with what people do to them in them.
func lived(t testing.TB, worlds int) []*crdt.Document {
	var docs []*crdt.Document
	for seed := range uint64(worlds) {
		w := crdttest.NewWorld(seed)
		for range 40 {
			if _, err := w.Step(); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range w.Replicas {
			docs = append(docs, r.Doc)
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

// Bytes that claim to be followed by very much take no memory for it.
func TestDecode_TakesNoMemoryForClaims(t *testing.T) {
	_, meta := crdt.NewDocument().Encode()
	huge := binary.AppendUvarint(nil, 1<<30)
	for i := range meta {
		claim := append(bytes.Clone(meta[:i]), huge...)
		claim = append(claim, make([]byte, 64)...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := crdt.Decode([]byte("{}"), claim); err == nil {
			t.Errorf("%x is read as a document", claim)
		}
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 64<<10 {
			t.Errorf("%d bytes take %d bytes of memory", len(claim), used)
		}
	}
}
