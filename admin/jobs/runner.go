package jobs

import (
	"cmp"
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
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates/words"
)

// Config is what a runner is made of. All of it is required but Alone, Beat and Ended.
type Config struct {
	Items    Items    // where jobs that write are kept
	Records  Records  // what they write to
	Sessions Sessions // whether whoever began one is still signed in
	Now      func() time.Time
	Random   io.Reader // of ids
	Log      *slog.Logger
	Alone    bool          // no other server has the store: what is under way is so here
	Beat     time.Duration // between two signs of life of a job; default 2 s
	Ended    func(State)   // is told how each job ended; may be nil
}

// Records is what jobs read and write; [collections.Engine] answers.
type Records interface {
	NewID() (string, error)
	Type(ctx context.Context, a collections.Actor, name string, version int) (*collections.Type, error)
	Get(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
	Restore(ctx context.Context, a collections.Actor, typ, id string) (*collections.Document, error)
	WriteAll(ctx context.Context, a collections.Actor, typ string, writes []collections.Write) ([]collections.WriteResult, error)
}

// Sessions says whether an identity still holds; [auth.Service] does.
type Sessions interface {
	Check(ctx context.Context, who *auth.Identity) (*auth.Identity, error)
}

// The bounds of a runner in memory: how many jobs of an account run at once, how many
// that ended and wrote nothing it remembers of an account, and for how long.
const (
	maxRunning = 3
	maxEnded   = 10
	keepEnded  = 12 * time.Hour
)

// Work does a job, in a goroutine of its own. It ends early, with ctx's error, when ctx
// does. ctx speaks the language of who began the job.
type Work func(ctx context.Context, p *Progress) error

// Why a job was ended from outside.
var (
	errStopping = errors.New("jobs: the server is stopping")
	errTaken    = errors.New("jobs: another server took the job for one that was broken off")
)

// Runner runs jobs. Safe for concurrent use.
type Runner struct {
	config Config
	base   context.Context
	stop   context.CancelCauseFunc
	under  sync.WaitGroup

	mu     sync.Mutex // guards what follows
	closed bool
	jobs   map[string]*job  // by id
	heard  map[string]heard // of jobs of other servers, by the key of their item
}

// New gives a runner with no jobs under way.
func New(c Config) *Runner {
	c.Beat = cmp.Or(c.Beat, 2*time.Second)
	if c.Ended == nil {
		c.Ended = func(State) {}
	}
	base, stop := context.WithCancelCause(context.Background())
	return &Runner{config: c, base: base, stop: stop, jobs: map[string]*job{}, heard: map[string]heard{}}
}

// Start begins a job of somebody and gives its id. A *collections.Error says when there
// are too many of theirs under way.
func (r *Runner) Start(ctx context.Context, who *auth.Identity, about About, work Work) (id string, err error) {
	j, err := r.admit(ctx, who, about, "")
	if err != nil {
		return "", err
	}
	r.launch(ctx, j, work)
	return j.report.ID, nil
}

// admit takes a job in, and keeps it if it is of those that are kept. spare is the id of
// a job that is not let go of to make room.
func (r *Runner) admit(ctx context.Context, who *auth.Identity, about About, spare string) (*job, error) {
	j, err := r.add(who, about)
	if err != nil || !about.Kind.writes() {
		return j, err
	}
	if err := errors.Join(r.sweep(ctx, j.account, spare), r.keep(ctx, j)); err != nil {
		r.release(j)
		return nil, err
	}
	return j, nil
}

// add takes a job in under an id of its own, which sorts by when it was begun.
func (r *Runner) add(who *auth.Identity, about About) (*job, error) {
	now := r.config.Now()
	j := &job{account: who.Actor.User, who: who, report: Report{About: about, State: Running, Began: now, Beat: now}}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, collections.Errorf(collections.Unavailable, "", "The server is stopping: try again in a moment.")
	}
	r.forget(j.account)
	running := 0
	for _, other := range r.jobs {
		if other.account == j.account && other.now().State == Running {
			running++
		}
	}
	if running >= maxRunning {
		return nil, collections.Errorf(collections.TooMany, "", "You have %d jobs under way: wait until one has ended, or cancel it.", running)
	}
	b := make([]byte, 10)
	if _, err := io.ReadFull(r.config.Random, b); err != nil {
		return nil, fmt.Errorf("jobs: draw an id: %w", err)
	}
	j.report.ID = fmt.Sprintf("%012x%s", now.UnixMilli(), hex.EncodeToString(b))
	j.cancel = func() {} // until it is launched
	r.jobs[j.report.ID] = j
	r.under.Add(1)
	return j, nil
}

// launch begins the work of a job that was admitted.
func (r *Runner) launch(ctx context.Context, j *job, work Work) {
	p := &Progress{runner: r, job: j}
	if j.report.Kind.writes() {
		p.ledger = &ledger{items: r.config.Items, job: j}
	}
	jobCtx, cancel := context.WithCancelCause(web.WithRequest(words.With(r.base, words.Of(ctx)), web.RequestOf(ctx)))
	j.mu.Lock()
	j.cancel = func() { cancel(context.Canceled) }
	j.mu.Unlock()
	go func() {
		defer r.under.Done()
		defer cancel(nil)
		quiet := r.beat(jobCtx, j, cancel)
		err := r.run(jobCtx, p, work)
		quiet()
		r.end(jobCtx, j, err)
	}()
}

