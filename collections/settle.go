package collections

import (
	"errors"
	"slices"
)

// settle finds out what became of a batch whose Commit gave an error, and finishes
// what of it is true: the log decides. Nil means that the batch stands.
func (c *committer) settle(r *round, batch *Batch, failure error) error {
	var stale *StaleError
	if !errors.As(failure, &stale) {
		stands, err := c.stands(batch, failure)
		if err != nil {
			return standing(errors.Join(failure, err))
		}
		if !stands {
			return failure
		}
	}
	c.moved(r)
	return c.level(batch.Entries)
}

// standing makes an error one of something that stands in the log, or may: it must not be
// tried again as if nothing of it had been written.
func standing(err error) error {
	if contended(err) {
		return errors.New(err.Error())
	}
	return err
}

// stands reports whether the log has the entries of a batch of which nobody knows how it
// ended. One without entries leaves no trace there: it is made up again.
func (c *committer) stands(batch *Batch, failure error) (bool, error) {
	if len(batch.Entries) == 0 || errors.Is(failure, ErrTaken) || errors.Is(failure, ErrStale) {
		return false, nil
	}
	there, err := c.e.store.Log(c.ctx, batch.Stream, batch.Entries[0].N-1, len(batch.Entries))
	return err == nil && slices.EqualFunc(there, batch.Entries, sameEntry), err
}

// sameEntry compares what tells entries of one place apart.
func sameEntry(a, b Entry) bool {
	if a.Place != b.Place || a.Kind != b.Kind || a.Type != b.Type || a.At != b.At || (a.Change == nil) != (b.Change == nil) {
		return false
	}
	return a.Change == nil || a.Change.Replica == b.Change.Replica && a.Change.N == b.Change.N && a.Change.Doc == b.Change.Doc
}
