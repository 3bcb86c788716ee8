package collections

import (
	"context"
	"errors"
	"fmt"
)

// Ready says whether the engine can take work just now: nil, or why not. It asks the store
// for something small, so it costs a read, and takes as long as the store does or until
// ctx ends.
//
// A store that can be read but not written any more says so by a method Writable() error,
// where it has one. Of several servers that share a store one is not ready that does not
// hear of the others; that it lost its stream is no matter, as it takes one with the next
// write.
func (e *Engine) Ready(ctx context.Context) error {
	if e.com.closing() {
		return errStopping
	}
	if _, err := e.store.Item(ctx, kindEngine, "ready"); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("collections: the store does not answer: %w", err)
	}
	if store, says := e.store.(interface{ Writable() error }); says {
		if err := store.Writable(); err != nil {
			return err
		}
	}
	return e.deaf()
}

// closing reports whether the committer takes no more jobs.
func (c *committer) closing() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.closed
}
