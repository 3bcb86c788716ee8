package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// Some tests need a process to kill, or to break: they start this test binary again
// with one of these in its environment.
const (
	childTask = "FIELDSTACK_SQLITE_CHILD"
	childPath = "FIELDSTACK_SQLITE_PATH"
)

// tasks are what a child can do; it exits with what they return. Each platform adds
// its own.
func tasks() map[string]func(ctx context.Context, path string) error {
	all := map[string]func(ctx context.Context, path string) error{
		"open":           openOnly,
		"write":          func(ctx context.Context, path string) error { return writeForEver(ctx, path, foldPlan{}) },
		"write and fold": func(ctx context.Context, path string) error { return writeForEver(ctx, path, oftenFolding) },
	}
	for name, task := range unixTasks() {
		all[name] = task
	}
	return all
}

func TestMain(m *testing.M) {
	task, ok := tasks()[os.Getenv(childTask)]
	if !ok {
		os.Exit(m.Run())
	}
	if err := task(context.Background(), os.Getenv(childPath)); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
}

// child starts a task in a process of its own.
func child(t *testing.T, task, path string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	binary, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = append(os.Environ(), childTask+"="+task, childPath+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	return cmd, bufio.NewScanner(out)
}

// finish reads what a child says to its end, and its exit.
func finish(cmd *exec.Cmd, out *bufio.Scanner) (said string, err error) {
	var lines []string
	for out.Scan() {
		lines = append(lines, out.Text())
	}
	return strings.Join(lines, "\n"), cmd.Wait()
}

// openOnly opens the store and closes it.
func openOnly(ctx context.Context, path string) error {
	s, err := Open(ctx, Options{Path: path})
	if err != nil {
		return err
	}
	return s.Close()
}

// writeForEver commits the next batches of a history and says each number that was
// acknowledged, until it is killed.
func writeForEver(ctx context.Context, path string, plan foldPlan) error {
	s, err := Open(ctx, Options{Path: path, folding: plan})
	if err != nil {
		return err
	}
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	for n := head[stream] + 1; ; n += perBatch {
		if err := s.Commit(ctx, history(n, perBatch)); err != nil {
			return err
		}
		fmt.Println(n + perBatch - 1)
	}
}

// oftenFolding folds so often that a kill at any moment is likely to meet a fold.
var oftenFolding = foldPlan{size: 12, keep: 6}

const (
	stream   = "main"
	perBatch = 3
)

// history makes the batch of entries n … n+count-1, each with a document of its own,
// and the state of their replica, in the first one and in those of perBatch.
func history(n uint64, count int) *collections.Batch {
	b := &collections.Batch{Stream: stream}
	for i := range uint64(count) {
		e, r := sample(n + i)
		b.Entries = append(b.Entries, e)
		b.Records = append(b.Records, collections.RecordWrite{Record: r})
		b.Receipts = append(b.Receipts, receiptFor(&e))
	}
	if n == 1 || count == perBatch {
		b.Replicas = []collections.ReplicaState{{Replica: device, Rev: (n - 1) / perBatch, N: n + uint64(count) - 1}}
	}
	return b
}

// onReplica says which revision of the replica's state a batch builds on.
func onReplica(rev uint64, b *collections.Batch) *collections.Batch {
	b.Replicas = []collections.ReplicaState{{Replica: device, Rev: rev, N: b.Entries[len(b.Entries)-1].N}}
	return b
}

// receiptFor is the receipt of an entry; some of the changes were not sent as they are
// in the log.
func receiptFor(e *collections.Entry) collections.Receipt {
	c := e.Change
	r := collections.Receipt{Replica: c.Replica, N: c.N, Digest: digestOf(c), Stamp: c.Stamp, Doc: c.Doc}
	if c.N%5 == 0 {
		r.Digest[0]++
	}
	return r
}
