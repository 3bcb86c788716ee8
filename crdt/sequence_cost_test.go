package crdt

import (
	"math/rand/v2"
	"testing"
)

// TestSequence_CostOfCrowds puts very many things at one place, as people who all add
// on top do, or somebody who wants to keep a server busy, and counts the runs that have
// to be looked at for each.
func TestSequence_CostOfCrowds(t *testing.T) {
	const n = 4000
	a, b := Dot{9, 1}, Dot{9, 2}
	start := func() *sequence {
		s := newSequence([]run{{id: a, n: 2 + n}})
		return &s
	}
	tests := []struct {
		name string
		ops  func() []run
	}{
		{"one author, always between the same two", func() (ops []run) {
			for i := range uint64(n) {
				ops = append(ops, run{id: Dot{1, 1 + i*2}, n: 1, after: a, before: b})
			}
			return ops
		}},
		{"several authors, always between the same two, the later ones first in order", func() (ops []run) {
			for r := range Replica(8) {
				for i := range uint64(n / 8) {
					ops = append(ops, run{id: Dot{8 - r, 1 + i*2}, n: 1, after: a, before: b})
				}
			}
			return ops
		}},
		{"two add on top, each unseen by the other", func() (ops []run) {
			for r := range Replica(2) {
				before := b
				for i := range uint64(n / 2) {
					id := Dot{1 + r, 1 + i*2}
					ops = append(ops, run{id: id, n: 1, after: a, before: before})
					before = id
				}
			}
			return ops
		}},
		{"forged right origins, from the last to the first", func() (ops []run) {
			for i := range uint64(n) {
				ops = append(ops, run{id: Dot{1, 1 + i*2}, n: 1, after: a, before: Dot{9, n - i + 2}})
			}
			return ops
		}},
		{"forged right origins, from the first to the last", func() (ops []run) {
			for i := range uint64(n) {
				ops = append(ops, run{id: Dot{1, 1 + i*2}, n: 1, after: a, before: Dot{9, 2 + i}})
			}
			return ops
		}},
		{"forged right origins at random", func() (ops []run) {
			rng := rand.New(rand.NewPCG(1, 1))
			for i := range uint64(n) {
				ops = append(ops, run{id: Dot{1, 1 + i*2}, n: 1, after: a, before: Dot{9, 2 + rng.Uint64N(n)}})
			}
			return ops
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, looked, most := start(), 0, 0
			for _, r := range test.ops() {
				k := s.put(r, "")
				looked, most = looked+k, max(most, k)
			}
			checkTree(t, s)
			t.Logf("%d insertions looked at %d runs, at most at %d", n, looked, most)
			if looked > 2*patience*n {
				t.Errorf("%d insertions looked at %d runs", n, looked)
			}
		})
	}
}

// TestSequence_CrowdsConverge puts a crowd at one place in two orders of arrival.
func TestSequence_CrowdsConverge(t *testing.T) {
	const n = 1500
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 5))
		var ops []run
		for i := range uint64(n) {
			r := Replica(1 + rng.IntN(4))
			after, before := Dot{9, 1}, Dot{9, 2 + rng.Uint64N(40)}
			if i > 10 && rng.IntN(3) == 0 { // under one of the others, or between it and the end
				after = ops[rng.IntN(len(ops))].id
			}
			if rng.IntN(5) == 0 {
				before = Dot{}
			}
			ops = append(ops, run{id: Dot{r, 1 + i*2}, n: 1, after: after, before: before})
		}
		var first *sequence
		for try := range 3 {
			s := newSequence([]run{{id: Dot{9, 1}, n: 41}})
			have := map[Dot]bool{}
			for left := ops; len(left) > 0; {
				var later []run
				for _, r := range left {
					if r.after.Replica != 9 && !have[r.after] || try > 0 && rng.IntN(3) == 0 {
						later = append(later, r)
						continue
					}
					have[r.id] = true
					s.put(r, "")
				}
				left = later
			}
			checkTree(t, &s)
			if try == 0 {
				first = &s
			} else if diff := diffSequences(first, &s); diff != "" {
				t.Fatalf("seed %d: another order of arrival gives another sequence:\n%s", seed, diff)
			}
		}
	}
}
