//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/fieldstack/fieldstack/collections"
)

func unixTasks() map[string]func(ctx context.Context, path string) error {
	all := map[string]func(ctx context.Context, path string) error{
		"fail to write":        func(ctx context.Context, path string) error { return failToWrite(ctx, path, commitNext) },
		"fail to write a fold": func(ctx context.Context, path string) error { return failToWrite(ctx, path, foldAll) },
	}
	for name, task := range linuxTasks() {
		all[name] = task
	}
	return all
}

// A write that fails is not acknowledged, and nor is anything after it, even when the
// disk writes again; reads go on.
func TestWrite_Fails(t *testing.T) { testFailing(t, "fail to write") }

// The same of a fold: it leaves the log as it was, and nothing is written after it.
func TestWrite_FailsWhileFolding(t *testing.T) { testFailing(t, "fail to write a fold") }

// testFailing runs a task that commits history 1 … 3 and then breaks, and looks at
// what it left.
func testFailing(t *testing.T, task string) {
	path := filepath.Join(t.TempDir(), "data.db")
	said, err := finish(child(t, task, path))
	if said == skipped {
		t.Skip("this machine does not let a process break its own system calls")
	}
	if err != nil {
		t.Fatalf("the child: %v, said %q", err, said)
	}
	s, err := Open(t.Context(), Options{Path: path, Verify: true})
	must(t, err)
	defer s.Close()
	checkHistory(t, s, 3)
}

const skipped = "skipped"

// failToWrite breaks writing by a limit on the size of files, and mends it again.
func failToWrite(ctx context.Context, path string, write writing) error {
	signal.Ignore(syscall.SIGXFSZ)
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	limit := func(size uint64) error {
		return unix.Setrlimit(unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: size, Max: was.Max})
	}
	return failing(ctx, path, write, func() error { return limit(4096) }, func() error { return limit(was.Cur) })
}

// writing is what a store is about to do when the disk breaks.
type writing func(ctx context.Context, s *Store) error

func commitNext(ctx context.Context, s *Store) error { return s.Commit(ctx, history(4, 3)) }

func foldAll(ctx context.Context, s *Store) error { return foldNow(ctx, s, 2) }

// failing commits, breaks the disk, mends it, and reports what the store does that it
// must not.
func failing(ctx context.Context, path string, write writing, breakIt, mend func() error) error {
	s, err := Open(ctx, Options{Path: path})
	if err != nil {
		return err
	}
	if err := s.Commit(ctx, history(1, 3)); err != nil {
		return err
	}
	if err := s.Writable(); err != nil {
		return fmt.Errorf("before it is broken: %w", err)
	}
	if err := breakIt(); err != nil {
		return err
	}
	if err := refused(write(ctx, s)); err != nil {
		return err
	}
	if err := refused(s.Writable()); err != nil {
		return err
	}
	if err := mend(); err != nil {
		return err
	}
	if err := refused(write(ctx, s)); err != nil {
		return fmt.Errorf("again: %w", err)
	}
	if err := refused(s.Commit(ctx, history(4, 3))); err != nil {
		return fmt.Errorf("after the disk was mended: %w", err)
	}
	if err := refused(s.PutItem(ctx, collections.Item{Kind: "k", Key: "k"})); err != nil {
		return fmt.Errorf("an item: %w", err)
	}
	if _, err := s.Record(ctx, "work-order", docID(3)); err != nil {
		return fmt.Errorf("a read: %w", err)
	}
	s.Close() // may fail for the same reason
	return nil
}

// refused complains of a write that was not refused as it should be.
func refused(err error) error {
	var told *collections.Error
	if errors.As(err, &told) && told.Code == collections.Unavailable {
		return nil
	}
	return fmt.Errorf("a write on a broken disk: %v", err)
}
