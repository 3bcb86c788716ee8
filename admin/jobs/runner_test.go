package jobs_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/collections"
)

var anna, ben = collections.Actor{User: "anna"}, collections.Actor{User: "ben"}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type world struct {
	*testing.T
	*jobs.Runner
	clock *clock
	log   bytes.Buffer
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, clock: &clock{at: time.UnixMilli(1e12)}}
	w.Runner = jobs.New(jobs.Config{Now: w.clock.now, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	t.Cleanup(func() {
		if err := w.Runner.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) start(who collections.Actor, work jobs.Work) string {
	w.Helper()
	id, err := w.Start(who, jobs.About{Kind: "edit", Type: "order", Title: "Status to done"}, work)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// ended waits until a job of anna has ended.
func (w *world) ended(id string) jobs.Report {
	w.Helper()
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if report, ok := w.Find("anna", id); ok && report.State != jobs.Running {
			return report
		}
	}
	w.Fatal("the job does not end")
	return jobs.Report{}
}

// A job says how far it is, and keeps what came of it.
func TestRunner_Progress(t *testing.T) {
	w := newWorld(t)
	at, on := make(chan bool), make(chan bool)
	id := w.start(anna, func(_ context.Context, p *jobs.Progress) (any, error) {
		p.Total(4)
		p.Did(1)
		at <- true
		<-on
		p.Did(3)
		return "kept", nil
	})
	<-at
	if report, _ := w.Find("anna", id); report.State != jobs.Running || report.Percent() != 25 || report.Result != nil {
		t.Errorf("under way it is %+v", report)
	}
	close(on)
	if report := w.ended(id); report.State != jobs.Done || report.Percent() != 100 || report.Result != "kept" || report.Ended.IsZero() {
		t.Errorf("at the end it is %+v", report)
	}
}

// For everybody else a job is not there.
func TestRunner_OnesOwn(t *testing.T) {
	w := newWorld(t)
	on := make(chan bool)
	id := w.start(anna, func(ctx context.Context, _ *jobs.Progress) (any, error) { <-on; return nil, ctx.Err() })
	if _, there := w.Find("ben", id); there || w.Cancel("ben", id) || len(w.List("ben", "")) > 0 {
		t.Error("ben has a hand in it")
	}
	if len(w.List("anna", "order")) != 1 || len(w.List("anna", "other")) != 0 {
		t.Error("anna does not find it by its type")
	}
	close(on)
	if report := w.ended(id); report.State != jobs.Done {
		t.Errorf("it ended as %s", report.State)
	}
}

// A mistake is told as it is; a fault and a panic are logged, and tell nothing.
func TestRunner_Wrong(t *testing.T) {
	w := newWorld(t)
	told := w.ended(w.start(anna, func(context.Context, *jobs.Progress) (any, error) {
		return 3, collections.Errorf(collections.Forbidden, "", "You may not.")
	}))
	if told.State != jobs.Failed || told.Wrong.String() != "You may not." || told.Result != 3 || w.log.Len() > 0 {
		t.Errorf("a mistake is %+v", told)
	}
	for _, work := range []jobs.Work{
		func(context.Context, *jobs.Progress) (any, error) { return nil, errors.New("secret disk") },
		func(context.Context, *jobs.Progress) (any, error) { panic("secret disk") },
	} {
		report := w.ended(w.start(anna, work))
		if report.State != jobs.Failed || strings.Contains(report.Wrong.String(), "secret") {
			t.Errorf("a fault is %+v", report)
		}
	}
	if strings.Count(w.log.String(), "secret disk") != 2 {
		t.Errorf("the log has %s", &w.log)
	}
}

// Cancel and Close end jobs; a runner that is closed starts none.
func TestRunner_Ends(t *testing.T) {
	w := newWorld(t)
	until := func(ctx context.Context, _ *jobs.Progress) (any, error) { <-ctx.Done(); return nil, ctx.Err() }
	id := w.start(anna, until)
	if !w.Cancel("anna", id) || w.ended(id).State != jobs.Cancelled {
		t.Error("it does not end when it is cancelled")
	}
	id = w.start(anna, until)
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report, _ := w.Find("anna", id); report.State != jobs.Cancelled {
		t.Errorf("closing leaves it %s", report.State)
	}
	if _, err := w.Start(anna, jobs.About{}, until); err == nil {
		t.Error("a closed runner starts a job")
	}
}

// Somebody has few jobs under way, and old ones are let go.
func TestRunner_Bounds(t *testing.T) {
	w := newWorld(t)
	quick := func(context.Context, *jobs.Progress) (any, error) { return nil, nil }
	until := func(ctx context.Context, _ *jobs.Progress) (any, error) { <-ctx.Done(); return nil, nil }
	first := w.start(anna, until)
	w.start(anna, until)
	if _, err := w.Start(anna, jobs.About{}, quick); err == nil {
		t.Error("a third job begins")
	}
	w.start(ben, quick)
	w.Cancel("anna", first)
	w.ended(first)
	for range 30 {
		w.clock.pass(time.Second)
		w.ended(w.start(anna, quick))
	}
	if n := len(w.List("anna", "")); n > 12 {
		t.Errorf("%d jobs are remembered", n)
	}
	w.clock.pass(24 * time.Hour)
	w.ended(w.start(anna, quick))
	if n := len(w.List("anna", "")); n != 2 {
		t.Errorf("a day later %d jobs are remembered, want the one that runs and the last", n)
	}
}
