package sqlite

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fieldstack/fieldstack/collections"
)

// Open refuses, in words, what is not its own.
func TestOpen_Refuses(t *testing.T) {
	newer := makeFile(t, 0)
	raw(t, newer, `INSERT INTO migrations VALUES (99, 'from the future', 0)`)
	other := filepath.Join(t.TempDir(), "other.db")
	raw(t, other, `CREATE TABLE photos (id INTEGER)`)
	text := filepath.Join(t.TempDir(), "notes.txt")
	must(t, os.WriteFile(text, []byte(strings.Repeat("Buy milk. ", 1000)), 0o600))
	for path, want := range map[string]string{
		newer:      "newer version",
		other:      "another program",
		text:       "not a database",
		"":         "no path",
		":memory:": "keeps nothing",
	} {
		s, err := Open(t.Context(), Options{Path: path})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error that says %q", path, err, want)
		}
	}
}

// raw runs SQL on a file that no store has open.
func raw(t *testing.T, path, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.ExecContext(t.Context(), text)
	must(t, err)
	must(t, db.Close())
}

// A path may hold what means something in the name of a database.
func TestOpen_AnyPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?c=d&e#f%20 'g' ü", "data?mode=memory&x.db")
	s := mustOpen(t, path)
	must(t, s.Commit(t.Context(), history(1, 3)))
	must(t, s.Close())
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	checkHistory(t, mustOpen(t, path), 3)
}

// The writer waits for the disk; readers cannot write.
func TestOpen_Settings(t *testing.T) {
	s := mustOpen(t, "")
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2"} {
		var got string
		must(t, s.writer.conn.QueryRowContext(t.Context(), `PRAGMA `+pragma).Scan(&got))
		if got != want {
			t.Errorf("the writer's %s is %s, want %s", pragma, got, want)
		}
	}
	if _, err := s.readers.ExecContext(t.Context(), `DELETE FROM log`); err == nil {
		t.Error("a reader wrote")
	}
}

// Each migration runs once, and is on record.
func TestMigrate_Once(t *testing.T) {
	path := makeFile(t, 0)
	for range 2 {
		s := mustOpen(t, path)
		var n int
		must(t, s.writer.conn.QueryRowContext(t.Context(), `SELECT count(*) FROM migrations`).Scan(&n))
		if files, err := migrations.ReadDir("migrations"); err != nil || n != len(files) {
			t.Fatalf("%d migrations on record of %d, %v", n, len(files), err)
		}
		must(t, s.Close())
	}
}

// After Close all is in the one file, nothing is written or read any more, and closing
// again is no error.
func TestClose(t *testing.T) {
	s := mustOpen(t, "")
	must(t, s.Commit(t.Context(), history(1, 3)))
	must(t, s.Close())
	must(t, s.Close())
	if _, err := os.Stat(s.path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the journal is still there: %v", err)
	}
	if err := s.Commit(t.Context(), history(1, 1)); err == nil {
		t.Error("a commit after Close")
	}
	if _, err := s.Replica(t.Context(), device); err == nil || errors.Is(err, collections.ErrNotFound) {
		t.Errorf("a read after Close: %v", err)
	}
}
