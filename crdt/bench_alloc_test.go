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

// A document of twelve fields that one change of one field comes to.
const (
	applyAllocs  = 1
	decodeAllocs = 66
	encodeAllocs = 8
)

func TestDocument_Allocations(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates too")
	}
	d := made(t, order())
	value, meta := d.Encode()
	c := crdt.Change{Replica: boris, Ops: []crdt.Op{{Kind: crdt.OpSet, Path: []string{"status"}, Value: "done", Has: true}}}
	for _, test := range []struct {
		name string
		do   func()
		most float64
	}{
		{"reading it", func() { crdt.Decode(value, meta) }, decodeAllocs},
		{"writing it", func() { d.Encode() }, encodeAllocs},
		{"applying the change", func() {
			c.Prev, c.N, c.Stamp = c.N, c.N+1, c.Stamp+1
			d.Apply(&c)
		}, applyAllocs},
	} {
		if n := testing.AllocsPerRun(100, test.do); n > test.most {
			t.Errorf("%s takes %v allocations, at most %v were promised", test.name, n, test.most)
		}
	}
}
