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
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/internal/auth"
)

var anna, ben = person("anna"), person("ben")

func person(name string) *auth.Identity {
	return &auth.Identity{Actor: collections.Actor{User: name, Name: name, Role: collections.Owner}}
}

// doors says who is signed in: everybody that is not in it.
type doors map[string]bool

func (d doors) Check(_ context.Context, who *auth.Identity) (*auth.Identity, error) {
	if d[who.Actor.User] {
		return nil, collections.Errorf(collections.Unauthorized, "", "You are signed out.")
	}
	return who, nil
}

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
	w.Runner = jobs.New(jobs.Config{Items: storetest.Memory(), Records: nothing{}, Sessions: doors{}, Now: w.clock.now, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	t.Cleanup(func() {
		if err := w.Runner.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return w
}

// nothing are records that nobody asks for.
type nothing struct{ jobs.Records }

func (w *world) start(who *auth.Identity, work jobs.Work) string {
	w.Helper()
	id, err := w.Start(w.Context(), who, jobs.About{Kind: jobs.Look, Type: "order", Title: "Status to done"}, work)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// ended waits until a job of anna has ended.
func (w *world) ended(id string) jobs.Report {
	w.Helper()
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if report, err := w.Find(w.Context(), "anna", id); err == nil && report.State != jobs.Running {
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
	id := w.start(anna, func(_ context.Context, p *jobs.Progress) error {
		p.Total(4)
		p.Did(1)
		at <- true
		<-on
		p.Did(3)
		p.Show("kept")
		return nil
	})
	<-at
	if report, _ := w.Find(t.Context(), "anna", id); report.State != jobs.Running || report.Percent() != 25 || report.Result != nil {
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
	id := w.start(anna, func(ctx context.Context, _ *jobs.Progress) error { <-on; return ctx.Err() })
	if _, err := w.Find(t.Context(), "ben", id); err == nil || w.Cancel("ben", id) || w.Running("ben", id) {
		t.Error("ben has a hand in it")
	}
	if !w.Running("anna", id) {
		t.Error("anna does not find it")
	}
	close(on)
	if report := w.ended(id); report.State != jobs.Done {
		t.Errorf("it ended as %s", report.State)
	}
}

// A mistake is told as it is; a fault and a panic are logged, and tell nothing.
func TestRunner_Wrong(t *testing.T) {
	w := newWorld(t)
	told := w.ended(w.start(anna, func(_ context.Context, p *jobs.Progress) error {
		p.Show(3)
		return collections.Errorf(collections.Forbidden, "", "You may not.")
	}))
	if told.State != jobs.Failed || told.Wrong != "You may not." || told.Result != 3 || w.log.Len() > 0 {
		t.Errorf("a mistake is %+v", told)
	}
	for _, work := range []jobs.Work{
		func(context.Context, *jobs.Progress) error { return errors.New("secret disk") },
		func(context.Context, *jobs.Progress) error { panic("secret disk") },
	} {
		report := w.ended(w.start(anna, work))
		if report.State != jobs.Failed || strings.Contains(report.Wrong, "secret") {
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
	until := func(ctx context.Context, _ *jobs.Progress) error { <-ctx.Done(); return ctx.Err() }
	id := w.start(anna, until)
	if !w.Cancel("anna", id) || w.ended(id).State != jobs.Cancelled {
		t.Error("it does not end when it is cancelled")
	}
	id = w.start(anna, until)
	if err := w.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report, _ := w.Find(t.Context(), "anna", id); report.State != jobs.Interrupted {
		t.Errorf("closing leaves it %s", report.State)
	}
	if _, err := w.Start(t.Context(), anna, jobs.About{}, until); err == nil {
		t.Error("a closed runner starts a job")
	}
}

// Somebody has few jobs under way, and old ones are let go.
func TestRunner_Bounds(t *testing.T) {
	w := newWorld(t)
	quick := func(context.Context, *jobs.Progress) error { return nil }
	until := func(ctx context.Context, _ *jobs.Progress) error { <-ctx.Done(); return nil }
	first := w.start(anna, until)
	w.start(anna, until)
	w.start(anna, until)
	if _, err := w.Start(t.Context(), anna, jobs.About{Kind: jobs.Look}, quick); err == nil {
		t.Error("a fourth job begins")
	}
	w.start(ben, quick)
	w.Cancel("anna", first)
	w.ended(first)
	var ids []string
	for range 30 {
		w.clock.pass(time.Second)
		ids = append(ids, w.start(anna, quick))
		w.ended(ids[len(ids)-1])
	}
	known := 0
	for _, id := range ids {
		if _, err := w.Find(t.Context(), "anna", id); err == nil {
			known++
		}
	}
	if known != 10 {
		t.Errorf("%d jobs that wrote nothing are remembered", known)
	}
}

// A job ends when whoever began it is signed out.
func TestRunner_SignedOut(t *testing.T) {
	w := newWorld(t)
	out := doors{}
	w.Runner = jobs.New(jobs.Config{Items: storetest.Memory(), Records: nothing{}, Sessions: out, Now: w.clock.now, Random: rand.Reader, Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	report := w.ended(w.start(anna, func(ctx context.Context, p *jobs.Progress) error {
		if _, err := p.Actor(ctx); err != nil {
			return err
		}
		out["anna"] = true
		_, err := p.Write(ctx, []jobs.Change{{}})
		return err
	}))
	if report.State != jobs.Failed || report.Wrong != "You are signed out." {
		t.Errorf("it is %+v", report)
	}
}
