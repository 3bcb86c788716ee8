package jobs

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/templates/words"
)

// State is where a job is.
type State string

// The states of a job.
const (
	Running     State = "running"
	Done        State = "done"
	Failed      State = "failed"
	Cancelled   State = "cancelled"
	Interrupted State = "interrupted" // by a stop of the server
)

// Report is how a job stands.
type Report struct {
	About
	ID      string    `json:"id"`
	State   State     `json:"state"`
	Did     int       `json:"did"`
	Total   int       `json:"total"` // 0 while nobody knows
	Began   time.Time `json:"began"`
	Ended   time.Time `json:"ended,omitzero"`    // zero while it runs
	Wrong   string    `json:"wrong,omitempty"`   // why it failed, for the person: one of our own sentences
	Outcome Outcome   `json:"outcome"`           // so far, while it runs
	Steps   int       `json:"steps,omitempty"`   // that are in its ledger, to be undone
	TooMuch bool      `json:"tooMuch"`           // it wrote more than a ledger holds: it cannot be undone
	Undoing string    `json:"undoing,omitempty"` // id of the job that undoes it, or did
	Beat    time.Time `json:"beat"`              // when it was last heard of
	Result  any       `json:"-"`                 // what the work showed last; shared, read only; not over a restart
}

// Percent is how much is done, 0 to 100; 0 while nobody knows how much there is.
func (r Report) Percent() int {
	if r.Total <= 0 {
		return 0
	}
	return min(100, r.Did*100/r.Total)
}

// Outcome counts what came of a job, by records, and tells of those that it left alone.
type Outcome struct {
	Made     int       `json:"made,omitempty"`
	Changed  int       `json:"changed,omitempty"`
	Removed  int       `json:"removed,omitempty"`  // into the trash
	Restored int       `json:"restored,omitempty"` // out of it, by an undoing
	Values   int       `json:"values,omitempty"`   // put back, by an undoing
	Same     int       `json:"same,omitempty"`     // were so already
	Refused  int       `json:"refused,omitempty"`
	Told     []Refusal `json:"told,omitempty"` // the first of Refused
}

// Wrote is how many records a job has written.
func (o Outcome) Wrote() int { return o.Made + o.Changed + o.Removed + o.Restored }

// MostTold is how many refusals are told one by one.
const MostTold = 100

// Refusal is a record, or a row of a file, that was left as it is.
type Refusal struct {
	ID     string `json:"id,omitempty"` // of the record, "" where there is none
	Name   string `json:"name,omitempty"`
	Line   int    `json:"line,omitempty"`   // of the file, 0 where there is none
	Column string `json:"column,omitempty"` // of the file
	Why    string `json:"why"`
}

func (o *Outcome) refuse(list ...Refusal) {
	o.Refused += len(list)
	if room := MostTold - len(o.Told); room > 0 {
		// A copy: reports of before share what they have of it.
		o.Told = append(o.Told[:len(o.Told):len(o.Told)], list[:min(room, len(list))]...)
	}
}

// job is one job under way, or one that ended and is not in the store.
type job struct {
	account string // never changes

	keeping sync.Mutex // held while it is kept; guards rev
	rev     uint64     // of the item that it is kept in

	mu     sync.Mutex // guards all below
	cancel context.CancelFunc
	who    *auth.Identity // whoever began it, as they are now
	report Report         // its id and what it is about never change
}

func (j *job) now() Report {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.report
}

// last is how a job stands when its work has ended with err. ctx is its own, whose cause
// says why it was ended from outside.
func (j *job) last(ctx context.Context, at time.Time, err error) Report {
	report := j.now()
	report.Ended, report.State = at, Done
	why := context.Cause(ctx)
	var known *collections.Error
	switch {
	case err == nil:
	case errors.Is(why, errStopping):
		report.State = Interrupted
	case why != nil:
		report.State = Cancelled
	case errors.As(err, &known):
		report.State, report.Wrong = Failed, show.Sentence(ctx, known.Message)
	default:
		report.State, report.Wrong = Failed, words.Say(ctx, "Something went wrong on the server; what was done until then is done.")
	}
	return report
}

// end gives a job its last state, for everybody to see.
func (j *job) end(last Report) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.report.State, j.report.Ended, j.report.Wrong = last.State, last.Ended, last.Wrong
}
