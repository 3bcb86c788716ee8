package backups

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

var olga = collections.Actor{User: "u1", Name: "olga", Role: collections.Owner}

// copier is what is backed up: a text. When gate is there, it waits for it.
type copier struct {
	text string
	err  error
	gate chan struct{}
}

func (c *copier) Backup(ctx context.Context, _ collections.Actor, w io.Writer, progress func(done, total int64)) error {
	progress(1, 2)
	if c.gate != nil {
		select {
		case <-c.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	_, err := io.WriteString(w, c.text)
	return errors.Join(err, c.err)
}

// sound takes every file that begins with "sound".
func sound(_ context.Context, path string) (*Report, error) {
	text, err := os.ReadFile(path)
	if err == nil && !strings.HasPrefix(string(text), "sound") {
		err = errors.New("damaged")
	}
	return &Report{Records: len(text)}, err
}

// moment is a clock that a test sets.
type moment struct {
	mu sync.Mutex
	at time.Time
}

func (m *moment) now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.at }
func (m *moment) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

func open(t *testing.T, c *copier, change func(*Config)) (*Service, *moment) {
	t.Helper()
	clock := &moment{at: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	config := Config{Folder: filepath.Join(t.TempDir(), "backups"), Source: c, Inspect: sound, Now: clock.now, Every: time.Hour}
	if change != nil {
		change(&config)
	}
	s, err := Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, clock
}

// finished waits for the backup under way.
func finished(t *testing.T, s *Service) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); s.Progress().Running; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the backup does not end")
		}
	}
}

func names(t *testing.T, s *Service) string {
	t.Helper()
	list, err := s.List(olga)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, b := range list {
		all = append(all, b.Name)
	}
	return strings.Join(all, " ")
}

// TestStart makes one at a time, tells how far it is, and lists it when it is whole.
func TestStart(t *testing.T) {
	c := &copier{text: "sound", gate: make(chan struct{})}
	s, _ := open(t, c, nil)
	if err := s.Start(olga); err != nil {
		t.Fatal(err)
	}
	var e *collections.Error
	if err := s.Start(olga); !errors.As(err, &e) || e.Code != collections.Exists {
		t.Errorf("a second one: %v", err)
	}
	if got := names(t, s); got != "" {
		t.Errorf("listed too early: %s", got)
	}
	close(c.gate)
	finished(t, s)
	if got := names(t, s); got != "fieldstack-20260302-010000-hand.db" {
		t.Errorf("listed: %s", got)
	}
	var out strings.Builder
	if err := s.Send(t.Context(), olga, names(t, s), &out); err != nil || out.String() != "sound" {
		t.Errorf("sent %q, %v", out.String(), err)
	}
}

// TestStart_Fails: what was not written, or is not sound, is not listed, and nothing of
// it stays.
func TestStart_Fails(t *testing.T) {
	for _, c := range []*copier{{text: "sound", err: errors.New("disk full")}, {text: "rubbish"}} {
		s, _ := open(t, c, nil)
		if err := s.Start(olga); err != nil {
			t.Fatal(err)
		}
		finished(t, s)
		files, _ := os.ReadDir(s.Folder)
		if s.Progress().Fault == "" || len(files) > 0 {
			t.Errorf("%+v: fault %q, %d files", c, s.Progress().Fault, len(files))
		}
	}
}

// TestDaily makes one a day once its time has come, also when the server was off then,
// and keeps some; those made by hand stay.
func TestDaily(t *testing.T) {
	s, clock := open(t, &copier{text: "sound"}, func(c *Config) {
		c.Every = time.Millisecond
		c.Plan = func() (string, int) { return "03:30", 2 }
	})
	if err := s.Start(olga); err != nil {
		t.Fatal(err)
	}
	wait := func(what, want string) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); names(t, s) != want; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: %s, want %s", what, names(t, s), want)
			}
		}
	}
	const hand, first = "fieldstack-20260302-010000-hand.db", "fieldstack-20260302-010000-daily.db"
	wait("that of yesterday", hand+" "+first)
	clock.pass(3 * time.Hour)
	wait("today's", "fieldstack-20260302-040000-daily.db "+hand+" "+first)
	clock.pass(72 * time.Hour)
	wait("after three days", "fieldstack-20260305-040000-daily.db fieldstack-20260302-040000-daily.db "+hand)
}

// TestNames: no name leads out of the folder, or to a file that is no backup.
func TestNames(t *testing.T) {
	s, _ := open(t, &copier{text: "sound"}, nil)
	for _, name := range []string{"", ".", "..", "../fieldstack.db", "restore-next.json", "fieldstack-20260302-010000-hand.db/../x", "/etc/passwd", "fieldstack-20260302-010000-hand.db\x00"} {
		for what, err := range map[string]error{"send": s.Send(t.Context(), olga, name, io.Discard), "remove": s.Remove(olga, name), "stage": s.Stage(t.Context(), olga, name)} {
			var e *collections.Error
			if !errors.As(err, &e) || e.Code != collections.NotFound {
				t.Errorf("%s %q: %v", what, name, err)
			}
		}
	}
}

