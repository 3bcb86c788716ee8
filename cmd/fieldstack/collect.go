package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage there may be before it is collected. A small heap grows to four times
// what is live: with Go's own twice, a fifth of the time of many small writes went into
// collecting. A large one grows by no more than that much, or to twice what is live: four
// times a large heap is memory that other programs could have.
const (
	mostPercent   = 300
	leastPercent  = 100
	spareGarbage  = 128 << 20 // bytes
	collectRhythm = 2 * time.Second
)

// collectLess sets when garbage is collected, and keeps that right until ctx ends. It
// leaves all as it is where GOGC is set.
func collectLess(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(mostPercent)
	go func() {
		tick := time.NewTicker(collectRhythm)
		defer tick.Stop()
		for now := mostPercent; ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			// Each setting stops the program for a moment, so small differences are left.
			if want := percentFor(liveHeap()); want < now*4/5 || want > now*5/4 {
				debug.SetGCPercent(want)
				now = want
			}
		}
	}()
}

// liveHeap is what the last collection found in use, in bytes.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// percentFor says how much a heap of so many live bytes may grow, in percent.
func percentFor(live uint64) int {
	return int(max(leastPercent, min(mostPercent, spareGarbage*100/max(live, 1))))
}
