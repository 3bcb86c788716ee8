package versions

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/collections/storetest"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// slow are many records, that take until they are let go on.
type slow struct {
	Asks
	looks atomic.Int32
	on    chan bool
}

func (s *slow) Impact(ctx context.Context, _ collections.Actor, _ string, progress func(done, total int)) (*collections.Impact, error) {
	s.looks.Add(1)
	if progress == nil {
		<-ctx.Done()
		return &collections.Impact{Total: 100, Checked: 5}, nil
	}
	progress(40, 100)
	select {
	case <-s.on:
		return &collections.Impact{Total: 100, Checked: 100, Complete: true}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

type everybody struct{}

func (everybody) Check(_ context.Context, who *auth.Identity) (*auth.Identity, error) {
	return who, nil
}

// TestLook: what the first records say is there at once, then how far the look is, then
// the whole; another draft is looked at anew.
func TestLook(t *testing.T) {
	asks := &slow{on: make(chan bool)}
	runner := jobs.New(jobs.Config{Items: storetest.Memory(), Sessions: everybody{}, Now: time.Now, Random: rand.Reader, Log: slog.New(slog.DiscardHandler)})
	p := &pages{Kit: &ui.Kit{Now: time.Now}, asks: asks, jobs: runner, patience: time.Millisecond}
	dana := &auth.Identity{Actor: collections.Actor{User: "dana", Role: collections.Designer}}
	look := func(rev uint64, until func(*collections.Impact, jobs.Report) bool) {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); ; {
			impact, report, err := p.look(t.Context(), dana, &proposal{name: "order", kept: &collections.Draft{Rev: rev}})
			if err != nil {
				t.Fatal(err)
			}
			if until(impact, report) {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("it stays %+v, %+v", impact, report)
			}
		}
	}
	look(1, func(i *collections.Impact, r jobs.Report) bool {
		return !i.Complete && i.Checked == 5 && r.State == jobs.Running
	})
	look(1, func(i *collections.Impact, r jobs.Report) bool { return !i.Complete && r.Percent() == 40 })
	asks.on <- true
	look(1, func(i *collections.Impact, r jobs.Report) bool { return i.Complete && r.State == jobs.Done })
	if n := asks.looks.Load(); n != 2 {
		t.Errorf("%d looks at one draft", n)
	}
	look(2, func(i *collections.Impact, r jobs.Report) bool { return !i.Complete && r.Percent() == 40 })
	look(3, func(i *collections.Impact, r jobs.Report) bool { return !i.Complete && r.Percent() == 40 })
	asks.on <- true
	look(3, func(i *collections.Impact, _ jobs.Report) bool { return i.Complete })
	if err := runner.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
