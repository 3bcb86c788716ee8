package sqlite

import (
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
	limit := func(pages int) {
		t.Helper()
		var now int
		must(t, s.writer.conn.QueryRowContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Scan(&now))
	}

	limit(pages + 2)
	for range 3 {
		unavailableError(t, s.Commit(t.Context(), history(4, 300)))
		checkHistory(t, s, 3)
		if head, _ := s.Head(t.Context()); head[stream] != 3 {
			t.Fatalf("the head moved to %v", head)
		}
	}
	limit(1 << 30)
	must(t, s.Commit(t.Context(), history(4, 300)))
	checkHistory(t, s, 303)
}
