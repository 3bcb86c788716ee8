package crdt

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// encodeSequence puts the replicas and the sequence together, as a text field has them.
func encodeSequence(s *sequence) []byte {
	var table replicaTable
	s.replicas(&table)
	return s.appendTo(table.appendTo(nil), &table)
}

func decodeSequenceBytes(b []byte) (*sequence, error) {
	r := &reader{buf: b}
	s := newSequence(decodeRuns(r, decodeReplicas(r)))
	r.end()
	return &s, r.err
}

// randomSequence is a sequence after a random history of some people.
func randomSequence(seed uint64, steps int) *typed {
	rng := rand.New(rand.NewPCG(seed, 3))
	all := map[Replica]*typed{1: newTyped(1), 2: newTyped(2), 3: newTyped(3)}
	for range steps {
		all[Replica(1+rng.IntN(3))].randomStep(rng, all)
	}
	return all[1]
}

func TestSequenceCodec_RoundTrip(t *testing.T) {
	for seed := range uint64(300) {
		x := randomSequence(seed, 60)
		encoded := encodeSequence(&x.seq)
		got, err := decodeSequenceBytes(encoded)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(x.seq.all(), got.all(), cmp.AllowUnexported(run{})); diff != "" {
			t.Fatalf("seed %d: decoded to something else (-want +got):\n%s", seed, diff)
		}
	}
}

// TestSequenceCodec_Size says what the usual texts cost, beside the replica table
// (one byte and eight a replica).
func TestSequenceCodec_Size(t *testing.T) {
	tests := []struct {
		name string
		make func(a, b *typed)
		want int
	}{
		{"nothing", func(a, b *typed) {}, 1},
		{"typed in one go", func(a, b *typed) { a.typeAt(0, 100) }, 3},
		{"typed letter by letter", func(a, b *typed) {
			for i := range 100 {
				a.typeAt(i, 1)
			}
		}, 3},
		{"a word removed from the middle", func(a, b *typed) {
			a.typeAt(0, 100)
			a.cutAt(50, 5)
		}, 7},
		{"a word put into the middle", func(a, b *typed) {
			a.typeAt(0, 100)
			a.typeAt(50, 5)
		}, 9},
		{"a word of somebody else at the end", func(a, b *typed) {
			a.typeAt(0, 100)
			b.receiveAll(map[Replica]*typed{1: a, 2: b}, a)
			b.typeAt(100, 5)
			a.receiveAll(map[Replica]*typed{1: a, 2: b}, b)
		}, 6},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, b := newTyped(1), newTyped(2)
			test.make(a, b)
			var table replicaTable
			a.seq.replicas(&table)
			if got := a.seq.appendTo(nil, &table); len(got) != test.want {
				t.Errorf("%d bytes (% x), want %d", len(got), got, test.want)
			}
		})
	}
}

// TestSequenceCodec_Damage cuts and flips real encodings: each is refused or is the
// encoding of some other sequence, in its only spelling.
func TestSequenceCodec_Damage(t *testing.T) {
	for seed := range uint64(20) {
		encoded := encodeSequence(&randomSequence(seed, 40).seq)
		for n := range encoded {
			if _, err := decodeSequenceBytes(encoded[:n]); err == nil {
				t.Fatalf("seed %d: the first %d of %d bytes decode", seed, n, len(encoded))
			}
		}
		for i := range encoded {
			for _, flip := range []byte{1, 2, 4, 8, 16, 32, 64, 128, 255} {
				damaged := bytes.Clone(encoded)
				damaged[i] ^= flip
				exerciseDecoded(t, damaged)
			}
		}
	}
}

