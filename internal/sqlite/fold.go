package sqlite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Most of a log is never read again, and a row of it takes several times what its
// change says. So entries older than the newest few thousand are folded: some thousand
// at once become one row of the table blocks, compressed, and with them go the receipts
// that follow from them. A fold is one transaction: whatever happens, entries are in
// rows or in a block, never in both nor in neither, and every reader reads in one
// transaction.
//
// A block is read back and compared before any row goes.

// foldPlan says when to fold and how much.
type foldPlan struct {
	size int // entries of a block
	keep int // newest entries that stay rows: what devices that are about will ask for
}

var defaultFolding = foldPlan{size: 4096, keep: 4096}

// maxFoldBytes bounds the changes of one block, as JSON: large changes make short
// blocks, so that none takes long to read. Work orders of twelve fields, each made by
// one change, were measured to take 71 bytes an entry and 10 ms to read in blocks of
// this size, 64 bytes and 45 ms in blocks four times as large.
const maxFoldBytes = 2 << 20

// folder folds in the background.
type folder struct {
	plan foldPlan
	mu   sync.Mutex   // held while folding
	rows atomic.Int64 // entries that are rows
	wake chan struct{}
	stop func()
	done chan struct{}
}

// startFolding begins to fold in the background; stopFolding ends it.
func (s *Store) startFolding(ctx context.Context, plan foldPlan) error {
	f := &folder{plan: plan, wake: make(chan struct{}, 1), done: make(chan struct{})}
	var rows int64
	if err := s.readers.QueryRowContext(ctx, `SELECT count(*) FROM log`).Scan(&rows); err != nil {
		return err
	}
	f.rows.Store(rows)
	ctx, f.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.folder = f
	go func() {
		defer close(f.done)
		for {
			if err := s.Fold(ctx); err != nil && ctx.Err() == nil {
				s.log.ErrorContext(ctx, "old entries of the log could not be folded; they stay as they are", "error", err)
			}
			select {
			case <-f.wake:
			case <-ctx.Done():
				return
			}
		}
	}()
	return nil
}

func (s *Store) stopFolding() {
	if s.folder != nil {
		s.folder.stop()
		<-s.folder.done
	}
}

// grew notes that there are n more rows, and wakes the folder when that is enough.
func (f *folder) grew(n int) {
	if f.rows.Add(int64(n)) < int64(f.plan.size+f.plan.keep) {
		return
	}
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// Fold folds all entries that are old enough, as the store does by itself in the
// background. It is for those who want it to have happened: before the file is
// measured or copied.
func (s *Store) Fold(ctx context.Context) error {
	s.folder.mu.Lock()
	defer s.folder.mu.Unlock()
	for s.folder.rows.Load() >= int64(s.folder.plan.size+s.folder.plan.keep) {
		if err := s.foldOnce(ctx); err != nil {
			return fmt.Errorf("sqlite: fold the log: %w", err)
		}
	}
	return nil
}
