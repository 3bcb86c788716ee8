package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// kindLedger is the kind of the items that hold ledgers, by the job's id and the page's
// number.
const kindLedger = "job-ledger"

// pageBytes is about how large a page of a ledger becomes, before another is begun.
const pageBytes = 1 << 20

// step is one thing that was written, and what it takes to undo it.
type step struct {
	ID     string `json:"id"`
	Sort   sort   `json:"sort"`
	Key    string `json:"key,omitempty"` // of the field that was changed
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
	// Seen is when the record was last changed (ms since 1970 UTC): as it was read before
	// what is under way, and for a record that was made, as it was left.
	Seen int64 `json:"seen,omitempty"`
}

// sort is what was done to a record.
type sort string

const (
	made    sort = "made"
	changed sort = "changed"
	removed sort = "removed"
)

// page is a part of a ledger.
type page struct {
	Steps []step `json:"steps"`
	// Open says that the steps were about to be written when this was noted, and Undoing
	// that they were about to be undone: nobody knows which of them were.
	Open    bool `json:"open,omitempty"`
	Undoing bool `json:"undoing,omitempty"`

	key string
	rev uint64
}

// ledger writes what a job does.
type ledger struct {
	items Items
	job   *job
	pages int
	bytes int
	open  []*page // of what is under way
}

func (l *ledger) key(n int) string { return fmt.Sprintf("%s/%06d", l.job.report.ID, n) }

// intend notes what is about to be written.
func (l *ledger) intend(ctx context.Context, changes []Change) error {
	if l.open = nil; l.bytes > KeptBytes {
		return nil // it was let go of
	}
	for steps := range pagesOf(changes) {
		l.pages++
		l.open = append(l.open, &page{Steps: steps, Open: true, key: l.key(l.pages)})
	}
	for _, p := range l.open {
		if err := l.write(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// pagesOf gives the steps of changes, about a page's bytes at a time.
func pagesOf(changes []Change) func(yield func([]step) bool) {
	return func(yield func([]step) bool) {
		var steps []step
		size := 0
		for _, c := range changes {
			own := stepsOf(c)
			text, _ := json.Marshal(own) // it came from JSON
			if size += len(text); size > pageBytes && len(steps) > 0 {
				if !yield(steps) {
					return
				}
				steps, size = nil, len(text)
			}
			steps = append(steps, own...)
		}
		if len(steps) > 0 {
			yield(steps)
		}
	}
}

func stepsOf(c Change) []step {
	if c.Was == nil {
		return []step{{ID: c.ID, Sort: made}}
	}
	if c.Remove {
		return []step{{ID: c.ID, Sort: removed, Seen: c.Was.Updated}}
	}
	var steps []step
	for _, key := range slices.Sorted(maps.Keys(c.Value)) {
		steps = append(steps, step{ID: c.ID, Sort: changed, Key: key, Before: c.Was.Value[key], After: c.Value[key], Seen: c.Was.Updated})
	}
	return steps
}

// settle notes what was written of it: what was refused is struck out.
func (l *ledger) settle(ctx context.Context, changes []Change, results []collections.WriteResult) error {
	done := map[string]int64{}
	for i, result := range results {
		if result.Error == nil {
			done[changes[i].ID] = 0
			if d := result.Document; changes[i].Was == nil && d != nil {
				done[changes[i].ID] = d.Updated
			}
		}
	}
	steps := 0
	for _, p := range l.open {
		p.Open = false
		p.Steps = slices.DeleteFunc(p.Steps, func(s step) bool { _, ok := done[s.ID]; return !ok })
		for i, s := range p.Steps {
			p.Steps[i].Seen = done[s.ID]
		}
		steps += len(p.Steps)
		if err := l.write(ctx, p); err != nil {
			return err
		}
	}
	return l.grown(ctx, steps)
}

// grown counts steps, and lets go of a ledger that has become too large.
func (l *ledger) grown(ctx context.Context, steps int) error {
	if l.bytes <= KeptBytes {
		l.job.mu.Lock()
		defer l.job.mu.Unlock()
		l.job.report.Steps += steps
		return nil
	}
	l.job.mu.Lock()
	l.job.report.Steps, l.job.report.TooMuch = 0, true
	l.job.mu.Unlock()
	return dropLedger(ctx, l.items, l.job.report.ID)
}

// write writes a page over the one there is.
func (l *ledger) write(ctx context.Context, p *page) error {
	n, err := writePage(ctx, l.items, p)
	if p.Open {
		l.bytes += n
	}
	return err
}

func writePage(ctx context.Context, items Items, p *page) (bytes int, err error) {
	data, err := json.Marshal(p)
	if err == nil {
		err = items.PutItem(ctx, collections.Item{Kind: kindLedger, Key: p.key, Rev: p.rev, Data: data})
	}
	if err != nil {
		return 0, fmt.Errorf("jobs: write the ledger: %w", err)
	}
	p.rev++
	return len(data), nil
}

// nextPage gives the first page of a job's ledger, nil when there is none left.
func nextPage(ctx context.Context, items Items, id string) (*page, error) {
	list, err := items.Items(ctx, kindLedger, id+"/", 1)
	if err != nil {
		return nil, fmt.Errorf("jobs: read the ledger: %w", err)
	}
	if len(list) == 0 || !strings.HasPrefix(list[0].Key, id+"/") {
		return nil, nil
	}
	p := &page{key: list[0].Key, rev: list[0].Rev}
	if err := json.Unmarshal(list[0].Data, p); err != nil {
		return nil, fmt.Errorf("jobs: read the ledger: %w", err)
	}
	return p, nil
}

// dropLedger removes all pages of a job's ledger.
func dropLedger(ctx context.Context, items Items, id string) error {
	for {
		list, err := items.Items(ctx, kindLedger, id+"/", 20)
		if err != nil {
			return fmt.Errorf("jobs: read the ledger: %w", err)
		}
		list = slices.DeleteFunc(list, func(i collections.Item) bool { return !strings.HasPrefix(i.Key, id+"/") })
		if len(list) == 0 {
			return nil
		}
		for _, item := range list {
			if err := items.DeleteItem(ctx, kindLedger, item.Key); err != nil {
				return fmt.Errorf("jobs: let go of a ledger: %w", err)
			}
		}
	}
}

// records gives the steps of a page record by record, in their order.
func (p *page) records() [][]step {
	var list [][]step
	for _, s := range p.Steps {
		if n := len(list); n > 0 && list[n-1][0].ID == s.ID {
			list[n-1] = append(list[n-1], s)
			continue
		}
		list = append(list, []step{s})
	}
	return list
}

// compareReports orders reports by when they began, the last first.
func compareReports(a, b Report) int {
	return cmp.Or(b.Began.Compare(a.Began), strings.Compare(b.ID, a.ID))
}
