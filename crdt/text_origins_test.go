package crdt_test

import (
	"math/rand/v2"
	"testing"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// Law 1 for insertions between elements that never were neighbours anywhere, as the
// renaming of a replica or malice may bring about: all replicas read the same text,
// and it is the tree's.
func TestLaw_AnyOrigins(t *testing.T) {
	for seed := *first; seed < *first+uint64(howMany(2000)); seed++ {
		r := rand.New(rand.NewPCG(seed, 0))
		changes := anyInsertions(r, 4+r.IntN(9))
		want := crdttest.Model(changes)
		for range 4 {
			d := crdt.NewDocument()
			r.Shuffle(len(changes), func(i, j int) { changes[i], changes[j] = changes[j], changes[i] })
			d = apply(t, d, changes...)
			if err := crdttest.Compare(d, want); err != nil {
				t.Fatalf("-seed %d -worlds 1: %v", seed, err)
			}
		}
	}
}

// anyInsertions gives changes of three replicas, each of which types one or two letters
// between any two elements that there are.
func anyInsertions(r *rand.Rand, n int) []*crdt.Change {
	var changes []*crdt.Change
	last := map[crdt.Replica]crdt.Change{}
	elements := []crdt.Dot{{}}
	for len(changes) < n {
		op := crdt.Op{Kind: crdt.OpInsert, Path: []string{"notes"}, After: anyOf(r, elements), Before: anyOf(r, elements)}
		if op.After == op.Before && op.After != (crdt.Dot{}) {
			continue
		}
		op.Text = "ab"[:1+r.IntN(2)]
		c := crdt.Change{Replica: crdt.Replica(1 + r.IntN(3)), Type: "work-order", Version: 1, Doc: "x"}
		before := last[c.Replica]
		c.N, c.Prev, c.Stamp = before.N+1, before.N, crdt.Time(before.N)
		op.ID = 2*c.N + 1
		c.Ops = []crdt.Op{op}
		last[c.Replica] = c
		changes = append(changes, &c)
		for i := range op.Makes() {
			elements = append(elements, crdt.Dot{Replica: c.Replica, Seq: op.ID + i})
		}
	}
	return changes
}

func anyOf(r *rand.Rand, elements []crdt.Dot) crdt.Dot { return elements[r.IntN(len(elements))] }
