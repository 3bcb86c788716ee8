package collections

import (
	"context"
	"fmt"
	"time"
)

// Folded is what a fold did.
type Folded struct {
	Entries   uint64 // of the log that went
	Documents int    // that forgot how they came about
	Purged    int    // that were in the trash and are gone for good
}

// Fold lets go of history that is older than the engine keeps it. It takes small steps,
// so that people's own writes go in between, and can be stopped at any of them: the next
// fold goes on. The steps, each durable before the next begins:
//
//  1. The floor moves to the last entry that is too old. From then on no change comes
//     in from who had not seen all up to it.
//  2. The documents that these entries are about are folded, page by page of the log.
//     Those that are in the trash and untouched since are purged.
//  3. The log is trimmed up to the floor.
//
// progress may be nil; done and total count entries.
func (e *Engine) Fold(ctx context.Context, progress func(done, total int)) (Folded, error) {
	e.folding.Lock()
	defer e.folding.Unlock()
	if progress == nil {
		progress = func(int, int) {}
	}
	f := &folding{e: e, progress: progress}
	if whole, err := e.mayFold(ctx); err != nil || !whole {
		return f.did, err
	}
	if err := f.finish(ctx); err != nil || e.keep == 0 {
		return f.did, err
	}
	moved, err := f.moveFloor(ctx)
	if err == nil && moved {
		err = f.finish(ctx)
	}
	return f.did, err
}

// mayFold reports whether history may be folded: not where other servers write, or wrote,
// streams of their own, because who had seen what of those is not kept.
func (e *Engine) mayFold(ctx context.Context) (bool, error) {
	head, err := e.store.Head(ctx)
	if err != nil {
		return false, fmt.Errorf("collections: reading the heads of the log: %w", err)
	}
	delete(head, mainStream)
	return !e.several() && len(head) == 0, nil
}

// KeepsHistory is how long the log tells how documents came about, and how long a deleted
// one that nobody touches is in the trash at least; 0: for ever.
func (e *Engine) KeepsHistory() time.Duration { return e.keep }

// folding is one fold under way.
type folding struct {
	e        *Engine
	progress func(done, total int)
	did      Folded
}

// moveFloor makes the last entry that is old enough the floor.
func (f *folding) moveFloor(ctx context.Context) (moved bool, err error) {
	mark := *f.e.floor.Load()
	before := f.e.now().Add(-f.e.keep).UnixMilli()
	next, err := f.e.lastBefore(ctx, mark, before)
	if still := next.N == mark.N && (mark.N == 0 || before-mark.At < floorRest.Milliseconds()); err != nil || still {
		return false, err
	}
	next.At = before
	err = f.e.commit(ctx, nil, func(r *round) error { r.setFloor(next); return nil })
	return err == nil, err
}

// lastBefore gives the floor that has everything accepted before a time below it.
func (e *Engine) lastBefore(ctx context.Context, mark floorMark, before int64) (floorMark, error) {
	head := e.feed.position()
	for {
		page, err := e.store.Log(ctx, mainStream, mark.N, logPage)
		if err != nil {
			return mark, fmt.Errorf("collections: looking for old history: %w", err)
		}
		for _, entry := range page {
			if entry.N > head[mainStream] || entry.At >= before {
				return mark, nil
			}
			mark.N = entry.N
		}
		if len(page) == 0 {
			return mark, nil
		}
	}
}

// finish folds what the entries up to the floor are about, from where the last fold got
// to, and trims the log.
func (f *folding) finish(ctx context.Context) error {
	mark := *f.e.floor.Load()
	from := mark.Done
	for mark.Done < mark.N {
		page, err := f.e.store.Log(ctx, mainStream, mark.Done, foldPage)
		if err != nil {
			return fmt.Errorf("collections: reading old history: %w", err)
		}
		if len(page) == 0 {
			return fmt.Errorf("collections: the log ends at %d, before its floor %d", mark.Done, mark.N)
		}
		if mark.Done, err = f.page(ctx, page, mark.N); err != nil {
			return err
		}
		if err := f.e.commit(ctx, nil, func(r *round) error { r.setFloor(mark); return nil }); err != nil {
			return err
		}
		f.progress(int(mark.Done-from), int(mark.N-from))
	}
	return f.trim(ctx, mark.N)
}

// trim takes what was folded out of the log.
func (f *folding) trim(ctx context.Context, upto uint64) error {
	floor, err := f.e.store.Floor(ctx)
	if err == nil && floor[mainStream] < upto {
		f.did.Entries += upto - floor[mainStream]
		err = f.e.store.Trim(ctx, Position{mainStream: upto})
	}
	if err != nil {
		return fmt.Errorf("collections: trimming the log: %w", err)
	}
	return nil
}

// page folds the documents that a page of the log is about, and says how far it went.
func (f *folding) page(ctx context.Context, page []Entry, floor uint64) (done uint64, err error) {
	last := map[Key]Place{} // of its last entry in the page, by document
	var keys []Key
	for _, entry := range page {
		if entry.N > floor {
			break
		}
		done = entry.N
		if entry.Kind != EntryChange {
			continue
		}
		key := Key{entry.Type, entry.Change.Doc}
		if _, met := last[key]; !met {
			keys = append(keys, key)
		}
		last[key] = entry.Place
	}
	for tries := 0; len(keys) > 0; tries++ {
		if tries == foldTries {
			return 0, fmt.Errorf("collections: %d records, such as %s/%s, are written to all the time: folding goes on later", len(keys), keys[0].Type, keys[0].ID)
		}
		if keys, err = f.documents(ctx, keys, last, floor); err != nil {
			return 0, err
		}
	}
	return done, nil
}

// foldNowAndThen folds in the background until ctx ends.
func (e *Engine) foldNowAndThen(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(foldEvery):
		}
		did, err := e.Fold(ctx, nil)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			e.log.Error("folding old history failed; it goes on later", "error", err)
		case did != Folded{}:
			e.log.Info("folded old history", "entries", did.Entries, "documents", did.Documents, "purged", did.Purged)
		}
	}
}
