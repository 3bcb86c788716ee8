package collections

import (
	"context"
	"fmt"
)

// whole sends one page of a whole sync: documents by type and id, deleted ones too, so
// that a device's trash is what it would be had it been there all the time.
func (p *pulling) whole(ctx context.Context) (more bool, err error) {
	for _, typ := range p.e.reg.names() {
		s := p.sight(typ)
		if s == nil || typ < p.at.Whole.Type {
			continue
		}
		if typ > p.at.Whole.Type {
			p.at.Whole = &wholePlace{Type: typ}
		}
		done, err := p.wholeType(ctx, s)
		if err != nil || !done {
			return true, err
		}
	}
	p.at.Whole = nil
	return p.e.feed.position().after(p.at.Position), nil
}

// wholeType sends documents of the type the sync is at until there are no more (done)
// or the answer is full.
func (p *pulling) wholeType(ctx context.Context, s *sight) (done bool, err error) {
	place := p.at.Whole
	for !p.full() {
		q := &Query{Type: place.Type, Where: s.shows, State: Any, Limit: min(wholePage, p.limit-len(p.answer.Documents))}
		if place.ID != "" {
			q.After = &PageKey{ID: place.ID}
		}
		page, err := p.e.store.Find(ctx, q)
		if err != nil {
			return false, fmt.Errorf("collections: reading the documents of %s: %w", place.Type, err)
		}
		for _, record := range page {
			if err := p.sendDocument(record, s); err != nil {
				return false, err
			}
			place.ID = record.ID
			if p.full() {
				break
			}
		}
		if len(page) < q.Limit && !p.full() {
			return true, nil
		}
	}
	return false, nil
}
