package crdt

import "testing"

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
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, looked, most := start(), 0, 0
			for _, r := range test.ops() {
				k := s.put(r, "")
				looked, most = looked+k, max(most, k)
			}
			t.Logf("%d insertions looked at %d runs, at most at %d", n, looked, most)
			if looked > 20*n {
				t.Errorf("%d insertions looked at %d runs", n, looked)
			}
		})
	}
}
