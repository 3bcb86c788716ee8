package collections

import "context"

// Waiting is how many writers stand in line for the next commit.
func (e *Engine) Waiting() int { return len(e.com.jobs) }

// CommitPanicking is a writer that changes the round and then breaks.
func (e *Engine) CommitPanicking(id string) error {
	return e.commit(context.Background(), nil, func(r *round) error {
		r.entry(Entry{Kind: EntryRules, Type: id})
		panic("this writer is broken")
	})
}
