package metrics

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
)

// served is what somebody reads.
func served(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("metrics: %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// ableStore can what a store may beyond the interface.
type ableStore struct {
	collections.Store
}

func (s *ableStore) Writable() error { return io.ErrShortWrite }

func (s *ableStore) Wake(_ context.Context, do func()) error { do(); return nil }

// A store that is watched can what the store can, and no more.
func TestStore_Abilities(t *testing.T) {
	m := New("test", time.Now, nil)
	able := m.Store(&ableStore{Store: storetest.Memory()})
	if err := able.(interface{ Writable() error }).Writable(); err != io.ErrShortWrite {
		t.Errorf("it says of writing %v", err)
	}
	woken := false
	if err := able.(collections.Waker).Wake(t.Context(), func() { woken = true }); err != nil || !woken {
		t.Errorf("it does not wake: %v", err)
	}
	plain := m.Store(storetest.Memory())
	if _, is := plain.(collections.Waker); is {
		t.Error("a store that hears nothing of others says that it does")
	}
	if err := plain.(interface{ Writable() error }).Writable(); err != nil {
		t.Errorf("a store that says nothing of writing: %v", err)
	}
}

// What a store answers is no error of it; what it fails to do is, by call.
func TestStore_Errors(t *testing.T) {
	for err, counts := range map[error]bool{
		nil: false, collections.ErrNotFound: false, collections.ErrStale: false, &collections.StaleError{}: false, collections.ErrTaken: false,
		collections.ErrTrimmed: false, context.Canceled: false, fmt.Errorf("while reading: %w", collections.ErrNotFound): false,
		context.DeadlineExceeded: true, io.ErrUnexpectedEOF: true,
	} {
		if failed(err) != counts {
			t.Errorf("%v counts as an error: %v", err, !counts)
		}
	}
	m := New("test", time.Now, nil)
	memory := storetest.Memory()
	s := m.Store(memory)
	_, _ = s.Item(t.Context(), "kind", "key")
	if err := memory.Close(); err != nil {
		t.Fatal(err)
	}
	_ = s.Commit(t.Context(), &collections.Batch{Stream: "main"})
	_, _ = s.Item(t.Context(), "kind", "key")
	got := served(t, m)
	for _, line := range []string{
		`fieldstack_store_errors_total{call="item"} 1`, `fieldstack_store_errors_total{call="commit"} 1`,
		`fieldstack_store_seconds_count{call="item"} 2`, `fieldstack_commit_seconds_count 1`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("there is no %s in\n%s", line, got)
		}
	}
}

// hangingStore commits when it is let to.
type hangingStore struct {
	collections.Store
	let chan struct{}
}

func (s hangingStore) Commit(context.Context, *collections.Batch) error { <-s.let; return nil }

// A commit that hangs is seen while it does.
func TestStore_CommitWaiting(t *testing.T) {
	m := New("test", time.Now, nil)
	hangs := hangingStore{let: make(chan struct{})}
	if m.CommitWaiting() != 0 {
		t.Error("it waits for nothing")
	}
	done := make(chan struct{})
	go func() { _ = m.Store(hangs).Commit(context.Background(), nil); close(done) }()
	for end := time.Now().Add(5 * time.Second); m.CommitWaiting() < 20*time.Millisecond; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nobody sees that it hangs")
		}
	}
	close(hangs.let)
	<-done
	if waited := m.CommitWaiting(); waited != 0 {
		t.Errorf("it has waited for %v", waited)
	}
}
