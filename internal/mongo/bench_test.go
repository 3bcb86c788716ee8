package mongo

import (
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// BenchmarkCommit commits new records one after the other, some in each batch, with their
// entries, receipts, and the replica that they came from; against FerretDB it measures
// FerretDB, and that a batch costs what it should in calls.
func BenchmarkCommit(b *testing.B) {
	for _, size := range []int{1, 100} {
		b.Run(fmt.Sprint("records=", size), func(b *testing.B) {
			s := mustOpen(b, newDatabase(b, ferretURI(b)))
			calls := 0
			s.fault = func(_ string, do func() error) error { calls++; return do() }
			n := uint64(0)
			for round := 0; b.Loop(); round++ {
				batch := &collections.Batch{Stream: "main", Replicas: []collections.ReplicaState{{Replica: device, Rev: uint64(round)}}}
				for range size {
					n++
					one := sampleBatch("main", n)
					one.Records[0].Record.Value = []byte(crdt.Canonical(map[string]any{"title": fmt.Sprint("order ", n), "hours": float64(n)}))
					batch.Entries = append(batch.Entries, one.Entries...)
					batch.Records = append(batch.Records, one.Records...)
					batch.Receipts = append(batch.Receipts, one.Receipts...)
				}
				if err := s.Commit(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(calls)/float64(b.N), "calls/op")
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
