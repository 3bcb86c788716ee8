package crdt_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
)

// Allocations are counted where times only vary: what every synced change costs.
const (
	parseInsertionAllocs = 5
	parseCreationAllocs  = 80
)

func TestChange_Allocations(t *testing.T) {
	for _, test := range []struct {
		name   string
		change *crdt.Change
		most   float64
	}{
		{"one character inserted", insertion(), parseInsertionAllocs},
		{"a record of twelve fields", creation(t), parseCreationAllocs},
	} {
		text := crdt.AppendChange(nil, test.change)
		if n := testing.AllocsPerRun(100, func() { crdt.ParseChange(text, crdt.Limits{}) }); n > test.most {
			t.Errorf("%s: reading it takes %v allocations, at most %v were promised", test.name, n, test.most)
		}
		if n := testing.AllocsPerRun(100, func() { text = crdt.AppendChange(text[:0], test.change) }); n > 0 {
			t.Errorf("%s: writing it takes %v allocations and needs none", test.name, n)
		}
	}
}
