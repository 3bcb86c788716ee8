package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// mustOpen opens a store, in a new folder unless a path is given, until the test ends.
func mustOpen(tb testing.TB, path string) *Store {
	tb.Helper()
	return mustOpenFolding(tb, path, foldPlan{})
}

// mustOpenFolding is mustOpen with a plan of its own for folding the log.
func mustOpenFolding(tb testing.TB, path string, plan foldPlan) *Store {
	tb.Helper()
	if path == "" {
		path = filepath.Join(tb.TempDir(), "data.db")
	}
	s, err := Open(tb.Context(), Options{Path: path, folding: plan})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

// must fails the test on an error.
func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func TestStore(t *testing.T) { testStore(t, foldPlan{}) }

// The contract holds whatever of the log is folded: here all but the newest few, in
// blocks of a few.
func TestStore_Folded(t *testing.T) {
	for _, plan := range []foldPlan{{size: 1, keep: 0}, {size: 4, keep: 2}} {
		t.Run(fmt.Sprint(plan), func(t *testing.T) { testStore(t, plan) })
	}
}

func testStore(t *testing.T, plan foldPlan) {
	open := func(t *testing.T, path string) collections.Store {
		s := mustOpenFolding(t, path, plan)
		if plan == (foldPlan{}) {
			return s
		}
		return &eager{s}
	}
	storetest.Run(t, storetest.Harness{
		Slow: raced || plan != foldPlan{},
		Open: func(t *testing.T) collections.Store { return open(t, "") },
		Reopen: func(t *testing.T, s collections.Store) collections.Store {
			must(t, s.Close())
			return open(t, storeOf(s).path)
		},
		Restore: func(t *testing.T, backup []byte) collections.Store {
			path := filepath.Join(t.TempDir(), "restored.db")
			must(t, Restore(t.Context(), Options{Path: path}, bytes.NewReader(backup)))
			return open(t, path)
		},
		Lose: lose(plan),
	})
}

// lose takes an entry out of the log; nil where it would have to take it out of a block.
func lose(plan foldPlan) func(t *testing.T, s collections.Store, p collections.Place) {
	if plan != (foldPlan{}) {
		return nil
	}
	return func(t *testing.T, s collections.Store, p collections.Place) {
		_, err := storeOf(s).writer.conn.ExecContext(t.Context(), `DELETE FROM log WHERE stream = ? AND n = ?`, p.Stream, p.N)
		must(t, err)
	}
}

// eager folds after every commit, and does not wait for the background to come to it.
type eager struct{ *Store }

func (e *eager) Commit(ctx context.Context, b *collections.Batch) error {
	if err := e.Store.Commit(ctx, b); err != nil {
		return err
	}
	return e.Fold(ctx)
}

func storeOf(s collections.Store) *Store {
	if e, ok := s.(*eager); ok {
		return e.Store
	}
	return s.(*Store)
}