// TestOwnersOnly keeps everybody else out of every call.
func TestOwnersOnly(t *testing.T) {
	s, _ := open(t, &copier{text: "sound"}, nil)
	for _, a := range []collections.Actor{{Role: collections.Designer}, {Role: collections.Owner, Scopes: []string{"read"}}} {
		_, list := s.List(a)
		_, _, look := s.Look(t.Context(), a, "x")
		for what, err := range map[string]error{
			"start": s.Start(a), "list": list, "look": look, "send": s.Send(t.Context(), a, "x", io.Discard),
			"remove": s.Remove(a, "x"), "stage": s.Stage(t.Context(), a, "x"), "unstage": s.Unstage(a),
		} {
			var e *collections.Error
			if !errors.As(err, &e) || e.Code != collections.Forbidden {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
}

// errCut breaks a restore off, as a power cut would.
var errCut = errors.New("the power went")

// staging is a folder with a database, its log beside it, and a staged backup.
func staging(t *testing.T) (folder, database string) {
	t.Helper()
	data := t.TempDir()
	folder, database = filepath.Join(data, "backups"), filepath.Join(data, "fieldstack.db")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{database: "old", database + "-wal": "old log", filepath.Join(folder, "fieldstack-20260302-010000-hand.db"): "new"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeStaged(folder, Staged{Name: "fieldstack-20260302-010000-hand.db", By: "olga"}); err != nil {
		t.Fatal(err)
	}
	return folder, database
}

func copyFile(_ context.Context, from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// TestApply puts the backup in the place of the database, which is moved aside whole.
func TestApply(t *testing.T) {
	folder, database := staging(t)
	did, err := Apply(t.Context(), folder, database, time.Unix(0, 0), copyFile)
	if err != nil || did == nil || did.Fault != "" {
		t.Fatalf("%+v, %v", did, err)
	}
	checkApplied(t, folder, database)
	if did, err = Apply(t.Context(), folder, database, time.Unix(9, 0), copyFile); did != nil || err != nil {
		t.Errorf("a second time: %+v, %v", did, err)
	}
}

func checkApplied(t *testing.T, folder, database string) {
	t.Helper()
	if text, _ := os.ReadFile(database); string(text) != "new" {
		t.Errorf("the database is %q", text)
	}
	if _, err := os.Stat(database + "-wal"); err == nil {
		t.Error("the log of the old database lies beside the new one")
	}
	aside, _ := filepath.Glob(filepath.Join(filepath.Dir(database), "before-restore-*", "*"))
	if len(aside) != 2 {
		t.Errorf("aside are %v", aside)
	}
	left, _ := filepath.Glob(filepath.Join(folder, "restore-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestApply_CutOff breaks off between any two steps, by making the state that would be
// there: the next start finishes it, and nothing is lost.
func TestApply_CutOff(t *testing.T) {
	aside := func(database string) string { return filepath.Join(filepath.Dir(database), "before-restore-x") }
	move := func(t *testing.T, from, to string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.Rename(from, to)); err != nil {
			t.Fatal(err)
		}
	}
	steps := []func(t *testing.T, folder, database string){
		func(t *testing.T, folder, _ string) { // while the copy was written
			_ = os.WriteFile(filepath.Join(folder, readyFile), []byte("ne"), 0o600)
			_ = os.WriteFile(filepath.Join(folder, readyFile+"-wal"), []byte("x"), 0o600)
		},
		func(t *testing.T, folder, database string) { // noted that it is ready
			_ = os.WriteFile(filepath.Join(folder, readyFile), []byte("new"), 0o600)
			_ = os.Remove(filepath.Join(folder, readyFile+"-wal"))
			if err := writeStaged(folder, Staged{Name: "fieldstack-20260302-010000-hand.db", Aside: aside(database)}); err != nil {
				t.Fatal(err)
			}
		},
		func(t *testing.T, _, database string) {
			move(t, database+"-wal", filepath.Join(aside(database), "fieldstack.db-wal"))
		},
		func(t *testing.T, _, database string) {
			move(t, database, filepath.Join(aside(database), "fieldstack.db"))
		},
		func(t *testing.T, folder, database string) { move(t, filepath.Join(folder, readyFile), database) },
	}
	for n := 1; n <= len(steps); n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			folder, database := staging(t)
			for _, step := range steps[:n] {
				step(t, folder, database)
			}
			if did, err := Apply(t.Context(), folder, database, time.Unix(0, 0), copyFile); err != nil || did == nil || did.Fault != "" {
				t.Fatalf("%+v, %v", did, err)
			}
			checkApplied(t, folder, database)
		})
	}
}

// TestApply_Damaged leaves everything as it was, says why, and starts.
func TestApply_Damaged(t *testing.T) {
	folder, database := staging(t)
	did, err := Apply(t.Context(), folder, database, time.Unix(0, 0), func(context.Context, string, string) error { return errCut })
	if err != nil || did == nil || !strings.Contains(did.Fault, "the power went") {
		t.Fatalf("%+v, %v", did, err)
	}
	if text, _ := os.ReadFile(database); string(text) != "old" {
		t.Errorf("the database is %q", text)
	}
	s := &Service{Config: Config{Folder: folder}}
	if staged, _ := s.Staged(); staged != nil || s.Failed() == "" {
		t.Errorf("staged %v, failed %q", staged, s.Failed())
	}
}
