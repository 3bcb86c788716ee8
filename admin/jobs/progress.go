package jobs

import (
	"context"

	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
)

// Progress says how far the work is, and writes for it. Only the work uses it, in one
// goroutine.
type Progress struct {
	runner *Runner
	job    *job
	ledger *ledger // nil for work that writes nothing
}

// Total says how much there is to do.
func (p *Progress) Total(n int) { p.note(func(r *Report) { r.Total = n }) }

// Did says that so much more is done.
func (p *Progress) Did(n int) { p.note(func(r *Report) { r.Did += n }) }

// Show makes result what the report has, in place of what was shown before. It is shared
// from then on, and must not be changed.
func (p *Progress) Show(result any) { p.note(func(r *Report) { r.Result = result }) }

// Same says that so many records were as the job would have them.
func (p *Progress) Same(n int) { p.note(func(r *Report) { r.Outcome.Same += n }) }

// Refuse tells of records, or rows, that are left as they are.
func (p *Progress) Refuse(list ...Refusal) {
	p.note(func(r *Report) { r.Outcome.refuse(list...) })
}

// Outcome is what came of the job so far.
func (p *Progress) Outcome() Outcome { return p.job.now().Outcome }

func (p *Progress) note(change func(*Report)) {
	p.job.mu.Lock()
	defer p.job.mu.Unlock()
	change(&p.job.report)
}

// Actor is who the job works for, as they are now: an error when they are signed out.
func (p *Progress) Actor(ctx context.Context) (collections.Actor, error) {
	p.job.mu.Lock()
	who := p.job.who
	p.job.mu.Unlock()
	who, err := p.runner.config.Sessions.Check(ctx, who)
	if err != nil {
		return collections.Actor{}, err
	}
	p.job.mu.Lock()
	defer p.job.mu.Unlock()
	p.job.who = who
	return who.Actor, nil
}

// Change is one write of a job.
type Change struct {
	collections.Write
	Was  *collections.Document // as it was read before; nil for a record that is made
	Told Refusal               // how the record is told of when it is refused; its reason is filled in
}

// Write does some changes to records of the job's type, noted before and after, counts
// what came of them, and gives the reasons of those that were refused, "" for the others.
// A batch that has begun is waited for, also when ctx ends meanwhile.
func (p *Progress) Write(ctx context.Context, changes []Change) (refused []string, err error) {
	actor, err := p.Actor(ctx)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil || len(changes) == 0 {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	writes := make([]collections.Write, len(changes))
	for i := range changes {
		if c := &changes[i]; c.Was == nil && c.ID == "" {
			if c.ID, err = p.runner.config.Records.NewID(); err != nil {
				return nil, err
			}
			c.Drawn = true
		}
		writes[i] = changes[i].Write
	}
	if p.ledger.pages == 0 { // from here on it is worth knowing how much there is to do
		if err := p.runner.keep(ctx, p.job); err != nil {
			return nil, err
		}
	}
	if err := p.ledger.intend(ctx, changes); err != nil {
		return nil, err
	}
	results, err := p.runner.config.Records.WriteAll(ctx, actor, p.job.report.Type, writes)
	if err != nil {
		return nil, err
	}
	refused = p.count(ctx, changes, results)
	if err := p.ledger.settle(ctx, changes, results); err != nil {
		return nil, err
	}
	return refused, p.runner.keep(ctx, p.job)
}

// count counts what came of some changes.
func (p *Progress) count(ctx context.Context, changes []Change, results []collections.WriteResult) (refused []string) {
	refused = make([]string, len(changes))
	p.note(func(r *Report) {
		for i, result := range results {
			told := changes[i].Told
			switch {
			case result.Error != nil:
				refused[i] = show.Sentence(ctx, result.Error.Message)
				told.Why = refused[i]
				r.Outcome.refuse(told)
			case changes[i].Was == nil:
				r.Outcome.Made++
			case changes[i].Remove:
				r.Outcome.Removed++
			default:
				r.Outcome.Changed++
			}
		}
	})
	return refused
}
