package crdt_test

import (
	"os"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/crdt/crdttest"
)

// Long histories of ten people who type into one text, with partitions, end in the
// same bytes everywhere and in the text of the model: several of 3,000 edits and one of
// 100,000.
func TestTyping(t *testing.T) {
	for seed := *first; seed < *first+uint64(howMany(10)); seed++ {
		typed(t, seed, 3_000)
	}
	if !testing.Short() && !raced {
		typed(t, *first, 100_000)
	}
}

// Histories of 100,000 edits by ten people, of ever other seeds.
func TestSoak_Typing(t *testing.T) {
	if os.Getenv("FIELDSTACK_SOAK") == "" {
		t.Skip("runs with FIELDSTACK_SOAK=1, see make soak-crdt")
	}
	for seed := *first; seed < *first+100; seed++ {
		typed(t, seed, 100_000)
	}
}

func typed(t *testing.T, seed uint64, edits int) {
	t.Helper()
	begun := time.Now()
	if err := crdttest.RunTyping(seed, 10, edits); err != nil {
		t.Fatalf("-seed %d -worlds 1, %d edits: %v", seed, edits, err)
	}
	if edits > 10_000 {
		t.Logf("seed %d: %d edits in %v", seed, edits, time.Since(begun))
	}
}
