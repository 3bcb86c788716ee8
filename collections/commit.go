package collections

import "context"

// commit is the door that every write goes through: it runs do in the committer's
// goroutine, against the round that is being made up, and returns when the round's
// commit is durable. keys are the documents do will want, so that they are read
// together with those of the others.
//
// do may be called more than once (a round is made up anew without a member that
// failed); only the last call counts, so it must start from nothing. An error of do
// is what commit returns, and then nothing of do is in the commit.
func (e *Engine) commit(ctx context.Context, keys []Key, do func(r *round) error) error {
	panic("todo")
}

// committer is the one goroutine that merges and commits.
type committer struct{}
