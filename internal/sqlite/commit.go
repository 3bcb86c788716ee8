package sqlite

import (
	"context"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// Commit implements [collections.Store]: one transaction, one fsync.
func (s *Store) Commit(ctx context.Context, b *collections.Batch) error {
	if err := s.prepare(ctx, b); err != nil {
		return err
	}
	s.writer.mu.Lock()
	defer s.writer.mu.Unlock()
	if b.Term < s.heads.term(b.Stream) || !follows(b, s.heads.of(b.Stream)) {
		return collections.ErrTaken
	}
	var stale []collections.Key
	err := s.writer.transact(ctx, func(tx *tx) (err error) {
		stale, err = s.write(tx, b)
		return err
	})
	if err != nil {
		return err
	}
	s.heads.hold(b.Stream, b.Term)
	if n := len(b.Entries); n > 0 {
		s.heads.move(b.Stream, b.Entries[n-1].N)
		s.folder.grew(n)
	}
	if len(stale) > 0 {
		return &collections.StaleError{Keys: stale}
	}
	return nil
}

// prepare refuses what is the caller's mistake, and numbers new types.
func (s *Store) prepare(ctx context.Context, b *collections.Batch) error {
	for _, e := range b.Entries {
		if e.Stream != b.Stream {
			return fmt.Errorf("sqlite: an entry of stream %q in a batch of stream %q", e.Stream, b.Stream)
		}
		if e.Kind == collections.EntryChange && (e.Change == nil || e.Change.Type != e.Type) {
			return fmt.Errorf("sqlite: entry %d: its change is not of type %q", e.N, e.Type)
		}
		if _, err := s.ensureType(ctx, e.Type); err != nil {
			return err
		}
	}
	for _, w := range b.Records {
		if w.Record.Rev != w.Base+1 {
			return fmt.Errorf("sqlite: record %s/%s: rev %d does not follow base %d",
				w.Record.Type, w.Record.ID, w.Record.Rev, w.Base)
		}
		if _, err := s.ensureType(ctx, w.Record.Type); err != nil {
			return err
		}
	}
	return nil
}

// follows reports whether the batch's entries are the next after head.
func follows(b *collections.Batch, head uint64) bool {
	for _, e := range b.Entries {
		if head++; e.N != head {
			return false
		}
	}
	return true
}

// write writes all of a batch but the records that moved on meanwhile. Items and replicas
// go first: a stale one undoes the batch.
func (s *Store) write(tx *tx, b *collections.Batch) (stale []collections.Key, err error) {
	if err := s.writeTerm(tx, b); err != nil {
		return nil, err
	}
	for _, item := range b.Items {
		if err := writeItem(tx, item); err != nil {
			return nil, err
		}
	}
	for i := range b.Replicas {
		if err := writeReplica(tx, &b.Replicas[i]); err != nil {
			return nil, err
		}
	}
	lasts := map[collections.Key]collections.Place{} // the last entries of documents before this batch
	for i := range b.Records {
		last, moved, err := s.writeRecord(tx, &b.Records[i])
		if err != nil {
			return nil, err
		}
		key := b.Records[i].Record.Key
		if lasts[key] = last; !moved {
			delete(lasts, key)
			stale = append(stale, key)
		}
	}
	for i := range b.Entries {
		e := &b.Entries[i]
		if err := s.writeEntry(tx, e, prevOf(lasts, e)); err != nil {
			return nil, err
		}
	}
	for i := range b.Receipts {
		if err := writeReceipt(tx, &b.Receipts[i]); err != nil {
			return nil, err
		}
	}
	return stale, nil
}

// writeTerm keeps the term of a batch where it is a new one.
func (s *Store) writeTerm(tx *tx, b *collections.Batch) error {
	if b.Term == s.heads.term(b.Stream) {
		return nil
	}
	_, err := tx.exec(termTable.insert("INSERT OR REPLACE"), termTable.sealed(b.Stream, int64(b.Term))...)
	return err
}

// prevOf is the entry before e about the same document, for writeEntry, where it is in
// the same stream; e is then the last one.
func prevOf(lasts map[collections.Key]collections.Place, e *collections.Entry) any {
	if e.Change == nil {
		return nil
	}
	key := collections.Key{Type: e.Type, ID: e.Change.Doc}
	last := lasts[key]
	lasts[key] = e.Place
	if last.Stream != e.Stream || last.N == 0 {
		return nil
	}
	return int64(last.N)
}
