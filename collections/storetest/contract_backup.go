package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

func testBackup(t *testing.T, h Harness) {
	if h.Restore == nil {
		t.Skip("this store's backups are not restored here")
	}
	t.Run("a backup under writers is one moment of the store", func(t *testing.T) { testBackupUnderWriters(t, h) })
	t.Run("a writer that fails fails the backup", func(t *testing.T) {
		broken := errors.New("broken pipe")
		err := h.open(t).Backup(t.Context(), writerFunc(func([]byte) (int, error) { return 0, broken }), nil)
		if !errors.Is(err, broken) {
			t.Fatalf("error %v, want %v", err, broken)
		}
	})
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

var _ io.Writer = writerFunc(nil)

// counted makes batch n of a history in which everything agrees with everything: one
// document of which revision n has the number n, and one item.
func counted(n uint64) *collections.Batch {
	c := recordOf("work-order", docID(1), n, fmt.Sprintf(`{"n":%d}`, n))
	c.Last = collections.Place{Stream: "main", N: n}
	b := batchOf("main", n)
	b.Entries[0].Change.Doc = docID(1)
	b.Records = []collections.RecordWrite{write(c)}
	b.Receipts = []collections.Receipt{{Replica: device, N: n}}
	b.Replicas = []collections.ReplicaState{{Replica: device, Rev: n - 1, N: n, Last: collections.Place{Stream: "main", N: n}}}
	b.Items = []collections.Item{{Kind: "k", Key: "k", Rev: n - 1, Data: []byte(`1`)}}
	return b
}

// checkCounted verifies that a store holds that history up to some n, and gives it.
func checkCounted(t *testing.T, s collections.Store) uint64 {
	t.Helper()
	n := head(t, s)["main"]
	if n == 0 {
		return 0
	}
	for at, entry := range readLog(t, s, 0, int(n)+1) {
		same(t, "log number", entry.N, uint64(at+1))
	}
	want := counted(n)
	same(t, "record", record(t, s, docID(1)), &want.Records[0].Record)
	state, err := s.Replica(t.Context(), device)
	must(t, err)
	want.Replicas[0].Rev = n
	same(t, "replica", state, &want.Replicas[0])
	_, err = s.Receipt(t.Context(), device, n)
	must(t, err)
	if _, err := s.Receipt(t.Context(), device, n+1); !errors.Is(err, collections.ErrNotFound) {
		t.Fatalf("a receipt is ahead of the log: %v", err)
	}
	item, err := s.Item(t.Context(), "k", "k")
	must(t, err)
	same(t, "item", item.Rev, n)
	return n
}

func testBackupUnderWriters(t *testing.T, h Harness) {
	s := h.open(t)
	n := uint64(0)
	commit := func() {
		n++
		must(t, s.Commit(t.Context(), counted(n)))
	}
	for range h.rounds(300) {
		commit()
	}
	before := n
	copies := make(chan []byte, 1)
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	waiting.Go(func() {
		defer cancel()
		var copied bytes.Buffer
		var last, total int64
		err := s.Backup(t.Context(), &copied, func(done, of int64) {
			if done < last || done > of {
				t.Errorf("progress went from %d to %d of %d", last, done, of)
			}
			last, total = done, of
		})
		if err != nil || last != total {
			t.Errorf("Backup: %v, after %d of %d", err, last, total)
		}
		copies <- copied.Bytes()
	})
	for ctx.Err() == nil {
		commit()
	}
	waiting.Wait()
	after := n

	copied := h.Restore(t, <-copies)
	t.Cleanup(func() { copied.Close() })
	if got := checkCounted(t, copied); got < before || got > after {
		t.Fatalf("the backup is of commit %d, made between %d and %d", got, before, after)
	}
	same(t, "the store itself", checkCounted(t, s), n)
	epoch1, err1 := s.Epoch(t.Context())
	epoch2, err2 := copied.Epoch(t.Context())
	must(t, errors.Join(err1, err2))
	if epoch1 == epoch2 || epoch2 == "" {
		t.Fatalf("the restored store has the epoch %q of the old one (%q)", epoch2, epoch1)
	}
}
