package sqlite

import (
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// kills is how often TestCrash_KillLoop kills; FIELDSTACK_KILLS changes it.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("FIELDSTACK_KILLS")); err == nil {
		return n
	}
	if raced {
		return 3
	}
	return 15
}

// A store that is killed at any moment holds, when it is opened again, every commit
// that was acknowledged, and each of the others whole or not at all.
func TestCrash_KillLoop(t *testing.T) { killLoop(t, "write", kills()) }

// The same where it folds its log all the while: each entry is in a row or in a block.
func TestCrash_KillLoopWhileFolding(t *testing.T) { killLoop(t, "write and fold", kills()) }

func killLoop(t *testing.T, task string, kills int) {
	path := filepath.Join(t.TempDir(), "data.db")
	var acked uint64
	for range kills {
		acked = max(acked, writeAndKill(t, task, path))
		s, err := Open(t.Context(), Options{Path: path, Verify: true})
		must(t, err)
		checkHistory(t, s, acked)
		must(t, s.Close())
	}
	if acked == 0 {
		t.Fatal("no child committed anything before it was killed")
	}
	t.Logf("%d acknowledged over %d kills", acked, kills)
}

// writeAndKill lets a child write for a moment, kills it, and gives the last number
// that it said was acknowledged.
func writeAndKill(t *testing.T, task, path string) (acked uint64) {
	t.Helper()
	cmd, out := child(t, task, path)
	first := true
	for out.Scan() {
		n, err := strconv.ParseUint(out.Text(), 10, 64)
		if err != nil {
			t.Fatalf("the child said %q", out.Text())
		}
		acked = n
		if first {
			first = false
			time.AfterFunc(time.Duration(rand.Intn(60_000))*time.Microsecond, func() { cmd.Process.Kill() })
		}
	}
	cmd.Wait() // it was killed: that is no news
	return acked
}

// checkHistory verifies that a store holds the batches of history up to at least
// acked, and nothing of any other.
func checkHistory(t *testing.T, s *Store, acked uint64) {
	t.Helper()
	at, err := s.Head(t.Context())
	must(t, err)
	head := at[stream]
	if head < acked || head%perBatch != 0 {
		t.Fatalf("the log ends at %d; acknowledged were %d, in batches of %d", head, acked, perBatch)
	}
	entries, err := s.Log(t.Context(), stream, 0, int(head)+10)
	must(t, err)
	if uint64(len(entries)) != head {
		t.Fatalf("%d entries are readable of %d", len(entries), head)
	}
	for n := uint64(1); n <= head; n++ {
		r, err := s.Record(t.Context(), "work-order", docID(n))
		must(t, err)
		if _, want := sample(n); string(r.Value) != string(want.Value) {
			t.Fatalf("record %d is %s, want %s", n, r.Value, want.Value)
		}
		receipt, err := s.Receipt(t.Context(), device, n)
		must(t, err)
		if want := receiptFor(&entries[n-1]); *receipt != want {
			t.Fatalf("receipt %d is %+v, want %+v", n, receipt, want)
		}
		if want, _ := sample(n); !sameEntry(entries[n-1], want) {
			t.Fatalf("entry %d is %+v, want %+v", n, entries[n-1], want)
		}
	}
	if _, err := s.Record(t.Context(), "work-order", docID(head+1)); err == nil {
		t.Fatalf("a record is ahead of the log")
	}
	state, err := s.Replica(t.Context(), device)
	must(t, err)
	if state.N != head {
		t.Fatalf("the replica is at %d, the log at %d", state.N, head)
	}
}

func sameEntry(a, b collections.Entry) bool {
	text := func(e collections.Entry) string { return string(crdt.AppendChange(nil, e.Change)) }
	return a.Place == b.Place && a.Kind == b.Kind && a.At == b.At && a.By == b.By && a.Type == b.Type && text(a) == text(b)
}
