package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Items is where jobs are kept; [collections.Store] is one. The contract of each method
// is the one stated there.
type Items interface {
	Item(ctx context.Context, kind, key string) (*collections.Item, error)
	Items(ctx context.Context, kind, after string, limit int) ([]collections.Item, error)
	PutItem(ctx context.Context, item collections.Item) error
	DeleteItem(ctx context.Context, kind, key string) error
}

// The kinds of the items that hold reports, and that ask for the end of a job, by account
// and id.
const (
	kindJob = "job"
	kindEnd = "job-end"
)

// What is kept of jobs that write, see the head of the package.
const (
	KeptEach  = 20
	KeptFor   = 30 * 24 * time.Hour
	KeptBytes = 128 << 20
)

// silent is after how many beats without one a job is taken for broken off.
const silent = 4

func keyOf(account, id string) string { return account + "/" + id }

// keep writes how a job stands.
func (r *Runner) keep(ctx context.Context, j *job) error { return r.keepAs(ctx, j, j.now()) }

// keepAs writes that a job stands so.
func (r *Runner) keepAs(ctx context.Context, j *job, report Report) error {
	j.keeping.Lock()
	defer j.keeping.Unlock()
	report.Beat = r.config.Now()
	err := r.put(ctx, j.account, report, j.rev)
	if err == nil {
		j.rev++
	}
	return err
}

// put writes a report over the one with that rev; collections.ErrStale where that is not
// the one there is.
func (r *Runner) put(ctx context.Context, account string, report Report, rev uint64) error {
	data, err := json.Marshal(report)
	if err == nil {
		err = r.config.Items.PutItem(ctx, collections.Item{Kind: kindJob, Key: keyOf(account, report.ID), Rev: rev, Data: data})
	}
	if err != nil {
		return fmt.Errorf("jobs: keep a job: %w", err)
	}
	return nil
}

// beat keeps how a job stands again and again, so that others see that it lives, until
// quiet is called.
func (r *Runner) beat(ctx context.Context, j *job, cancel context.CancelCauseFunc) (quiet func()) {
	if !j.report.Kind.writes() {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(r.config.Beat)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			// A store that does not answer just now may do so at the next beat.
			if err := r.keep(ctx, j); errors.Is(err, collections.ErrStale) {
				cancel(errTaken)
				return
			}
			if r.isToEnd(ctx, j) {
				cancel(context.Canceled)
			}
		}
	}()
	return func() { close(stop); <-stopped }
}

// kept gives a report from the store, and the rev of its item.
func (r *Runner) kept(ctx context.Context, account, id string) (Report, uint64, error) {
	item, err := r.config.Items.Item(ctx, kindJob, keyOf(account, id))
	if errors.Is(err, collections.ErrNotFound) {
		return Report{}, 0, collections.Errorf(collections.NotFound, "", "There is no such job any more: the last %d are kept, for %d days.", KeptEach, KeptFor/(24*time.Hour))
	}
	if err != nil {
		return Report{}, 0, fmt.Errorf("jobs: read a job: %w", err)
	}
	report, err := r.reportOf(*item)
	return report, item.Rev, err
}

// reportOf reads a report that is not of a job under way here. One that says that its job
// runs, and that was not heard of for long, is of a job that was broken off.
func (r *Runner) reportOf(item collections.Item) (Report, error) {
	var report Report
	if err := json.Unmarshal(item.Data, &report); err != nil {
		return report, fmt.Errorf("jobs: read a job: %w", err)
	}
	if report.State == Running && (r.config.Alone || r.fellSilent(item)) {
		report.State, report.Ended = Interrupted, report.Beat
	}
	return report, nil
}

// heard is a beat of a job that another server has, and when this one saw it first.
type heard struct {
	rev   uint64
	since time.Time
}

// fellSilent reports whether the job of an item, which says that it runs, has not beaten
// for long. No clocks are compared: what counts is how long this server has looked in vain.
func (r *Runner) fellSilent(item collections.Item) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, last := r.config.Now(), r.heard[item.Key]
	if last.rev == item.Rev {
		return now.Sub(last.since) > silent*r.config.Beat
	}
	for key, other := range r.heard { // those that nobody asks for any more
		if now.Sub(other.since) > keepHeard {
			delete(r.heard, key)
		}
	}
	r.heard[item.Key] = heard{item.Rev, now}
	return false
}

// keepHeard is for how long a beat is remembered.
const keepHeard = time.Hour

// askToEnd asks the server that has a job to end it.
func (r *Runner) askToEnd(ctx context.Context, account, id string) error {
	err := r.config.Items.PutItem(ctx, collections.Item{Kind: kindEnd, Key: keyOf(account, id), Data: []byte(`{}`)})
	if err != nil && !errors.Is(err, collections.ErrStale) { // it was asked already
		return fmt.Errorf("jobs: ask for the end of a job: %w", err)
	}
	return nil
}

// isToEnd reports whether another server was asked to end a job of this one.
func (r *Runner) isToEnd(ctx context.Context, j *job) bool {
	if r.config.Alone {
		return false
	}
	_, err := r.config.Items.Item(ctx, kindEnd, keyOf(j.account, j.report.ID))
	return err == nil
}

// forgetEnd forgets that a job was asked to end: it has.
func (r *Runner) forgetEnd(ctx context.Context, account, id string) {
	if r.config.Alone {
		return
	}
	if err := r.config.Items.DeleteItem(ctx, kindEnd, keyOf(account, id)); err != nil {
		r.config.Log.Warn("jobs: that a job was asked to end is not forgotten", "error", err)
	}
}

// keptOf gives the reports of an account, the one that began last first.
func (r *Runner) keptOf(ctx context.Context, account string) ([]Report, error) {
	var list []Report
	items, err := r.config.Items.Items(ctx, kindJob, account+"/", 2*KeptEach)
	if err != nil {
		return nil, fmt.Errorf("jobs: list jobs: %w", err)
	}
	for _, item := range items {
		if !strings.HasPrefix(item.Key, account+"/") {
			break
		}
		report, err := r.reportOf(item)
		if err != nil {
			return nil, err
		}
		list = append(list, report)
	}
	slices.SortFunc(list, compareReports)
	return list, nil
}

// sweep lets go of what an account has kept too long, or too much of. The ledger goes
// first: a job without one cannot be undone, a ledger without a job would stay for ever.
func (r *Runner) sweep(ctx context.Context, account, spare string) error {
	list, err := r.keptOf(ctx, account)
	if err != nil {
		return err
	}
	for i, report := range list {
		old := r.config.Now().Sub(report.Began) > KeptFor
		if report.ID == spare || report.State == Running || i < KeptEach-1 && !old {
			continue
		}
		if err := dropLedger(ctx, r.config.Items, report.ID); err != nil {
			return err
		}
		if err := r.config.Items.DeleteItem(ctx, kindJob, keyOf(account, report.ID)); err != nil {
			return fmt.Errorf("jobs: let go of a job: %w", err)
		}
		r.forgetEnd(ctx, account, report.ID)
	}
	return nil
}
