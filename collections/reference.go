package collections

import (
	"context"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// A reference (x-ref) to a record that is not there, or is in the trash, is a problem
// of the record that has it, until the other one comes or the reference goes.

// referenceProblems says which references of a document lead nowhere.
func (r *round) referenceProblems(w *working) ([]schema.Problem, error) {
	if !w.live() {
		return nil, nil
	}
	var problems []schema.Problem
	for _, f := range r.com.latestTraits(w.key.Type).refs {
		for _, v := range valuesAt(w.doc.Value(), f.Path) {
			id, isText := v.(string)
			if !isText || id == "" {
				continue // the schema says that
			}
			there, err := r.isThere(Key{f.Reference, id})
			if err != nil {
				return nil, err
			}
			if !there {
				problems = append(problems, schema.Problem{
					Path: pointer(beforeRows(f.Path)), Field: f.Title, Rule: ruleReference,
					Message: schema.Says("%s names a record that is not there: choose another one.", f.Title),
				})
				break
			}
		}
	}
	return problems, nil
}

// beforeRows is a path up to the first list or map of keys on it: the schema does not
// know which row.
func beforeRows(path []string) []string {
	if i := slices.Index(path, "*"); i >= 0 {
		return path[:i]
	}
	return path
}

// isThere reports whether a document will be there and not in the trash.
func (r *round) isThere(key Key) (bool, error) {
	if w := r.docs[key]; w != nil {
		return w.live(), nil
	}
	records, err := r.com.e.store.Records(r.ctx, []Key{key})
	if err != nil {
		return false, fmt.Errorf("collections: reading what is referred to: %w", err)
	}
	return records[0] != nil && !records[0].Deleted, nil
}

// wakeReferrers has the documents looked at again that refer to one which came or
// went. References inside rows are not found this way: those are looked at when their
// own document moves.
func (r *round) wakeReferrers(w *working) error {
	if w.live() == w.wasLive() && !w.again {
		return nil
	}
	for _, typ := range r.com.e.reg.names() {
		for _, f := range r.com.latestTraits(typ).refs {
			if f.Reference != w.key.Type || slices.Contains(f.Path, "*") {
				continue
			}
			q := &Query{Type: typ, Where: is(f.Path, w.key.ID), Limit: revisitPage}
			if err := r.wakePage(q); err != nil {
				return err
			}
		}
	}
	return nil
}

// wakePage wakes what the query finds; when that is a full page, the next round goes on.
func (r *round) wakePage(q *Query) error {
	page, err := r.com.e.store.Find(r.ctx, q)
	if err != nil {
		return fmt.Errorf("collections: looking for %s that refer to a record: %w", q.Type, err)
	}
	for _, record := range page {
		r.wake(record)
	}
	if len(page) == q.Limit {
		rest := *q
		rest.After = &PageKey{ID: page[len(page)-1].ID}
		r.later = append(r.later, &job{
			ctx: context.WithoutCancel(r.ctx), weight: revisitPage, done: make(chan struct{}),
			run: func(r *round) error { return r.wakePage(&rest) },
		})
	}
	return nil
}
