package crdt_test

import (
	"encoding/binary"
	"hash/crc32"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// frozen puts a pack together from its three parts as they are, with nothing
// compressed: so a fuzzer gets past compression and checksum.
func frozen(changes uint64, parts [3][]byte) []byte {
	data := binary.AppendUvarint([]byte{1}, changes)
	for _, part := range parts {
		data = binary.AppendUvarint(data, uint64(len(part)))
		data = binary.AppendUvarint(data, uint64(len(part)))
		data = append(data, part...)
	}
	return binary.BigEndian.AppendUint32(data, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)))
}

// thawed takes a pack apart into what frozen puts together.
func thawed(t testing.TB, data []byte) (changes uint64, parts [3][]byte) {
	t.Helper()
	number := func() uint64 {
		v, n := binary.Uvarint(data)
		data = data[n:]
		return v
	}
	data = data[1:]
	changes = number()
	decoder, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer decoder.Close()
	for i := range parts {
		whole, stored := number(), number()
		if parts[i], data = data[:stored], data[stored:]; whole == stored {
			continue
		}
		if parts[i], err = decoder.DecodeAll(parts[i], nil); err != nil {
			t.Fatal(err)
		}
	}
	return changes, parts
}

// Whatever Unpack takes for a pack can be packed again and is the same, and what it
// refuses Replay refuses too.
func FuzzUnpack(f *testing.F) {
	w := crdttest.NewPeers(1, crdttest.Size{Replicas: 4, Edits: 1 << 20})
	for range 150 {
		if _, err := w.Step(); err != nil {
			f.Fatal(err)
		}
	}
	typed := &typist{rand: w.Rand, at: crdt.Dot{Replica: 1}, right: crdt.Dot{Replica: 1}, cuts: crdt.Dot{Replica: 1, Seq: 1},
		Change: crdt.Change{Replica: 1, Type: "note", Version: 1, Doc: "doc"}}
	var typing []*crdt.Change
	for range 100 {
		typing = append(typing, typed.next())
	}
	for _, changes := range [][]*crdt.Change{nil, w.Changes[:1], w.Changes[:4], w.Changes, typing[:10], typing} {
		n, parts := thawed(f, pack(changes))
		f.Add(n, parts[0], parts[1], parts[2])
	}
	f.Fuzz(func(t *testing.T, n uint64, numbers, texts, names []byte) {
		data := frozen(n, [3][]byte{numbers, texts, names})
		var changes []*crdt.Change
		for c, err := range crdt.Unpack(data) {
			if err != nil {
				if _, again := crdt.Replay(data); again == nil {
					t.Fatalf("Unpack says %v and Replay nothing", err)
				}
				return
			}
			if changes = append(changes, c); len(changes) > 1<<16 {
				return // it is about the form, not about the size
			}
		}
		sameChanges(t, unpack(t, pack(changes)), changes)
		whole, err := crdt.Replay(data)
		if d, slow := replaySlowly(changes); err == nil && slow == nil {
			equal(t, whole, d)
		} else if slow != nil && err == nil {
			t.Fatalf("Replay takes what Apply refuses with %v", slow)
		}
	})
}

func replaySlowly(changes []*crdt.Change) (*crdt.Document, error) {
	d := crdt.NewDocument()
	for _, c := range changes {
		if _, err := d.Apply(c); err != nil {
			return nil, err
		}
	}
	return d, nil
}
