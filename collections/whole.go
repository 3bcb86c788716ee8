package collections

import (
	"context"
	"fmt"
)

// whole sends one page of a whole sync: documents by type and id, deleted ones too, so
// that a device's trash is what it would be had it been there all the time.
func (p *pulling) whole(ctx context.Context) (more bool, err error) {
	place := p.at.Whole
	if p.anew {
		if place.Total, err = p.total(ctx); err != nil {
			return false, err
		}
	}
	defer func() {
		place.Sent += len(p.answer.Documents)
		p.answer.Sent, p.answer.Total = place.Sent, place.Total
	}()
	for _, typ := range p.e.reg.names() {
		s := p.sight(typ)
		if s == nil || typ < p.at.Whole.Type {
			continue
		}
		if typ > p.at.Whole.Type {
			p.at.Whole.Type, p.at.Whole.ID = typ, ""
		}
		done, err := p.wholeType(ctx, s)
		if err != nil || !done {
			return true, err
		}
	}
	p.at.Whole = nil
	return p.e.feed.position().after(p.at.Position), nil
}

// total is how many documents a whole sync will bring, as there are now: a number to show
// progress by. Where a condition picks documents out, counting would cost what exists; then
// it is 0, not known.
func (p *pulling) total(ctx context.Context) (total int, err error) {
	for _, typ := range p.e.reg.names() {
		s := p.sight(typ)
		if s == nil {
			continue
		}
		if s.watched != nil {
			return 0, nil
		}
		n, err := p.e.store.Count(ctx, &Query{Type: typ, State: Any})
		if err != nil {
			return 0, fmt.Errorf("collections: counting the documents of %s: %w", typ, err)
		}
		total += n
	}
	return total, nil
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
