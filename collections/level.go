package collections

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// The committer's own items.
const (
	kindEngine   = "engine"
	keyLevel     = "level/" + mainStream // a levelMark
	keyReplica   = "replica/"            // + epoch: the server's own replica in that history
	levelRetries = 10
)

// levelMark is how far the records are known to be level with the log.
type levelMark struct {
	N uint64 `json:"n"`
}

// refresh makes the committer's state what the store has, and the records level with
// the log: at Open, and after a commit of which nobody knows how it ended.
func (c *committer) refresh() error {
	if c.fresh {
		return nil
	}
	s := committed{clock: c.state.clock, serials: map[string]serial{}}
	var err error
	if c.e.several() {
		s.level, err = c.holdStream()
	} else {
		s.level, s.mark, err = c.readLevel()
	}
	if err != nil {
		return err
	}
	head, err := c.e.store.Head(c.ctx)
	if err != nil {
		return fmt.Errorf("collections: reading the head of the log: %w", err)
	}
	s.head = head[c.stream()]
	if s.floor, s.floorRev, err = c.readFloor(); err != nil {
		return err
	}
	if s.self, err = c.readSelf(); err != nil {
		return err
	}
	s.clock.Observe(s.self.Stamp)
	c.state = s
	floor := s.floor
	c.e.floor.Store(&floor)
	if _, err := c.catchUpStream(c.stream(), s.level); err != nil {
		return err
	}
	if c.e.several() {
		c.e.own.levelled(s.head)
	}
	c.fresh = true
	return nil
}

// holdStream makes sure that this server holds a stream, a new one where it lost the one
// it had, and says how far that is level.
func (c *committer) holdStream() (level uint64, err error) {
	name, term, level := c.e.own.held()
	if name != "" && name == c.name && term == c.term {
		return level, nil
	}
	if err := c.e.own.take(c.ctx); err != nil {
		return 0, err
	}
	c.name, c.term, level = c.e.own.held()
	if c.name == "" {
		return 0, errors.New("collections: the stream was lost as soon as it was taken")
	}
	c.after = Position{}
	if err := c.e.useReplicaOf(c.ctx, c.name); err != nil {
		return 0, err
	}
	if c.name == mainStream && level == 0 {
		// It was written by a server that had the store to itself.
		if level, _, err = c.readLevel(); err != nil {
			return 0, err
		}
	}
	return level, c.e.fence(c.ctx, c.name, c.term)
}

// readLevel reads the level mark and its Rev; zeros when there is none yet.
func (c *committer) readLevel() (n, rev uint64, err error) {
	item, err := c.e.store.Item(c.ctx, kindEngine, keyLevel)
	if errors.Is(err, ErrNotFound) {
		return 0, 0, nil
	}
	var mark levelMark
	if err == nil {
		err = json.Unmarshal(item.Data, &mark)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("collections: reading the level mark: %w", err)
	}
	return mark.N, item.Rev, nil
}

// readSelf reads what the store knows of the server's own replica.
func (c *committer) readSelf() (ReplicaState, error) {
	state, err := c.e.store.Replica(c.ctx, c.e.replica())
	if errors.Is(err, ErrNotFound) {
		return ReplicaState{Replica: c.e.replica()}, nil
	}
	if err != nil {
		return ReplicaState{}, fmt.Errorf("collections: reading the server's replica: %w", err)
	}
	return *state, nil
}

// catchUpStream brings everything that a stream has after a place up to the log, and says
// where it ends.
func (c *committer) catchUpStream(stream string, at uint64) (uint64, error) {
	for {
		head, err := c.e.store.Head(c.ctx)
		if err != nil {
			return at, fmt.Errorf("collections: reading the head of the log: %w", err)
		}
		if at >= head[stream] {
			return at, nil
		}
		entries, err := c.e.store.Log(c.ctx, stream, at, logPage)
		if err != nil {
			return at, fmt.Errorf("collections: reading the log: %w", err)
		}
		if len(entries) == 0 {
			return at, fmt.Errorf("collections: the stream %s ends at %d, its head says %d", stream, at, head[stream])
		}
		if err := c.level(entries); err != nil {
			return at, err
		}
		at = entries[len(entries)-1].N
	}
}

// level makes records, receipts and replicas tell of the entries, which the log
// has. It changes nothing where they do already.
func (c *committer) level(entries []Entry) error {
	for range levelRetries {
		r := newRound(c, nil)
		for i := range entries {
			if err := r.replay(&entries[i]); err != nil {
				return err
			}
		}
		if err := r.finish(); err != nil {
			return err
		}
		if r.empty() {
			return nil
		}
		err := c.e.store.Commit(c.ctx, r.batch())
		if err == nil {
			c.moved(r)
			c.e.lookAgain(r.unsettled())
			return nil
		}
		if !errors.Is(err, ErrStale) {
			return fmt.Errorf("collections: bringing records level with the log: %w", standing(err))
		}
	}
	return errors.New("collections: others keep moving the records on: giving up bringing them level with the log")
}

// replay makes the round write what an entry of the log should have left behind and
// did not.
func (r *round) replay(entry *Entry) error {
	c := entry.Change
	if entry.Kind != EntryChange || c == nil {
		return nil
	}
	r.state.clock.Observe(c.Stamp)
	w, err := r.document(Key{c.Type, c.Doc})
	if err != nil {
		return err
	}
	if w.doc.Seen()[c.Replica] < c.N {
		if _, err := w.doc.Apply(c); err != nil {
			return fmt.Errorf("collections: replaying entry %d: %w", entry.N, err)
		}
		r.wrote(w, entry)
	}
	if err := r.replaySerials(c); err != nil {
		return err
	}
	return r.replayReplica(c, entry.At)
}

// replayReplica makes the replica's count and the change's receipt tell of it. What
// was sent is not known any more, so the receipt holds what is known of its content.
func (r *round) replayReplica(c *crdt.Change, at int64) error {
	if c.Replica == r.state.self.Replica {
		if c.N > r.state.self.N {
			r.state.self.N, r.state.self.Stamp, r.state.self.Seen = c.N, c.Stamp, at
			r.moves++
		}
		return nil
	}
	state, err := r.replica(c.Replica)
	if err != nil {
		return err
	}
	if c.N > state.N {
		state.N, state.Stamp, state.Seen = c.N, c.Stamp, at
		r.move(state)
	}
	if state.User == "" {
		return nil // a server's own: nobody sends it again
	}
	_, err = r.receipt(c.Replica, c.N)
	if errors.Is(err, ErrNotFound) {
		r.remember(Receipt{Replica: c.Replica, N: c.N, Digest: contentDigest(c), Stamp: c.Stamp, Doc: c.Doc})
		return nil
	}
	return err
}
