package sqlite

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// A second process on the same file is refused at once, and told who has it.
func TestEmbedded_Lock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	s, err := Open(t.Context(), Options{Path: path})
	must(t, err)

	said, err := finish(child(t, "open", path))
	if err == nil || !strings.Contains(said, "in use by another process ("+strconv.Itoa(os.Getpid())+")") {
		t.Fatalf("a second process: %v, said %q", err, said)
	}
	if _, err := Open(t.Context(), Options{Path: path}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Fatalf("a second store in this process: %v", err)
	}
	if err := Restore(t.Context(), Options{Path: path}, strings.NewReader("")); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Fatalf("Restore over a store in use: %v", err)
	}

	must(t, s.Close())
	if said, err := finish(child(t, "open", path)); err != nil {
		t.Fatalf("after Close a second process: %v, said %q", err, said)
	}
}

// A store whose process was killed is not locked for ever.
func TestEmbedded_LockOfTheDead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	writeAndKill(t, "write", path)
	mustOpen(t, path)
}
