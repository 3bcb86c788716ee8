package sqlite

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// mustOpen opens a store, in a new folder unless a path is given, until the test ends.
func mustOpen(tb testing.TB, path string) *Store {
	tb.Helper()
	if path == "" {
		path = filepath.Join(tb.TempDir(), "data.db")
	}
	s, err := Open(tb.Context(), Options{Path: path})
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

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Harness{
		Slow: raced,
		Open: func(t *testing.T) collections.Store { return mustOpen(t, "") },
		Reopen: func(t *testing.T, s collections.Store) collections.Store {
			must(t, s.Close())
			return mustOpen(t, s.(*Store).path)
		},
		Restore: func(t *testing.T, backup []byte) collections.Store {
			path := filepath.Join(t.TempDir(), "restored.db")
			must(t, Restore(t.Context(), Options{Path: path}, bytes.NewReader(backup)))
			return mustOpen(t, path)
		},
		Lose: func(t *testing.T, s collections.Store, p collections.Place) {
			_, err := s.(*Store).writer.conn.ExecContext(t.Context(), `DELETE FROM log WHERE stream = ? AND n = ?`, p.Stream, p.N)
			must(t, err)
		},
	})
}
