package jobs

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// State is where a job is.
type State string

// The states of a job.
const (
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Report is how a job stands.
type Report struct {
	About
	ID    string
	State State
	Did   int
	Total int // 0 while nobody knows
	Began time.Time
	Ended time.Time // zero while it runs
	// Wrong is why it failed, for the person: one of our own sentences.
	Wrong  schema.Sentence
	Result any // what the work gave, nil while it runs; shared, read only
}

// Percent is how much is done, 0 to 100; 0 while nobody knows how much there is.
func (r Report) Percent() int {
	if r.Total <= 0 {
		return 0
	}
	return min(100, r.Did*100/r.Total)
}

// job is one job. Account and cancel never change.
type job struct {
	account string
	cancel  context.CancelFunc

	mu     sync.Mutex
	report Report
}

func (j *job) now() Report {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.report
}

func (j *job) end(at time.Time, result any, err error, cancelled bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.report.Ended, j.report.Result, j.report.State = at, result, Done
	var known *collections.Error
	switch {
	case err == nil:
	case cancelled:
		j.report.State = Cancelled
	case errors.As(err, &known):
		j.report.State, j.report.Wrong = Failed, known.Message
	default:
		j.report.State, j.report.Wrong = Failed, schema.Says("Something went wrong on the server; what was done until then is done.")
	}
}

// Progress says how far the work is. Only the work uses it.
type Progress struct{ job *job }

// Total says how much there is to do.
func (p *Progress) Total(n int) {
	p.job.mu.Lock()
	defer p.job.mu.Unlock()
	p.job.report.Total = n
}

// Did says that so much more is done.
func (p *Progress) Did(n int) {
	p.job.mu.Lock()
	defer p.job.mu.Unlock()
	p.job.report.Did += n
}
