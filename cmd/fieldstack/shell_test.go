package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// shell is a person at a shell who works on one place: a data folder or a server.
type shell struct {
	t     *testing.T
	where []string // the flags that name the place
	stdin string
}

// result is what a command left: its exit status and what it wrote.
type result struct {
	status   int
	out, err string
}

// run runs a command as typed.
func (s shell) run(args ...string) result {
	s.t.Helper()
	var out, err bytes.Buffer
	status := run(s.t.Context(), append(args, s.where...), strings.NewReader(s.stdin), &out, &err)
	return result{status, out.String(), err.String()}
}

// ok runs a command that must succeed, and gives what it wrote. Nothing may stand on
// standard error: no bar, no log.
func (s shell) ok(args ...string) string {
	s.t.Helper()
	got := s.run(args...)
	if got.status != 0 || got.err != "" {
		s.t.Fatalf("fieldstack %s: status %d, %s%s", strings.Join(args, " "), got.status, got.out, got.err)
	}
	return got.out
}

// fails runs a command that must fail with an error that has all of these parts.
func (s shell) fails(args []string, parts ...string) result {
	s.t.Helper()
	got := s.run(args...)
	if got.status != 1 || !strings.HasPrefix(got.err, "fieldstack: ") || strings.Count(got.err, "\n") != 1 {
		s.t.Fatalf("fieldstack %s: status %d, want 1 and one line; %s%s", strings.Join(args, " "), got.status, got.out, got.err)
	}
	for _, part := range parts {
		if !strings.Contains(got.err, part) {
			s.t.Errorf("fieldstack %s says\n  %swhich lacks %q", strings.Join(args, " "), got.err, part)
		}
	}
	return got
}

// atFolder begins at a data folder that is not there yet.
func atFolder(t *testing.T) shell {
	t.Helper()
	t.Chdir(t.TempDir())
	return shell{t: t, where: []string{"--data", "data"}}
}

// atServer begins at a running server with an owner's token.
func atServer(t *testing.T) shell {
	t.Helper()
	t.Chdir(t.TempDir())
	s := startTestServer(t)
	return shell{t: t, where: []string{"--server", s.URL, "--token", apiToken(t, s, "owner", collections.Owner)}}
}

// atBoth runs a test at a data folder that has an owner, and at a server.
func atBoth(t *testing.T, test func(t *testing.T, s shell)) {
	t.Helper()
	t.Run("folder", func(t *testing.T) {
		s := atFolder(t)
		s.ok("user", "add", "owner")
		test(t, s)
	})
	t.Run("server", func(t *testing.T) { test(t, atServer(t)) })
}

// startTestServer starts a server on a data folder of its own.
func startTestServer(t *testing.T) *server {
	t.Helper()
	s, err := startServer(t.Context(), testConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// testConfig is of a server on an empty data folder.
func testConfig(t *testing.T) serverConfig {
	t.Helper()
	return serverConfig{
		Data: filepath.Join(t.TempDir(), "data"), Listen: "127.0.0.1:0", Now: time.Now,
		Log: slog.New(slog.DiscardHandler), Cost: auth.Cost{Memory: 64, Time: 1, Threads: 1},
	}
}

// apiToken gives a new API token of somebody, whose account it makes where there is none.
func apiToken(t *testing.T, s *server, name string, role collections.Role) string {
	t.Helper()
	p := &folderPeople{&folderTarget{s.engine}, s.accounts}
	if _, err := p.add(context.Background(), auth.NewAccount{Name: name, Password: "a long enough one", Role: role}); err != nil && !hasCode(err, collections.Exists) {
		t.Fatal(err)
	}
	id, err := accountID(context.Background(), p, name)
	if err != nil {
		t.Fatal(err)
	}
	token, err := p.createToken(context.Background(), id, auth.NewToken{Label: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// writeFile writes a file in the working folder.
func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wants fails for every part that is not in a text.
func wants(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("lacks %q:\n%s", part, text)
		}
	}
}

// sharedData finds a file of the real data beside the project, by its path there.
func sharedData(t *testing.T, file string) string {
	t.Helper()
	folder := os.Getenv("FIELDSTACK_DATA")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "data")
	}
	path, err := filepath.Abs(filepath.Join(folder, file))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data: %v", err)
	}
	return path
}