// release takes a job out that did not come to run.
func (r *Runner) release(j *job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.jobs, j.report.ID)
	r.under.Done()
}

// end gives a job its last state. One that is kept is found in the store from then on: it
// is there before anybody sees that it has ended, and could undo it.
func (r *Runner) end(ctx context.Context, j *job, err error) {
	last := j.last(ctx, r.config.Now(), err)
	r.config.Ended(last.State)
	if !last.Kind.writes() {
		j.end(last)
		return
	}
	if !errors.Is(context.Cause(ctx), errTaken) {
		keeping, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := r.keepAs(keeping, j, last); err != nil {
			r.config.Log.ErrorContext(ctx, "jobs: the end of a job could not be kept", "job", last.ID, "error", err)
			j.end(last)
			return
		}
	}
	r.leave(j, last)
	forgetting, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	r.forgetEnd(forgetting, j.account, last.ID)
}

// leave takes a job out of memory that is found in the store from now on.
func (r *Runner) leave(j *job, last Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j.end(last)
	delete(r.jobs, last.ID)
}

// forget lets go of an account's jobs in memory that ended long ago, or before many
// others.
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
	slices.SortFunc(ended, compareReports)
	for _, report := range ended[min(maxEnded-1, len(ended)):] {
		delete(r.jobs, report.ID)
	}
}

// run does the work, and makes a panic an error: nothing else would catch it.
func (r *Runner) run(ctx context.Context, p *Progress, work Work) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
		var known *collections.Error
		if err != nil && ctx.Err() == nil && !errors.As(err, &known) {
			r.config.Log.ErrorContext(ctx, "jobs: a job failed", "job", p.job.report.ID, "kind", p.job.report.Kind, "type", p.job.report.Type, "error", err)
		}
	}()
	return work(ctx, p)
}

// Find gives how a job of the account stands; NotFound where there is none.
func (r *Runner) Find(ctx context.Context, account, id string) (Report, error) {
	r.mu.Lock()
	j := r.jobs[id]
	r.mu.Unlock()
	if j != nil && j.account == account {
		return j.now(), nil
	}
	report, _, err := r.kept(ctx, account, id)
	return report, err
}

// List gives the account's jobs that write to records, about one type, or about any for
// "", the one that began last first.
func (r *Runner) List(ctx context.Context, account, typ string) ([]Report, error) {
	// Before the store is read: one that ends meanwhile is there, or here.
	here := r.here(account)
	list, err := r.keptOf(ctx, account)
	if err != nil {
		return nil, err
	}
	for i, report := range list {
		if j := here[report.ID]; j != nil {
			list[i] = j.now()
		}
	}
	return slices.DeleteFunc(list, func(report Report) bool { return typ != "" && report.Type != typ }), nil
}

// here gives the account's jobs in memory, by id.
func (r *Runner) here(account string) map[string]*job {
	r.mu.Lock()
	defer r.mu.Unlock()
	here := map[string]*job{}
	for id, j := range r.jobs {
		if j.account == account {
			here[id] = j
		}
	}
	return here
}

// Latest gives the account's job in memory of that kind, about that type, that began last.
func (r *Runner) Latest(account string, kind Kind, typ string) (latest Report, known bool) {
	for _, j := range r.here(account) {
		report := j.now()
		if report.Kind == kind && report.Type == typ && (!known || compareReports(report, latest) < 0) {
			latest, known = report, true
		}
	}
	return latest, known
}

// Running reports whether a job of the account is under way here.
func (r *Runner) Running(account, id string) bool {
	r.mu.Lock()
	j := r.jobs[id]
	r.mu.Unlock()
	return j != nil && j.account == account && j.now().State == Running
}

// Under counts the jobs that are under way here, of everybody.
func (r *Runner) Under() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range r.jobs {
		if j.now().State == Running {
			n++
		}
	}
	return n
}

// Cancel asks a job of the account to end. It reports whether there is one under way
// here.
func (r *Runner) Cancel(account, id string) bool {
	r.mu.Lock()
	j := r.jobs[id]
	r.mu.Unlock()
	if j == nil || j.account != account {
		return false
	}
	j.mu.Lock()
	cancel := j.cancel
	j.mu.Unlock()
	cancel()
	return true
}

// End asks a job of the account to end, at whichever server it is: that one hears of it
// at its next beat. One that has ended is no error.
func (r *Runner) End(ctx context.Context, account, id string) error {
	if r.Cancel(account, id) || r.config.Alone {
		return nil
	}
	report, _, err := r.kept(ctx, account, id)
	if err != nil || report.State != Running {
		return err
	}
	return r.askToEnd(ctx, account, id)
}

// Close ends all jobs and waits for them, or for ctx.
func (r *Runner) Close(ctx context.Context) error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.stop(errStopping)
	ended := make(chan struct{})
	go func() { r.under.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("jobs: still under way: %w", ctx.Err())
	}
}
