package crdt

import "testing"

// packed collects the changes of a trace so that benchmarks measure only the pack.
func collected(t testing.TB, name string) []*Change {
	var all []*Change
	changes, _ := onePersonsTrace(t, name)
	for c := range changes {
		kept := *c
		kept.Ops = append([]Op(nil), c.Ops...)
		for i := range kept.Ops {
			kept.Ops[i].Spans = append([]Span(nil), kept.Ops[i].Spans...)
		}
		all = append(all, &kept)
	}
	return all
}

func BenchmarkPack(b *testing.B) {
	all := collected(b, "automerge-paper.json.gz")
	p := NewPacker()
	b.Run("Add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			p = NewPacker()
			for _, c := range all {
				p.Add(c)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)), "ns/change")
	})
	var data []byte
	b.Run("Bytes", func(b *testing.B) {
		for b.Loop() {
			data = p.Bytes()
		}
		b.ReportMetric(float64(len(data)), "B")
	})
	b.Run("Unpack", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, err := range Unpack(data) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("Scan", func(b *testing.B) { // all of Replay but the document
		b.ReportAllocs()
		for b.Loop() {
			r, err := newUnpacker(data)
			for err == nil && r.left > 0 {
				var u unpacked
				if u, err = r.next(); err == nil {
					r.coder.model.wentOn(u.more, u.way, r.stamp(u.first.Stamp, u.more))
				}
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Columns", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := readColumns(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Replay", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Replay(data); err != nil {
				b.Fatal(err)
			}
		}
	})
}
