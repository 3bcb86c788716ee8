package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// batchRows is how many rows are looked up and written at once.
const batchRows = 500

// pass goes through all rows of a job once: to say what would be done, or to do it.
type pass struct {
	engine   Engine
	accounts Accounts
	who      *auth.Identity
	job      *job
	to       *target
	plan     plan
	table    outline
	write    bool
	seen     map[any]int // keys of rows, and their lines
}

// run reads the file in batches. It stops between two of them when ctx ends or whoever
// asked is signed out.
func (r *pass) run(ctx context.Context) error {
	book, err := r.job.open()
	if err != nil {
		return err
	}
	table, err := book.Table(r.table.sheet)
	if err != nil {
		return err
	}
	defer table.Close()
	r.seen = map[any]int{}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.who, err = r.accounts.Check(ctx, r.who); err != nil {
			return err
		}
		batch, ended := r.read(table, book.Format == sheets.JSON)
		if err := r.take(ctx, batch); err != nil {
			return err
		}
		r.job.took(len(batch))
		if ended == io.EOF {
			return nil
		}
		if ended != nil {
			return ended
		}
	}
}

// read reads the rows of a batch, and why it ended early.
func (r *pass) read(table *sheets.Table, plain bool) (batch []*line, err error) {
	for len(batch) < batchRows {
		row, err := table.Next()
		if err != nil {
			return batch, err
		}
		l := r.to.read(row, r.table.columns, r.plan, plain)
		if l.key != nil && l.wrong.IsEmpty() {
			if before, twice := r.seen[l.key]; twice {
				l.refuse(r.heading(r.plan.match), schema.Says("Line %d is about the same record: keep one of them.", before))
			} else {
				r.seen[l.key] = row.Line
			}
		}
		batch = append(batch, l)
	}
	return batch, nil
}

// take looks at a batch, and writes what is to be written of it.
func (r *pass) take(ctx context.Context, batch []*line) error {
	if err := r.findRecords(ctx, batch); err != nil {
		return err
	}
	var writes []collections.Write
	var about []*line
	var counted tally
	for _, l := range batch {
		if l.row.Short {
			counted.short++
		}
		var patch map[string]any
		if l.wrong.IsEmpty() && l.record != nil {
			patch = l.patch(r.to, r.plan)
		}
		if l.wrong.IsEmpty() {
			l.check(r.to, patch, r.table.columns, r.plan)
		}
		switch {
		case !l.wrong.IsEmpty():
			r.job.addFault(l.fault())
		case l.record == nil:
			counted.fresh++
			id, _ := l.key.(string)
			if r.plan.match != idColumn {
				id = ""
			}
			writes, about = append(writes, collections.Write{ID: id, Value: l.value}), append(about, l)
		case len(patch) == 0:
			counted.same++
		default:
			counted.changed++
			writes, about = append(writes, collections.Write{ID: l.record.ID, Value: patch, Modify: true}), append(about, l)
		}
	}
	if r.write && len(writes) > 0 {
		// A batch that has begun is waited for: what it wrote must be known to be taken back.
		results, err := r.engine.WriteAll(context.WithoutCancel(ctx), r.who.Actor, r.to.Name, writes)
		if err != nil {
			return err
		}
		r.keep(writes, about, results)
	}
	r.job.count(counted) // only now: rows of a batch that was not written are not counted
	return nil
}

func (l *line) fault() fault {
	f := fault{line: l.row.Line, column: l.column, reason: l.wrong}
	for _, cell := range l.row.Cells {
		f.cells = append(f.cells, cell.Text)
	}
	return f
}

// keep remembers what was written, so that it can be taken back, and what was not.
func (r *pass) keep(writes []collections.Write, about []*line, results []collections.WriteResult) {
	for i, result := range results {
		l := about[i]
		switch {
		case result.Error != nil:
			l.refuse("", result.Error.Message)
			r.job.refused(l.fault(), l.record != nil)
		case l.record == nil:
			r.job.keepMade(made{id: result.ID, updated: updatedOf(result.Document)})
		default:
			r.job.keepMoved(movedBy(l.record, writes[i].Value))
		}
	}
}

func updatedOf(d *collections.Document) int64 {
	if d == nil {
		return 0
	}
	return d.Updated
}

func (j *job) count(t tally) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tally.fresh += t.fresh
	j.tally.changed += t.changed
	j.tally.same += t.same
	j.tally.short += t.short
}

// refused counts a row that fitted, and that the engine refused.
func (j *job) refused(f fault, found bool) {
	j.addFault(f)
	if found {
		j.count(tally{changed: -1})
	} else {
		j.count(tally{fresh: -1})
	}
}

func (j *job) keepMade(m made) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.made = append(j.made, m)
}

func (j *job) keepMoved(m moved) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.moved = append(j.moved, m)
}

// background does a stage's work, and goes on to the next when it is over. Whatever
// goes wrong is shown on the page of the job.
func (j *job) background(next stage, do func() error) {
	go func() {
		var err error
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
			j.end(next, whyOf(err), errors.Is(err, context.Canceled))
		}()
		err = do()
	}()
}

// whyOf is the sentence for what ended a stage early, nothing for what somebody wanted.
func whyOf(err error) schema.Sentence {
	var known *collections.Error
	var file *sheets.Error
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return schema.Sentence{}
	case errors.As(err, &known):
		return known.Message
	case errors.As(err, &file):
		return ofFile(file)
	}
	return schema.Says("Something went wrong in the server. What was done before is kept; the rest is not.")
}
