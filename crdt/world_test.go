package crdt_test

import (
	"flag"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// Each world is drawn from its seed. A failure names the flags with which its world
// can be seen again, made smaller if it fails smaller too; -tell prints what happens
// in it.
var (
	worlds   = flag.Int("worlds", 0, "worlds in each test of random histories, 0: as many as are fit")
	first    = flag.Uint64("seed", 1, "seed of the first")
	replicas = flag.Int("replicas", 0, "replicas in a world, 0: drawn from the seed")
	edits    = flag.Int("edits", 0, "edits in a world, 0: drawn from the seed")
	kind     = flag.String("kind", "", "peers or office, drawn from the seed if empty")
	tell     = flag.Bool("tell", false, "print what happens in a world that fails")
)

func sizeWanted() crdttest.Size {
	return crdttest.Size{Replicas: *replicas, Edits: *edits, Kind: crdttest.Kind(*kind)}
}

// howMany is the number of worlds asked for, else fewer in the short tests and with the
// race detector.
func howMany(usual int) int {
	switch {
	case *worlds > 0:
		return *worlds
	case testing.Short(), raced:
		return usual / 10
	}
	return usual
}

// Replicas that edit anything, over a network that delays, loses, repeats, reorders and
// falls apart, with clocks that are wrong, hold the same document in the end, and it is
// the right one. All that is checked is said at crdttest.Run and where it leads.
func TestWorlds(t *testing.T) {
	runWorlds(t, *first, howMany(2000), func(int64) {})
}

// runWorlds runs worlds of consecutive seeds side by side, and ends at the first that
// fails. done is told how many have ended, from any goroutine.
func runWorlds(t *testing.T, first uint64, n int, done func(worlds int64)) {
	t.Helper()
	var next, ended atomic.Int64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && !t.Failed(); i = next.Add(1) - 1 {
				seed := first + uint64(i)
				if size, err := crdttest.Run(seed, sizeWanted(), nil); err != nil {
					report(t, seed, size, err)
				}
				done(ended.Add(1))
			}
		})
	}
	group.Wait()
}

// report says how to see a failure again.
func report(t *testing.T, seed uint64, size crdttest.Size, err error) {
	t.Helper()
	smaller, err := crdttest.Shrink(seed, size, err)
	t.Errorf("-seed %d %v -worlds 1 (at first: %v)\n%v", seed, smaller, size, err)
	if *tell {
		what := &crdttest.Trace{}
		_, _ = crdttest.Run(seed, smaller, what) // fails as it did
		t.Logf("what happened:\n%s", what)
	}
}

// The same seed gives the same trace, and the trace tells one world from another.
func TestWorlds_SameSeedSameTrace(t *testing.T) {
	told := map[string]uint64{}
	for seed := *first; seed < *first+uint64(howMany(100)); seed++ {
		var once, again crdttest.Trace
		for _, trace := range []*crdttest.Trace{&once, &again} {
			if size, err := crdttest.Run(seed, sizeWanted(), trace); err != nil {
				report(t, seed, size, err)
				return
			}
		}
		if once.Digest() != again.Digest() {
			t.Fatalf("seed %d gives\n%s\nand then\n%s", seed, once.String(), again.String())
		}
		if other, same := told[once.Digest()]; same {
			t.Fatalf("seeds %d and %d give the same trace", seed, other)
		}
		told[once.Digest()] = seed
	}
}
