package versions

import (
	"context"
	"fmt"
	"time"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// The look through the records of a type before it is published is a job: the page shows
// what the first of them say at once, and how far the rest is.

const (
	firstLook = 2 * time.Second // for what is shown at once
	lookLife  = 2 * time.Minute // how long what a look has found is shown again
)

// look finds or begins the look through the records for a draft, and gives what it has
// found so far, and how it stands.
func (p *pages) look(ctx context.Context, who *auth.Identity, w *proposal) (*collections.Impact, jobs.Report, error) {
	of := fmt.Sprintf("draft %d after version %d", w.kept.Rev, len(w.versions))
	user := who.Actor.User
	report, known := p.jobs.Latest(user, jobs.Look, w.name)
	same := known && report.Title == of
	switch {
	case same && report.State == jobs.Running, same && report.State == jobs.Done && p.Now().Sub(report.Ended) < lookLife:
		return p.await(ctx, user, report.ID)
	case known: // of another draft than there is now
		p.jobs.Cancel(user, report.ID)
	}
	id, err := p.jobs.Start(ctx, who, jobs.About{Kind: jobs.Look, Type: w.name, Title: of}, func(ctx context.Context, progress *jobs.Progress) error {
		return p.lookThrough(ctx, who.Actor, w.name, progress)
	})
	if err != nil {
		return nil, jobs.Report{}, err
	}
	return p.await(ctx, user, id)
}

// lookThrough shows what it finds in a short time, and then looks at all there is.
func (p *pages) lookThrough(ctx context.Context, actor collections.Actor, name string, progress *jobs.Progress) error {
	short, cancel := context.WithTimeout(ctx, p.patience)
	defer cancel()
	impact, err := p.asks.Impact(short, actor, name, nil)
	switch {
	case err == nil:
		if progress.Show(impact); impact.Complete {
			return nil
		}
	case short.Err() == nil:
		return err
	}
	did := 0
	impact, err = p.asks.Impact(ctx, actor, name, func(done, total int) {
		progress.Total(total)
		progress.Did(done - did)
		did = done
	})
	if err == nil {
		progress.Show(impact)
	}
	return err
}

// await waits until a look has something to show, or has ended.
func (p *pages) await(ctx context.Context, user, id string) (*collections.Impact, jobs.Report, error) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		report, err := p.jobs.Find(ctx, user, id)
		if err != nil {
			return nil, report, err
		}
		if impact, ok := report.Result.(*collections.Impact); ok {
			return impact, report, nil
		}
		if report.State != jobs.Running {
			return nil, report, collections.Errorf(collections.Unavailable, "", "The look through the records did not come to its end: open the page again.")
		}
		select {
		case <-ctx.Done():
			return nil, report, ctx.Err()
		case <-tick.C:
		}
	}
}
