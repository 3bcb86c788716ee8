package collections

import (
	"context"
	"errors"
	"fmt"
)

// kindRevalidation is the kind of the items that say which types have documents that
// were not looked at under their latest version yet; the key is the type's name. The
// item is written with the version and removed when all were looked at, so a crash in
// between forgets none.
const kindRevalidation = "revalidation"

// revalidatePage is how many documents are looked at in one commit: people's own
// writes wait for it.
const revalidatePage = 200

// withRevalidation adds to the item of a new version the one that says its documents
// are to be looked at.
func (e *Engine) withRevalidation(ctx context.Context, name string, version Item) ([]Item, error) {
	mark := Item{Kind: kindRevalidation, Key: name, Data: []byte("{}")}
	switch old, err := e.store.Item(ctx, kindRevalidation, name); {
	case err == nil:
		mark.Rev = old.Rev
	case !errors.Is(err, ErrNotFound):
		return nil, fmt.Errorf("collections: read what is left to look at: %w", err)
	}
	return []Item{version, mark}, nil
}

// revalidate looks through a type's documents for what its latest version finds wrong.
// Those that were written meanwhile have been looked at then. progress may be nil.
func (e *Engine) revalidate(ctx context.Context, name string, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	version := e.reg.latest(name).Version
	total, err := e.store.Count(ctx, &Query{Type: name, State: Any, Limit: 1})
	if err != nil {
		return fmt.Errorf("collections: count documents of %s: %w", name, err)
	}
	progress(0, total)
	done := 0
	err = e.eachRecordPage(ctx, name, func(page []*Record) error {
		if err := e.revise(ctx, page); err != nil {
			return err
		}
		done += len(page)
		progress(done, max(done, total))
		return nil
	})
	if err != nil {
		return err
	}
	return e.revalidated(ctx, name, version)
}

// revalidated takes the mark away, unless a newer version has set it anew meanwhile.
func (e *Engine) revalidated(ctx context.Context, name string, version int) error {
	e.reg.design.Lock()
	defer e.reg.design.Unlock()
	if e.reg.latest(name).Version != version {
		return nil
	}
	return e.store.DeleteItem(ctx, kindRevalidation, name)
}

// revise writes those of the records anew that an older version was the last to judge.
func (e *Engine) revise(ctx context.Context, page []*Record) error {
	var keys []Key
	for _, record := range page {
		if record.Version != e.reg.latest(record.Type).Version {
			keys = append(keys, record.Key)
		}
	}
	if keys == nil {
		return nil
	}
	return e.commit(ctx, keys, func(r *round) error {
		for _, key := range keys {
			if err := r.revise(key); err != nil {
				return err
			}
		}
		return nil
	})
}

// eachRecordPage calls f for all records of a type, deleted ones too, by id.
func (e *Engine) eachRecordPage(ctx context.Context, name string, f func([]*Record) error) error {
	q := &Query{Type: name, State: Any, Limit: revalidatePage}
	for {
		page, err := e.store.Find(ctx, q)
		if err != nil {
			return fmt.Errorf("collections: read documents of %s: %w", name, err)
		}
		if err := f(page); err != nil {
			return err
		}
		if len(page) < revalidatePage {
			return nil
		}
		q.After = &PageKey{ID: page[len(page)-1].ID}
	}
}

// leftToRevalidate names the types whose documents a stop of the server left not looked
// at. Open asks before anybody can publish: from then on each publication sees to its own.
func (e *Engine) leftToRevalidate(ctx context.Context) ([]string, error) {
	var left []string
	err := eachItem(ctx, e.store, kindRevalidation, func(item Item) error {
		if e.reg.latest(item.Key) != nil {
			left = append(left, item.Key)
		}
		return nil
	})
	return left, err
}

// finishRevalidation goes on with what leftToRevalidate named.
func (e *Engine) finishRevalidation(ctx context.Context, left []string) {
	for _, name := range left {
		if err := e.revalidate(ctx, name, nil); err != nil && ctx.Err() == nil {
			e.log.Error("looking through documents after a publication failed; the next start goes on", "type", name, "error", err)
		}
	}
}
