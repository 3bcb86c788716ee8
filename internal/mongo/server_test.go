package mongo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// ferret is the FerretDB that the tests share, built and started by the first that asks.
var ferret struct {
	once  sync.Once
	uri   string
	err   error
	stop  io.Closer // its standard input
	cmd   *exec.Cmd
	files string
}

func TestMain(m *testing.M) {
	code := m.Run()
	if ferret.cmd != nil {
		ferret.stop.Close()
		_ = ferret.cmd.Wait()
	}
	if ferret.files != "" {
		os.RemoveAll(ferret.files)
	}
	os.Exit(code)
}

// ferretURI is where FerretDB listens.
func ferretURI(tb testing.TB) string {
	tb.Helper()
	ferret.once.Do(func() { ferret.err = startFerret() })
	if ferret.err != nil {
		tb.Fatalf("FerretDB, which the tests of this package stand on, cannot be had: %v", ferret.err)
	}
	return ferret.uri
}

func startFerret() (err error) {
	if ferret.files, err = os.MkdirTemp("", "fieldstack-mongo-*"); err != nil {
		return err
	}
	program := filepath.Join(ferret.files, "ferretdb.exe")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = "ferretdb"
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building it: %w\n%s", err, out)
	}
	cmd := exec.Command(program, ferret.files)
	cmd.Stderr = os.Stderr
	if ferret.stop, err = cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ferret.cmd = cmd
	line, err := bufio.NewReader(out).ReadString('\n')
	ferret.uri = strings.TrimSpace(line)
	return err
}

// testServers runs a test against each server there is: FerretDB, and what
// FIELDSTACK_TEST_MONGODB names.
func testServers(t *testing.T, test func(t *testing.T, uri string)) {
	t.Run("FerretDB", func(t *testing.T) { test(t, ferretURI(t)) })
	if uri := os.Getenv("FIELDSTACK_TEST_MONGODB"); uri != "" {
		t.Run("MongoDB", func(t *testing.T) { test(t, uri) })
	}
}

var databases atomic.Int64

// newDatabase names a database that nobody has used, which is dropped after the test.
func newDatabase(tb testing.TB, uri string) string {
	tb.Helper()
	base, query, _ := strings.Cut(uri, "?")
	scheme, rest, _ := strings.Cut(base, "://")
	host, _, _ := strings.Cut(rest, "/")
	named := fmt.Sprintf("%s://%s/fieldstack_test_%d_%d", scheme, host, os.Getpid(), databases.Add(1))
	if query != "" {
		named += "?" + query
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		s, err := Open(ctx, Options{URI: named})
		if err == nil {
			err = errors.Join(s.client.Database(s.database).Drop(ctx), s.Close())
		}
		if err != nil {
			tb.Errorf("dropping a database of a test: %v", err)
		}
	})
	return named
}

// mustOpen opens a database until the test ends.
func mustOpen(tb testing.TB, uri string) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), Options{URI: uri, LockWait: 300 * time.Millisecond})
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
