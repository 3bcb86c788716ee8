package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// unavailableError fails the test unless err is what a client may be told.
func unavailableError(tb testing.TB, err error) {
	tb.Helper()
	var told *collections.Error
	if !errors.As(err, &told) || told.Code != collections.Unavailable {
		tb.Fatalf("error %v, want collections.Unavailable", err)
	}
}

// A full disk refuses the commit and keeps nothing of it; reads go on, and so do
// writes once there is space.
func TestDisk_Full(t *testing.T) {
	s := mustOpen(t, "")
	must(t, s.Commit(t.Context(), history(1, 3)))
	var pages int
	must(t, s.writer.conn.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages))
	limit := func(pages int) { limitPages(t, s, pages) }

	limit(pages + 2)
	for range 3 {
		unavailableError(t, s.Commit(t.Context(), onReplica(1, history(4, 300))))
		checkHistory(t, s, 3)
		if head, _ := s.Head(t.Context()); head[stream] != 3 {
			t.Fatalf("the head moved to %v", head)
		}
	}
	limit(1 << 30)
	must(t, s.Commit(t.Context(), onReplica(1, history(4, 300))))
	checkHistory(t, s, 303)
}

// limitPages makes the disk full at a size of the file.
func limitPages(t *testing.T, s *Store, pages int) {
	t.Helper()
	var now int
	must(t, s.writer.conn.QueryRowContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Scan(&now))
}

// A disk that is full when the log is folded leaves the log as it was; commits that
// find room go on, and so does folding once there is space.
func TestDisk_FullWhileFolding(t *testing.T) {
	const size = 900 // so many that their block needs pages of its own
	s := mustOpen(t, "")
	must(t, s.Commit(t.Context(), history(1, size)))
	var pages int
	must(t, s.writer.conn.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages))
	limitPages(t, s, pages)
	for range 3 {
		unavailableError(t, foldNow(t.Context(), s, size))
		checkHistory(t, s, size)
	}
	limitPages(t, s, 1<<30)
	must(t, foldNow(t.Context(), s, size))
	checkHistory(t, s, size)
	must(t, s.Commit(t.Context(), onReplica(1, history(size+1, 3))))
	checkHistory(t, s, size+3)
	if got := blocksOf(t, s); got != 1 {
		t.Fatalf("%d blocks, want 1", got)
	}
}

// foldNow folds all rows into blocks of a size.
func foldNow(ctx context.Context, s *Store, size int) error {
	s.folder.mu.Lock()
	s.folder.plan = foldPlan{size: size}
	s.folder.mu.Unlock()
	return s.Fold(ctx)
}

// blocksOf counts blocks.
func blocksOf(t *testing.T, s *Store) (n int) {
	t.Helper()
	must(t, s.readers.QueryRowContext(t.Context(), `SELECT count(*) FROM blocks`).Scan(&n))
	return n
}
