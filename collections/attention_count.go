package collections

import (
	"context"
	"fmt"
	"sync"
)

// CountAttention counts the records of a type that need attention, of those that the
// actor may see, up to most, which is 1 to 1,000: a number for a badge. It costs no more
// than most, and is worked out anew only after something was committed. Forbidden for
// who is no editor.
func (e *Engine) CountAttention(ctx context.Context, a Actor, typ string, most int) (int, error) {
	g, err := e.grant(a, typ)
	if err != nil {
		return 0, err
	}
	most = min(max(most, 1), maxPage)
	if !g.Trash || !g.seesAll() {
		page, err := e.List(ctx, a, typ, ListRequest{State: Attention, Limit: most})
		if err != nil {
			return 0, err
		}
		return len(page.Documents), nil
	}
	key, commits := attentionKey{typ, most}, e.Stats().Commits+e.feed.published()
	if n, known := e.needing.get(key, commits); known {
		return n, nil
	}
	records, err := e.store.Find(ctx, &Query{Type: typ, State: Attention, Limit: most})
	if err != nil {
		return 0, fmt.Errorf("collections: counting what needs attention in %s: %w", typ, err)
	}
	e.needing.put(key, commits, len(records))
	return len(records), nil
}

// needing remembers counts for as long as nothing is committed. The zero value is ready.
type needing struct {
	mu      sync.Mutex
	commits uint64
	counts  map[attentionKey]int
}

type attentionKey struct {
	typ  string
	most int
}

func (n *needing) get(key attentionKey, commits uint64) (count int, known bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.commits != commits {
		return 0, false
	}
	count, known = n.counts[key]
	return count, known
}

// put keeps a count that was made after so many commits, or a few more.
func (n *needing) put(key attentionKey, commits uint64, count int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.commits != commits || n.counts == nil {
		n.commits, n.counts = commits, map[attentionKey]int{}
	}
	n.counts[key] = count
}
