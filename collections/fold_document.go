package collections

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// A document is folded at the floor when everybody who wrote to it after the floor had
// seen all up to it: then nothing that is below the floor can meet anything any more.
// Where somebody had not (the change came in while the floor was lower), the document
// is left as it is this time; the floor passes that change later, and comes to the
// document again with it. So nothing needs to be remembered of what was left.

// fold is one document to be folded, worked out before the committer's turn.
type fold struct {
	key   Key
	rev   uint64 // of the record that it was worked out from
	last  Place  // an entry of it at or before the floor
	floor uint64
	doc   *crdt.Document // nil: the record stays as it is
	base  *base          // nil: what is there stays
	drop  bool           // the base goes: the log has nothing of the document any more
	purge bool
}

// documents folds documents at the floor, some at a time. again are those that somebody
// wrote to meanwhile. last is the last entry of each that the caller knows of.
func (f *folding) documents(ctx context.Context, keys []Key, last map[Key]Place, floor uint64) (again []Key, err error) {
	for start := 0; start < len(keys); start += foldStep {
		part := keys[start:min(start+foldStep, len(keys))]
		records, err := f.e.store.Records(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("collections: reading documents to fold: %w", err)
		}
		var folds []*fold
		for _, record := range records {
			if record == nil {
				continue // purged before
			}
			one, err := f.e.fold(ctx, record, last[record.Key], floor)
			if err != nil {
				return nil, err
			}
			if !one.nothing() {
				folds = append(folds, one)
			}
		}
		moved, err := f.write(ctx, folds)
		if err != nil {
			return nil, err
		}
		again = append(again, moved...)
	}
	return again, nil
}

// nothing reports whether the document stays as it is.
func (one *fold) nothing() bool {
	return one.doc == nil && one.base == nil && !one.drop && !one.purge
}

// fold works out what becomes of a document: nothing where a later page of the log comes
// to it again. last is an entry of it at or before the floor.
func (e *Engine) fold(ctx context.Context, record *Record, last Place, floor uint64) (*fold, error) {
	one := &fold{key: record.Key, rev: record.Rev, last: last, floor: floor}
	if record.Last.N <= floor {
		if record.Last.N > last.N {
			return one, nil
		}
		return one, e.foldQuiet(ctx, record, one)
	}
	next, err := e.store.History(ctx, record.Type, record.ID, last, 1)
	if err != nil {
		return nil, fmt.Errorf("collections: reading the history of %s/%s: %w", record.Type, record.ID, err)
	}
	if len(next) > 0 && next[0].N <= floor {
		return one, nil
	}
	return one, e.foldBusy(ctx, record, one)
}

// foldQuiet works out what becomes of a document that nobody wrote to after the floor.
func (e *Engine) foldQuiet(ctx context.Context, record *Record, one *fold) error {
	b, err := e.base(ctx, record.Key)
	if err != nil {
		return err
	}
	one.purge, one.drop = record.Deleted, b.rev > 0
	if !one.purge {
		one.doc, err = e.compacted(record, nil)
	}
	return err
}

// foldBusy works out what becomes of one that somebody did write to.
func (e *Engine) foldBusy(ctx context.Context, record *Record, one *fold) error {
	b, err := e.base(ctx, record.Key)
	if err != nil {
		return err
	}
	doc, err := b.document()
	if err != nil {
		return fmt.Errorf("collections: what the history of %s/%s builds on is damaged: %w", record.Type, record.ID, err)
	}
	var recent []*crdt.Change
	settled := true
	err = e.eachOfDocument(ctx, record.Key, Place{}, func(entry *Entry) (more bool, err error) {
		switch {
		case entry.N > record.Last.N:
			return false, nil // it came since the record was read: the fold is worked out anew
		case entry.N <= b.N:
		case entry.N <= one.floor:
			b.N, b.At = entry.N, entry.At
			_, err = doc.Apply(entry.Change)
		default:
			recent = append(recent, entry.Change)
			settled = settled && entry.knows() >= one.floor
		}
		return err == nil, err
	})
	if err != nil {
		return err
	}
	if settled {
		if err := doc.Compact(nil); err != nil {
			e.leave(record, err)
		}
		if one.doc, err = e.compacted(record, recent); err != nil {
			return err
		}
	}
	b.Value, b.Meta = doc.Encode()
	one.base = b
	return nil
}

