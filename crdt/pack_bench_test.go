package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// The history of a paper, 259,779 changes of mostly one character each.
func BenchmarkPack(b *testing.B) {
	changes, _ := typedAlone(b, "automerge-paper")
	packed := func() *crdt.Packer {
		p := crdt.NewPacker()
		for _, c := range changes {
			p.Add(c)
		}
		return p
	}
	p := packed()
	data := p.Bytes()
	b.Run("Add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			packed()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(changes)), "ns/change")
	})
	b.Run("Bytes", func(b *testing.B) {
		for b.Loop() {
			p.Bytes()
		}
		b.ReportMetric(float64(len(data)), "bytes")
	})
	b.Run("Unpack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			unpack(b, data)
		}
	})
	b.Run("Replay", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := crdt.Replay(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
