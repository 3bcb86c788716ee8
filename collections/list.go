package collections

import (
	"context"
	"fmt"

	"github.com/fieldstack/fieldstack/schema"
)

// ListRequest asks for a page. Where may use $me, $now, $today.
type ListRequest struct {
	Where  *schema.Condition
	Search string // for each word of it, a word of the document begins with it
	Sort   []Sort // at most 4, then by id
	After  string // of the page before: ListPage.Next
	Limit  int    // default 50, at most 1,000
	State  State
	Since  int64 // documents updated after this, ms since 1970 UTC; 0: all
	Count  bool
}

// ListPage is one page. Next is "" on the last. Total is -1 unless asked for.
type ListPage struct {
	Documents []*Document `json:"documents"`
	Next      string      `json:"next,omitempty"`
	Total     int         `json:"total"`
}

// The bounds of a page.
const (
	defaultPage = 50
	maxPage     = 1000
)

// List gives one page of the documents the actor may see. A condition, sort or
// search never depends on what the actor may not see.
func (e *Engine) List(ctx context.Context, a Actor, typ string, r ListRequest) (*ListPage, error) {
	l, err := e.listing(a, typ, r)
	if err != nil {
		return nil, err
	}
	page, err := l.page(ctx)
	if err != nil {
		return nil, err
	}
	page.Total = -1
	if r.Count {
		page.Total, err = l.count(ctx)
	}
	return page, err
}

// listing is a list request that was found to be in order, and who asks.
type listing struct {
	e     *Engine
	grant *Grant
	query Query // of the first page, with a limit of its own
	after *PageKey
}

// listing checks a request.
func (e *Engine) listing(a Actor, typ string, r ListRequest) (*listing, error) {
	g, err := e.grant(a, typ)
	if err != nil {
		return nil, err
	}
	if err := r.check(g); err != nil {
		return nil, err
	}
	t, err := e.reg.view(e.reg.latest(typ), g.Hidden)
	if err != nil {
		return nil, err
	}
	l := &listing{e: e, grant: g, query: Query{Type: typ, Limit: r.Limit, State: r.State, Since: r.Since}}
	if l.query.Limit == 0 {
		l.query.Limit = defaultPage
	}
	where, err := checkWhere(r.Where, t, g)
	if err != nil {
		return nil, err
	}
	vars := schema.Vars{Me: a.Name, Now: e.now().UnixMilli()}
	l.query.Where = both(g.See, where.Resolve(vars))
	if l.query.Sort, err = checkSort(r.Sort, t, g); err != nil {
		return nil, err
	}
	if l.query.Words, err = parseSearch(r.Search); err != nil {
		return nil, err
	}
	l.after, err = decodePageKey(r.After, l.query.Sort)
	return l, err
}

// check looks at the parts of a request that need no schema.
func (r *ListRequest) check(g *Grant) error {
	switch {
	case r.Limit < 0 || r.Limit > maxPage:
		return Errorf(Invalid, "limit", "A page has 1 to %d documents, not %d.", maxPage, r.Limit)
	case r.State < Live || r.State > Any:
		return Errorf(Invalid, "state", "There is no such state of documents: ask for live, attention, trash or any.")
	case r.State != Live && !g.Trash:
		return Errorf(Forbidden, "state", "Only an editor sees the trash and what needs attention.")
	case r.Since < 0:
		return Errorf(Invalid, "updatedAfter", "A time is in milliseconds since 1970, not %d.", r.Since)
	}
	return nil
}

// both joins two conditions, leaving out what is plainly true.
func both(a, b *schema.Condition) *schema.Condition {
	switch {
	case a.Op == "true":
		return b
	case b.Op == "true":
		return a
	}
	return &schema.Condition{Op: "all", Subs: []*schema.Condition{a, b}}
}

// page reads the documents of the page.
func (l *listing) page(ctx context.Context) (*ListPage, error) {
	page := &ListPage{Documents: []*Document{}}
	var last *Record
	err := l.each(ctx, l.after, l.query.Limit+1, func(record *Record, d *Document) (bool, error) {
		if len(page.Documents) == l.query.Limit {
			key, err := pageKeyOf(last, l.query.Sort)
			page.Next = encodePageKey(key, l.query.Sort)
			return false, err
		}
		page.Documents, last = append(page.Documents, d), record
		return true, nil
	})
	return page, err
}

// count counts what all pages have.
func (l *listing) count(ctx context.Context) (int, error) {
	if !l.looksTwice() {
		return l.e.store.Count(ctx, &l.query)
	}
	total := 0
	err := l.each(ctx, nil, maxPage, func(*Record, *Document) (bool, error) { total++; return true, nil })
	return total, err
}

// each calls f for the documents after a place, in order, until it says false; it
// reads so many at once.
func (l *listing) each(ctx context.Context, after *PageKey, chunk int, f func(*Record, *Document) (bool, error)) error {
	q := l.query
	q.After, q.Limit = after, min(chunk, maxPage)
	for {
		records, err := l.e.store.Find(ctx, &q)
		if err != nil {
			return fmt.Errorf("collections: list %s: %w", q.Type, err)
		}
		for _, record := range records {
			d, err := l.e.documentOf(record, l.grant)
			if err != nil {
				return err
			}
			if d == nil || !l.shows(d) {
				continue
			}
			if more, err := f(record, d); err != nil || !more {
				return err
			}
		}
		if len(records) < q.Limit {
			return nil
		}
		if q.After, err = pageKeyOf(records[len(records)-1], q.Sort); err != nil {
			return err
		}
	}
}

// looksTwice reports whether the store's answer may depend on hidden fields: the words
// and the problems it keeps are those of whole documents.
func (l *listing) looksTwice() bool {
	return len(l.grant.Hidden) > 0 && (l.query.Words != nil || l.query.State == Attention)
}

// shows reports whether what the reader sees of a document is a reason to list it.
func (l *listing) shows(d *Document) bool {
	if !l.looksTwice() {
		return true
	}
	return (l.query.Words == nil || schema.FindsAll(schema.RecordWords(d.Value), l.query.Words)) &&
		(l.query.State != Attention || needsAttention(d.Problems, d.Disagreements))
}
