package collections

import "errors"

// settle finds out what became of a batch whose Commit gave an error, and finishes
// what of it is true: the log decides. Nil means that the batch stands.
func (c *committer) settle(batch *Batch, failure error) error {
	var stale *StaleError
	if !errors.As(failure, &stale) {
		head, err := c.e.store.Head(c.ctx)
		if err != nil {
			return errors.Join(failure, err)
		}
		if n := len(batch.Entries); n == 0 || head[mainStream] != batch.Entries[n-1].N {
			return failure
		}
	}
	// What tells of refusals is in no log.
	rest := &Batch{Stream: batch.Stream, Receipts: batch.Receipts, Replicas: batch.Replicas}
	if err := c.e.store.Commit(c.ctx, rest); err != nil {
		return errors.Join(failure, err)
	}
	return c.level(batch.Entries)
}
