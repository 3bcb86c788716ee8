package jobs

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Config is what a runner is made of. All of it is required.
type Config struct {
	Now    func() time.Time
	Random io.Reader // of ids
	Log    *slog.Logger
}

// The bounds of a runner: how many jobs of an account run at once, how many that ended
// it remembers of an account, and for how long.
const (
	maxRunning = 2
	maxEnded   = 10
	keepEnded  = 12 * time.Hour
)

// About says what a job is for.
type About struct {
	Kind  string // "import", "edit", …: the area's own
	Type  string // the type whose records it is about
	Title string // for people: "Status to done"
	Page  string // where its progress is shown; the job's id is put behind it
}

// Work does a job, in a goroutine of its own. It ends early, with ctx's error, when ctx
// does. The result is kept with the report, also beside an error.
type Work func(ctx context.Context, p *Progress) (result any, err error)

// Runner runs jobs. Safe for concurrent use.
type Runner struct {
	config Config
	base   context.Context
	stop   context.CancelFunc
	under  sync.WaitGroup

	mu     sync.Mutex // guards what follows
	closed bool
	jobs   map[string]*job // by id
}

// New gives a runner with no jobs.
func New(c Config) *Runner {
	base, stop := context.WithCancel(context.Background())
	return &Runner{config: c, base: base, stop: stop, jobs: map[string]*job{}}
}

// Start begins a job of somebody and gives its id. A *collections.Error says when there
// are too many of theirs under way.
func (r *Runner) Start(who collections.Actor, about About, work Work) (id string, err error) {
	ctx, cancel := context.WithCancel(r.base)
	j := &job{account: who.User, cancel: cancel}
	j.report = Report{About: about, State: Running, Began: r.config.Now()}
	if err := r.add(j); err != nil {
		cancel()
		return "", err
	}
	go func() {
		defer r.under.Done()
		defer cancel()
		result, err := r.run(ctx, &Progress{j}, work)
		j.end(r.config.Now(), result, err, ctx.Err() != nil)
	}()
	return j.report.ID, nil
}

// add takes a job in under an id of its own.
func (r *Runner) add(j *job) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return collections.Errorf(collections.Unavailable, "", "The server is stopping: try again in a moment.")
	}
	r.forget(j.account)
	running := 0
	for _, other := range r.jobs {
		if other.account == j.account && other.now().State == Running {
			running++
		}
	}
	if running >= maxRunning {
		return collections.Errorf(collections.TooMany, "", "You have %d jobs under way: wait until one has ended, or cancel it.", running)
	}
	b := make([]byte, 12)
	if _, err := io.ReadFull(r.config.Random, b); err != nil {
		return fmt.Errorf("jobs: draw an id: %w", err)
	}
	j.report.ID = hex.EncodeToString(b)
	r.jobs[j.report.ID] = j
	r.under.Add(1)
	return nil
}

// forget lets go of an account's jobs that ended long ago, or before many others.
func (r *Runner) forget(account string) {
	var ended []Report
	for id, j := range r.jobs {
		report := j.now()
		switch {
		case report.State == Running:
		case r.config.Now().Sub(report.Ended) > keepEnded:
			delete(r.jobs, id)
		case j.account == account:
			ended = append(ended, report)
		}
	}
	slices.SortFunc(ended, func(a, b Report) int { return b.Ended.Compare(a.Ended) })
	for _, report := range ended[min(maxEnded-1, len(ended)):] {
		delete(r.jobs, report.ID)
	}
}

// run does the work, and makes a panic an error: nothing else would catch it.
func (r *Runner) run(ctx context.Context, p *Progress, work Work) (result any, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
		var known *collections.Error
		if err != nil && ctx.Err() == nil && !errors.As(err, &known) {
			r.config.Log.Error("jobs: a job failed", "kind", p.job.report.Kind, "type", p.job.report.Type, "error", err)
		}
	}()
	return work(ctx, p)
}

// Find gives how a job of the account stands.
func (r *Runner) Find(account, id string) (Report, bool) {
	r.mu.Lock()
	j := r.jobs[id]
	r.mu.Unlock()
	if j == nil || j.account != account {
		return Report{}, false
	}
	return j.now(), true
}

// List gives the account's jobs about a type, the one that began last first; "" for all
// types.
func (r *Runner) List(account, typ string) []Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []Report
	for _, j := range r.jobs {
		if report := j.now(); j.account == account && (typ == "" || report.Type == typ) {
			list = append(list, report)
		}
	}
	slices.SortFunc(list, func(a, b Report) int { return b.Began.Compare(a.Began) })
	return list
}

// Cancel asks a job of the account to end. It reports whether there is one.
func (r *Runner) Cancel(account, id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	j := r.jobs[id]
	if j == nil || j.account != account {
		return false
	}
	j.cancel()
	return true
}

// Close cancels all jobs and waits for them, or for ctx.
func (r *Runner) Close(ctx context.Context) error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.stop()
	ended := make(chan struct{})
	go func() { r.under.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("jobs: still under way: %w", ctx.Err())
	}
}
