package collections

import (
	"context"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// mayHaveMoved reports whether a document may have come into sight or left it since
// the cursor: something was written to a field that decides. What was written behind
// the page counts too, because the record is from now.
func (p *pulling) mayHaveMoved(ctx context.Context, d *touched, record *Record, s *sight) (bool, error) {
	for _, entry := range d.entries {
		if s.decides(entry.Change) {
			return true, nil
		}
	}
	last := d.entries[len(d.entries)-1].Place
	if record.Last == last {
		return false, nil
	}
	moved := false
	err := p.e.laterOfDocument(ctx, d.key, last, func(entry *Entry) (more bool, err error) {
		moved = s.decides(entry.Change)
		return !moved, nil
	})
	return moved, err
}

// decides reports whether a change may bring a document into sight or out of it.
func (s *sight) decides(c *crdt.Change) bool {
	for i := range c.Ops {
		op := &c.Ops[i]
		if op.Kind == crdt.OpCreate || len(op.Path) > 0 && s.watched[op.Path[0]] {
			return true
		}
	}
	return false
}

// saw reports whether the reader saw the document at the position or at any moment
// since, by replaying its log.
func (p *pulling) saw(ctx context.Context, record *Record, s *sight, since Position) (bool, error) {
	if entries, all := p.e.feed.sinceCreation(record); all {
		return p.sawIn(record.Key, s, since, 0, crdt.NewDocument(), func(do func(*Entry) (bool, error)) error { return eachOf(entries, do) })
	}
	b, err := p.e.base(ctx, record.Key)
	if err != nil {
		return false, err
	}
	doc, err := b.document()
	if err != nil {
		return false, fmt.Errorf("collections: what the history of %s/%s builds on is damaged: %w", record.Type, record.ID, err)
	}
	from := uint64(0)
	if b.rev != 0 {
		from = p.e.floor.Load().N
	}
	return p.sawIn(record.Key, s, since, from, doc, func(do func(*Entry) (bool, error)) error {
		return p.e.eachOfDocument(ctx, record.Key, Place{}, do)
	})
}

// sawIn is saw of a document as it was at a number, and of all its entries since.
func (p *pulling) sawIn(key Key, s *sight, since Position, from uint64, doc *crdt.Document, each func(do func(*Entry) (bool, error)) error) (bool, error) {
	look := s.looksFrom(from, doc)
	seen := false
	err := each(func(entry *Entry) (more bool, err error) {
		// Up to the position the last state counts, after it each.
		if entry.N > since[entry.Stream] && doc.Exists() && s.shows.Match(doc.Value()) {
			seen = true
			return false, nil
		}
		if _, err := doc.Apply(entry.Change); err != nil {
			return false, fmt.Errorf("collections: replaying %s/%s: %w", key.Type, key.ID, err)
		}
		look.replayed(entry, doc)
		return true, nil
	})
	if !seen && err == nil {
		p.e.glimpses.keep(key, look)
	}
	return seen || err == nil && s.shows.Match(doc.Value()), err
}

// eachOfDocument calls do for a document's entries after a place, oldest first, until
// it says stop.
func (e *Engine) eachOfDocument(ctx context.Context, key Key, after Place, do func(*Entry) (more bool, err error)) error {
	for {
		page, err := e.store.History(ctx, key.Type, key.ID, after, logPage)
		if err != nil {
			return fmt.Errorf("collections: reading the history of %s/%s: %w", key.Type, key.ID, err)
		}
		for i := range page {
			if more, err := do(&page[i]); err != nil || !more {
				return err
			}
		}
		if len(page) < logPage {
			return nil
		}
		after = page[len(page)-1].Place
	}
}