func TestSequenceCodec_Refusals(t *testing.T) {
	replica := binary.BigEndian.AppendUint64([]byte{1}, 7)
	two := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64([]byte{2}, 7), 8)
	varint := func(v uint64) []byte { return binary.AppendUvarint(nil, v) }
	tests := []struct {
		name  string
		parts [][]byte
		want  string
	}{
		{"no replicas", [][]byte{{0}, {1, headSingle}}, "none is listed"},
		{"more runs than bytes", [][]byte{replica, {200, 1}}, "larger than"},
		{"a long spelling", [][]byte{replica, {0x81, 0, headSingle}}, "longer than it needs"},
		{"length zero", [][]byte{replica, {1, 0, 0}}, "impossible"},
		{"length one spelt out", [][]byte{replica, {1, 0, 1}}, "canonical"},
		{"a run too long", [][]byte{replica, {1, 0}, varint(maxRun + 1)}, "larger than"},
		{"number zero", [][]byte{replica, {1, headSingle | headDistance, 1}}, "impossible"},
		{"number past the last", [][]byte{replica, {1, headDistance}, varint(2 * (MaxSeq - 1)), {2}}, "impossible"},
		{"two runs that are one", [][]byte{replica, {2, headSingle, headSingle | afterOwn}}, "written as two"},
		{"an element twice", [][]byte{replica, {2, headSingle, headSingle | headDistance | headDeleted, 1}}, "twice"},
		{"the same replica announced", [][]byte{replica, {1, headSingle | headReplica, 0}}, "canonical"},
		{"a replica not listed", [][]byte{replica, {1, headSingle | headReplica, 1}}, "larger than"},
		{"an origin that is not there", [][]byte{replica, {1, headSingle | afterNamed, 1, 9}}, "not before it"},
		{"its own left origin", [][]byte{replica, {1, headSingle | afterNamed, 1, 1}}, "not before it"},
		{"its own right origin", [][]byte{replica, {1, headSingle | beforeNamed, 1, 1}}, "circle"},
		{"right origins in a circle", [][]byte{two,
			{2, headSingle | beforeNext, headSingle | headReplica | beforeNamed, 1, 1, 1}}, "circle"},
		{"the one behind when nothing is", [][]byte{replica, {1, headSingle | beforeNext}}, "canonical"},
		{"the left origin's right origin without a left origin", [][]byte{replica, {1, headSingle | beforeShared}}, "not there"},
		{"bytes left over", [][]byte{replica, {0, 0}}, "left over"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := decodeSequenceBytes(bytes.Join(test.parts, nil))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestReplicaTable_Refusals(t *testing.T) {
	eight := func(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }
	tests := map[string][]byte{
		"zero":            append([]byte{1}, eight(0)...),
		"twice":           bytes.Join([][]byte{{2}, eight(1), eight(1)}, nil),
		"not ascending":   bytes.Join([][]byte{{2}, eight(2), eight(1)}, nil),
		"more than there": bytes.Join([][]byte{{2}, eight(1)}, nil),
		"cut short":       bytes.Join([][]byte{{1}, eight(1)[:7]}, nil),
		"nothing":         nil,
	}
	for name, encoded := range tests {
		r := &reader{buf: encoded}
		if decodeReplicas(r); r.err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSequence_Gaps(t *testing.T) {
	s := newSequence([]run{
		{id: Dot{1, 7}, n: 2}, {id: Dot{2, 1}, n: 50}, {id: Dot{1, 3}, n: 2}, {id: Dot{1, 20}, n: 5},
	})
	tests := []struct {
		seq, n uint64
		want   []Span
	}{
		{1, 2, []Span{{Dot{1, 1}, 2}}},
		{3, 2, nil},
		{3, 1, nil},
		{4, 2, []Span{{Dot{1, 5}, 1}}},
		{1, 9, []Span{{Dot{1, 1}, 2}, {Dot{1, 5}, 2}, {Dot{1, 9}, 1}}},
		{8, 20, []Span{{Dot{1, 9}, 11}, {Dot{1, 25}, 3}}},
		{21, 2, nil},
		{25, 1, []Span{{Dot{1, 25}, 1}}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, s.gaps(Span{Dot{1, test.seq}, test.n})); diff != "" {
			t.Errorf("gaps(%d+%d) (-want +got):\n%s", test.seq, test.n, diff)
		}
	}
}

// exerciseDecoded decodes made-up bytes; what decodes must be usable: it encodes to
// the same bytes, and editing and merging it neither panic nor lose elements.
func exerciseDecoded(t *testing.T, encoded []byte) {
	t.Helper()
	s, err := decodeSequenceBytes(encoded)
	if err != nil {
		return
	}
	again, err := decodeSequenceBytes(encodeSequence(s))
	if err != nil {
		t.Fatalf("% x decodes, but not what it encodes to: %v", encoded, err)
	}
	if diff := diffSequences(s, again); diff != "" {
		t.Fatalf("% x decodes to something else the second time:\n%s", encoded, diff)
	}
	elements := func(s *sequence) (n int) {
		s.each(func(_ Dot, k int, _ bool) { n += k })
		return n
	}
	before := elements(s)
	var merged sequence
	merged.merge(merged.newsFrom(s, s.content()))
	if got := elements(&merged); got != before {
		t.Fatalf("% x: merged into nothing it has %d elements instead of %d", encoded, got, before)
	}
	const stranger = 0xfeedfacecafebeef
	if s.hasReplica(stranger) {
		return
	}
	other := newTyped(stranger)
	other.typeAt(0, 3)
	s.merge(s.newsFrom(&other.seq, ""))
	after, next := s.neighbours(s.length())
	s.insert(Dot{stranger, 4}, 2, after, next, "")
	s.cut(s.spans(nil, 0, min(3, s.length())))
	if got := elements(s); got != before+5 {
		t.Fatalf("% x: after edits it has %d elements instead of %d", encoded, got, before+5)
	}
}

func (s *sequence) hasReplica(r Replica) bool {
	return slices.ContainsFunc(s.all(), func(q run) bool { return q.id.Replica == r })
}

// FuzzSequenceDecode decodes what nobody wrote.
func FuzzSequenceDecode(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(encodeSequence(&randomSequence(seed, 5*int(seed)).seq))
	}
	f.Fuzz(func(t *testing.T, encoded []byte) { exerciseDecoded(t, encoded) })
}

// replicas adds the replicas that appendTo will mention. In a document they are those
// that it has seen.
func (s *sequence) replicas(t *replicaTable) {
	for _, r := range s.all() {
		t.add(r.id.Replica) // an origin is an element of the sequence too
	}
}
