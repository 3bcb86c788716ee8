package main

import "testing"

func TestPercentFor(t *testing.T) {
	for live, want := range map[uint64]int{
		0:           mostPercent,
		10 << 20:    mostPercent,
		64 << 20:    200, // 128 MiB of garbage
		128 << 20:   leastPercent,
		4 << 30:     leastPercent,
		1<<64 - 100: leastPercent,
	} {
		if got := percentFor(live); got != want {
			t.Errorf("a heap of %d live bytes may grow by %d %%, want %d %%", live, got, want)
		}
	}
}
