package api

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fieldstack/fieldstack/collections"
)

// What /readyz answers while the server serves, when its store is gone, and on its way
// out; /healthz says all along that the process answers.
func TestReady_Answers(t *testing.T) {
	w := newWorld(t)
	w.run(t, []scenario{
		{"ready", "", "GET", "/readyz", "", 200, []string{`{"checks":{"serving":"ok","store":"ok"},"ok":true}`}, nil},
	})
	w.must(w.store.Close())
	w.run(t, []scenario{
		{"no store", "", "GET", "/readyz", "", 503, []string{`{"checks":{"serving":"ok","store":"failed"},"ok":false}`}, []string{"storetest"}},
		{"alive", "", "GET", "/healthz", "", 200, []string{`{"ok":true}`}, nil},
	})
	w.server.Leave()
	a := w.do("", "GET", "/readyz", "")
	if a.status != 503 || a.header.Get("Retry-After") == "" || !strings.Contains(a.body, `"serving":"The server is stopping."`) {
		t.Errorf("leaving: %d %v %s", a.status, a.header, a.body)
	}
	w.want("alive", w.do("", "GET", "/healthz", ""), 200)
}

// Each way a check can end, and what is told of it.
func TestReadiness(t *testing.T) {
	var log bytes.Buffer
	r := &readiness{patience: 50 * time.Millisecond, log: slog.New(slog.NewTextHandler(&log, nil)), checks: []Check{
		{"good", func(context.Context) error { return nil }},
		{"bad", func(context.Context) error { return errors.New("the secret of /srv/data") }},
		{"told", func(context.Context) error {
			return collections.Errorf(collections.Unavailable, "", "The lease is lost.")
		}},
		{"slow", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
		{"wild", func(context.Context) error { panic("a secret") }},
	}}
	want := map[string]string{"good": "ok", "bad": "failed", "told": "The lease is lost.", "slow": "did not answer in time", "wild": "failed"}
	for range 2 {
		says, well := r.ask(t.Context())
		if diff := cmp.Diff(want, says); diff != "" || well {
			t.Errorf("well %v; -want +got:\n%s", well, diff)
		}
	}
	if n := strings.Count(log.String(), "/srv/data"); n != 1 {
		t.Errorf("the same fault is logged %d times:\n%s", n, log.String())
	}
	r.checks = r.checks[:1]
	if says, well := r.ask(t.Context()); !well || len(says) != 1 {
		t.Errorf("with the good one alone: %v, %v", well, says)
	}
}

// A check that never ends keeps nobody waiting, and is asked once however many ask; the
// answer is there as soon as it ends.
func TestReadiness_Stuck(t *testing.T) {
	end, asked := make(chan struct{}), atomic.Int64{}
	r := &readiness{patience: 10 * time.Millisecond, log: slog.New(slog.DiscardHandler), checks: []Check{
		{"stuck", func(context.Context) error { asked.Add(1); <-end; return nil }},
	}}
	begun := time.Now()
	for range 3 {
		if says, well := r.ask(t.Context()); well || says["stuck"] != "did not answer in time" {
			t.Errorf("it says %v", says)
		}
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("three who asked waited %v", took)
	}
	if asked.Load() != 1 {
		t.Errorf("it was asked %d times", asked.Load())
	}
	close(end)
	if says, well := r.ask(t.Context()); !well {
		t.Errorf("once it has ended: %v", says)
	}
}
