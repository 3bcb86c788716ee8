package sqlite

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func backupOf(t *testing.T, s *Store) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, s.Backup(t.Context(), &b, nil))
	return b.Bytes()
}

// Restore takes only a backup that is whole, and leaves nothing behind of another.
func TestRestore_Verifies(t *testing.T) {
	s := mustOpen(t, "")
	must(t, s.Commit(t.Context(), history(1, 30)))
	good := backupOf(t, s)
	// In all places: one could be left over in a part of a page that is free now.
	flipped := bytes.ReplaceAll(good, []byte("Pump 7 leaks at"), []byte("Pump 8 leaks at"))
	for name, backup := range map[string][]byte{
		"empty":                          {},
		"cut short":                      good[:len(good)-4096],
		"cut inside a page":              good[:len(good)/2+100],
		"no database at all":             []byte(strings.Repeat("hello ", 2000)),
		"one letter of a record changed": flipped,
	} {
		folder := t.TempDir()
		o := Options{Path: filepath.Join(folder, "data.db")}
		if err := Restore(t.Context(), o, bytes.NewReader(backup)); err == nil {
			t.Errorf("%s: Restore took it", name)
		}
		left, err := os.ReadDir(folder)
		must(t, err)
		if len(left) != 1 || left[0].Name() != "data.db.lock" {
			t.Errorf("%s: Restore left %v", name, left)
		}
	}
	o := Options{Path: filepath.Join(t.TempDir(), "new folder", "data.db")}
	must(t, Restore(t.Context(), o, bytes.NewReader(good)))
	report, err := Verify(t.Context(), o.Path)
	must(t, err)
	if report.Entries != 30 || report.Records != 30 || report.Receipts != 30 || report.Replicas != 1 || report.Epoch == s.epoch {
		t.Errorf("restored %+v from epoch %s", *report, s.epoch)
	}
}

// Restore never replaces a database.
func TestRestore_RefusesToOverwrite(t *testing.T) {
	s := mustOpen(t, "")
	must(t, s.Commit(t.Context(), history(1, 3)))
	backup := backupOf(t, s)
	must(t, s.Commit(t.Context(), history(4, 3)))
	must(t, s.Close())
	err := Restore(t.Context(), Options{Path: s.path}, bytes.NewReader(backup))
	if err == nil || !strings.Contains(err.Error(), "move it away first") {
		t.Fatalf("Restore over a database: %v", err)
	}
	checkHistory(t, mustOpen(t, s.path), 6)
}

// A backup does not begin again when somebody writes, and is of the moment it began.
func TestBackup_NeverBeginsAgain(t *testing.T) {
	s := mustOpen(t, "")
	const size = 3000 // documents, for several steps of copying
	must(t, s.Commit(t.Context(), history(1, size)))
	var copied bytes.Buffer
	var last int64
	next := uint64(size + 1)
	must(t, s.Backup(t.Context(), &copied, func(done, total int64) {
		if done < last || next > size+1000 {
			t.Fatalf("the copy went from %d to %d of %d after %d commits", last, done, total, next-size-1)
		}
		last = done
		must(t, s.Commit(t.Context(), history(next, 1)))
		next++
	}))
	if next < size+4 {
		t.Fatalf("only %d commits came between the steps: too few to prove anything", next-size-1)
	}
	o := Options{Path: filepath.Join(t.TempDir(), "data.db")}
	must(t, Restore(t.Context(), o, &copied))
	report, err := Verify(t.Context(), o.Path)
	must(t, err)
	if report.Entries != size || report.Records != size {
		t.Fatalf("the backup has %d entries and %d records, want %d", report.Entries, report.Records, size)
	}
}

// A backup leaves nothing beside the database, whatever becomes of it.
func TestBackup_CleansUp(t *testing.T) {
	s := mustOpen(t, "")
	backupOf(t, s)
	if err := s.Backup(t.Context(), brokenWriter{}, nil); err == nil {
		t.Fatal("a backup to a broken pipe succeeded")
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(s.path), ".backup-*"))
	must(t, err)
	if len(left) > 0 {
		t.Fatalf("left behind: %v", left)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// Verify says of a file that is not there just that.
func TestVerify_Missing(t *testing.T) {
	if _, err := Verify(t.Context(), filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("error %v", err)
	}
}

// Verify finds what checksums cannot: entries and records that went.
func TestVerify_FindsWhatIsMissing(t *testing.T) {
	for name, statement := range map[string]string{
		"an entry in the middle": `DELETE FROM log WHERE n = 5`,
		"the last entry":         `DELETE FROM log WHERE n = 10`,
		"the first entry":        `DELETE FROM log WHERE n = 1`,
	} {
		s := mustOpen(t, "")
		must(t, s.Commit(t.Context(), history(1, 10)))
		if _, err := Verify(t.Context(), s.path); err != nil {
			t.Fatalf("a whole file in use: %v", err)
		}
		_, err := s.writer.conn.ExecContext(t.Context(), statement)
		must(t, err)
		if _, err := Verify(t.Context(), s.path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s is gone, and Verify says %v", name, err)
		}
		must(t, s.Close())
		if _, err := Open(t.Context(), Options{Path: s.path, Verify: true}); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s is gone, and Open with Verify says %v", name, err)
		}
	}
}