// knows is the last entry of which the author of this one surely knew.
func (e *Entry) knows() uint64 { return e.N - 1 - e.Behind }

// compacted gives a record's document with what is settled folded; nil where that is
// nothing. Whatever goes wrong, a document that would not be the same is left alone.
func (e *Engine) compacted(record *Record, recent []*crdt.Change) (*crdt.Document, error) {
	doc, err := crdt.Decode(record.Value, record.Meta)
	if err != nil {
		return nil, fmt.Errorf("collections: document %s/%s is damaged: %w", record.Type, record.ID, err)
	}
	if err := doc.Compact(recent); err != nil {
		e.leave(record, err)
		return nil, nil
	}
	value, meta := doc.Encode()
	switch {
	case !bytes.Equal(value, record.Value) || doc.Deleted() != record.Deleted:
		e.leave(record, errors.New("it would not be the same"))
		return nil, nil
	case bytes.Equal(meta, record.Meta):
		return nil, nil
	}
	return doc, nil
}

// leave says that a document stays as it is.
func (e *Engine) leave(record *Record, why error) {
	e.log.Error("a document was not folded", "type", record.Type, "id", record.ID, "error", why)
}

// write does what was worked out, as one commit. again are the documents that somebody
// wrote to meanwhile.
func (f *folding) write(ctx context.Context, folds []*fold) ([]Key, error) {
	if len(folds) == 0 {
		return nil, nil
	}
	keys := make([]Key, len(folds))
	for i, one := range folds {
		keys[i] = one.key
	}
	var did Folded // and again: only read when the commit is done, not when it is given up
	var again []Key
	err := f.e.commit(ctx, keys, func(r *round) error {
		again, did = nil, Folded{}
		for _, one := range folds {
			switch done, err := r.fold(one); {
			case err != nil:
				return err
			case !done:
				again = append(again, one.key)
			case one.purge:
				did.Purged++
			case one.doc != nil:
				did.Documents++
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.did.Documents += did.Documents
	f.did.Purged += did.Purged
	f.e.stats.folded(did)
	return again, nil
}

// fold does one, unless somebody wrote to the document since it was worked out.
func (r *round) fold(one *fold) (done bool, err error) {
	w, err := r.document(one.key)
	if err != nil || w.record == nil {
		return err == nil, err
	}
	if w.revised {
		return false, nil
	}
	if w.record.Rev != one.rev {
		if one, err = r.com.e.fold(r.ctx, w.record, one.last, one.floor); err != nil {
			return false, err
		}
	}
	switch {
	case one.purge:
		r.purge(one.key, one.drop)
	case one.drop:
		r.then(func() { r.com.dropBase(w) })
	case one.base != nil:
		r.item(one.base.item(one.key))
	}
	if one.doc != nil {
		w.doc, w.folded = one.doc, true
		r.touch(w)
	}
	return true, nil
}

// purge makes a document one that never was, for whoever comes next in this round too.
func (r *round) purge(key Key, hasBase bool) {
	r.moves++
	r.purged[key] = hasBase
	r.docs[key] = &working{key: key, doc: crdt.NewDocument()}
}

// purge takes documents out of the store. What comes after it in the same round builds
// on that, so it is first.
func (c *committer) purge(purged map[Key]bool) error {
	if len(purged) == 0 {
		return nil
	}
	keys := slices.SortedFunc(maps.Keys(purged), Key.compare)
	var err error
	for _, key := range keys {
		if purged[key] {
			err = errors.Join(err, c.e.store.DeleteItem(c.ctx, kindBase, baseKey(key)))
		}
	}
	if err == nil {
		err = c.e.store.Purge(c.ctx, keys)
	}
	if err != nil {
		return fmt.Errorf("collections: taking documents away for good: %w", err)
	}
	return nil
}

// dropBase takes a base away that nothing builds on, unless somebody wrote to the
// document in the same round. One that stays by mistake is in nobody's way: it is
// overwritten when the document is written to, and goes when that is folded.
func (c *committer) dropBase(w *working) {
	if w.last != nil {
		return
	}
	if err := c.e.store.DeleteItem(c.ctx, kindBase, baseKey(w.key)); err != nil {
		c.e.log.Error("what an old history built on was not dropped", "type", w.key.Type, "id", w.key.ID, "error", err)
	}
}
