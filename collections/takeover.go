package collections

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// takeOver takes the streams over of holders that fell silent: fences them off, brings
// the records level with what they wrote, and lets go of the stream.
func (t *tail) takeOver(ctx context.Context) error {
	mine, _, _ := t.e.own.held()
	for _, stream := range slices.Sorted(maps.Keys(t.holders)) {
		hold := t.holders[stream]
		if stream == mine || !hold.dead() {
			continue
		}
		taken, err := hold.take(ctx)
		if err != nil || !taken {
			return err
		}
		t.e.log.Info("taking over the stream of a server that fell silent", "stream", stream)
		if err := t.e.finishStream(ctx, stream, hold); err != nil {
			return err
		}
	}
	return nil
}

// finishStream brings a stream that was just taken to its end and lets go of it. When it
// fails, the hold runs out in time, and somebody takes it over again.
func (e *Engine) finishStream(ctx context.Context, stream string, hold *Hold) error {
	if err := e.fence(ctx, stream, hold.Term()); err != nil {
		return err
	}
	level := hold.seen.Level
	err := e.com.alone(ctx, func(c *committer) (err error) {
		level, err = c.catchUpStream(stream, level)
		return err
	})
	if err != nil {
		return err
	}
	hold.seen.Level = level
	return hold.Release(ctx)
}

// fence makes whoever held a stream in an older term write no more to it.
func (e *Engine) fence(ctx context.Context, stream string, term uint64) error {
	if err := e.store.Commit(ctx, &Batch{Stream: stream, Term: term}); err != nil {
		return fmt.Errorf("collections: fencing the stream %s off: %w", stream, err)
	}
	return nil
}
