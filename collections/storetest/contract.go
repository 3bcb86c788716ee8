package storetest

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Harness is how Run gets at one kind of store. Open is required. A nil function
// skips what needs it.
type Harness struct {
	// Open makes a new, empty store. Run closes it.
	Open func(t *testing.T) collections.Store
	// Reopen closes the store and opens again what it kept.
	Reopen func(t *testing.T, s collections.Store) collections.Store
	// Restore opens, elsewhere, what Backup wrote.
	Restore func(t *testing.T, backup []byte) collections.Store
	// Lose takes one entry out of the log, behind the store's back.
	Lose func(t *testing.T, s collections.Store, p collections.Place)
	// Lagging says that the records of a batch come a moment after its entries.
	Lagging bool
	// Slow asks for fewer documents and rounds.
	Slow bool
}

// Run tests the contract of collections.Store. FIELDSTACK_SEED repeats a failed run
// of the random parts.
func Run(t *testing.T, h Harness) {
	for _, part := range []struct {
		name string
		test func(t *testing.T, h Harness)
	}{
		{"Log", testLog},
		{"History", testHistory},
		{"Trim", testTrim},
		{"Purge", testPurge},
		{"Records", testRecords},
		{"Receipts", testReceipts},
		{"Replicas", testReplicas},
		{"Items", testItems},
		{"Find", testFind},
		{"Kept", testKept},
		{"Backup", testBackup},
		{"Dump", testDump},
		{"Concurrent", testConcurrent},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, h) })
	}
}

func (h Harness) open(t *testing.T) collections.Store {
	t.Helper()
	s := h.Open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// rounds is n, or less for a slow store.
func (h Harness) rounds(n int) int {
	if h.Slow {
		return max(1, n/10)
	}
	return n
}

// seed starts a random test, and says how to repeat it.
func seed(t *testing.T) int64 {
	t.Helper()
	n := time.Now().UnixNano()
	if text := os.Getenv("FIELDSTACK_SEED"); text != "" {
		given, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			t.Fatalf("FIELDSTACK_SEED: %v", err)
		}
		n = given
	}
	t.Logf("FIELDSTACK_SEED=%d", n)
	return n
}
