package crdt_test

import (
	"os"
	"sync/atomic"
	"testing"
	"time"
)

// Worlds for an hour or so, or as many as -worlds says, with a line every few seconds.
func TestSoak_Worlds(t *testing.T) {
	if os.Getenv("FIELDSTACK_SOAK") == "" {
		t.Skip("runs with FIELDSTACK_SOAK=1, see make soak-crdt")
	}
	n := *worlds
	if n == 0 {
		n = 200_000
	}
	begun := time.Now()
	var said atomic.Int64 // seconds after begun
	runWorlds(t, *first, n, func(done int64) {
		passed := time.Since(begun)
		last := said.Load()
		if done < int64(n) && (passed < time.Duration(last+5)*time.Second || !said.CompareAndSwap(last, int64(passed.Seconds()))) {
			return
		}
		t.Logf("%d of %d worlds, %.0f a second", done, n, float64(done)/passed.Seconds())
	})
}
