package transfer

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/show"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/sheets"
)

// batchRows is how many rows are looked up and written at once.
const batchRows = 500

// pass goes through all rows of a file once: to say what would be done, or to do it.
type pass struct {
	*jobs.Progress
	engine Engine
	who    collections.Actor
	file   *file
	to     *target
	plan   plan
	table  outline
	write  bool
	seen   map[any]int // keys of rows, and their lines
	found  *findings
}

// findings are what a pass found out about the rows. Safe for concurrent use.
type findings struct {
	mu     sync.Mutex // guards all below
	counts tally
	faults []fault
}

// tally counts rows by what becomes of them.
type tally struct{ fresh, changed, same, wrong, short int }

// fault is one row that is not imported, and why.
type fault struct {
	line   int
	column string
	reason schema.Sentence
	cells  []string
}

func (f *findings) look() (tally, []fault) {
	if f == nil {
		return tally{}, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts, f.faults[:len(f.faults):len(f.faults)]
}

func (f *findings) add(counts tally, faults []fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts.fresh += counts.fresh
	f.counts.changed += counts.changed
	f.counts.same += counts.same
	f.counts.short += counts.short
	f.counts.wrong += len(faults)
	f.faults = append(f.faults, faults[:min(len(faults), faultsKept-len(f.faults))]...)
}

// run reads the file in batches. It stops between two of them when ctx ends or whoever
// asked is signed out.
func (r *pass) run(ctx context.Context) error {
	r.Total(r.table.rows)
	book, err := r.file.open()
	if err != nil {
		return sentence(err)
	}
	defer book.Close()
	table, err := book.Table(r.table.sheet)
	if err != nil {
		return sentence(err)
	}
	defer table.Close()
	r.seen = map[any]int{}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.who, err = r.Actor(ctx); err != nil {
			return err
		}
		batch, ended := r.read(table, book.Format == sheets.JSON)
		if err := r.take(ctx, batch); err != nil {
			return err
		}
		r.Did(len(batch))
		if ended == io.EOF {
			return nil
		}
		if ended != nil {
			return sentence(ended)
		}
	}
}

// sentence makes what is wrong with a file an error that a job shows.
func sentence(err error) error {
	var file *sheets.Error
	if errors.As(err, &file) {
		return collections.Refuse(collections.Invalid, "", ofFile(file))
	}
	return err
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
	var changes []jobs.Change
	var about []*line
	var counted tally
	for _, l := range batch {
		if l.row.Short {
			counted.short++
		}
		if change, ok := r.change(l); ok {
			changes, about = append(changes, change), append(about, l)
		} else if l.wrong.IsEmpty() {
			counted.same++
		}
	}
	if r.write {
		refused, err := r.Write(ctx, changes)
		if err != nil {
			return err
		}
		for i, why := range refused {
			if why != "" {
				about[i].refuse("", schema.Verbatim(why))
			}
		}
	}
	for _, l := range about {
		switch {
		case !l.wrong.IsEmpty():
		case l.record == nil:
			counted.fresh++
		default:
			counted.changed++
		}
	}
	r.tell(ctx, counted, batch, about)
	return nil
}

// change is what a row does to its record; none where all is the same already, or the
// row does not fit, and then it says so.
func (r *pass) change(l *line) (jobs.Change, bool) {
	var patch map[string]any
	if l.wrong.IsEmpty() && l.record != nil {
		patch = l.patch(r.to, r.plan)
	}
	if l.wrong.IsEmpty() {
		l.check(r.to, patch, r.table.columns, r.plan)
	}
	change := jobs.Change{Was: l.record, Told: jobs.Refusal{Line: l.row.Line}}
	switch {
	case !l.wrong.IsEmpty() || l.record != nil && len(patch) == 0:
		return change, false
	case l.record == nil:
		if r.plan.match == idColumn {
			change.ID, _ = l.key.(string)
		}
		change.Value = l.value
	default:
		change.Write = collections.Write{ID: l.record.ID, Value: patch, Modify: true}
	}
	return change, true
}

// tell counts a batch, and tells of its rows that do not fit. Those that were refused when
// they were written are told of already.
func (r *pass) tell(ctx context.Context, counted tally, batch, written []*line) {
	var faults []fault
	var told []jobs.Refusal
	for _, l := range batch {
		if l.wrong.IsEmpty() {
			continue
		}
		faults = append(faults, l.fault())
		if !r.write || !slices.Contains(written, l) {
			told = append(told, jobs.Refusal{Line: l.row.Line, Column: l.column, Why: show.Sentence(ctx, l.wrong)})
		}
	}
	r.found.add(counted, faults)
	r.Same(counted.same)
	r.Refuse(told...)
}

func (l *line) fault() fault {
	f := fault{line: l.row.Line, column: l.column, reason: l.wrong}
	for _, cell := range l.row.Cells {
		f.cells = append(f.cells, cell.Text)
	}
	return f
}
