package client

import (
	"context"
	"fmt"
	"io"
	"maps"

	"github.com/fieldstack/fieldstack/crdt"
)

// takeNewReplica gives this store a new id after the server found its numbers used by
// somebody else: the file is a copy, or was restored. The pending changes are written
// anew under the new id, numbered from 1; elements that they made take the new name,
// whatever else they mention keeps its own.
func (d *Device) takeNewReplica(ctx context.Context, old crdt.Replica) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.open(); err != nil {
		return err
	}
	if d.me.Replica != old {
		return nil
	}
	var me identity
	err := d.store.write(ctx, func(t *tx) (err error) {
		me, err = t.rename(d.me, d.random)
		return err
	})
	if err != nil {
		return fmt.Errorf("client: take a new replica id: %w", err)
	}
	d.me = me
	clear(d.views)
	d.wake()
	return nil
}

// rename gives a store a new replica id, and its pending changes with it.
func (t *tx) rename(me identity, random io.Reader) (identity, error) {
	old := me.Replica
	var err error
	if me.Replica, err = newReplica(random); err != nil {
		return me, err
	}
	if me.N, err = t.renumberPending(old, me.Replica); err != nil {
		return me, err
	}
	return me, t.setState("me", me)
}

// renumberPending writes the queue anew as replica made it, and gives the number of its
// last change.
func (t *tx) renumberPending(old, replica crdt.Replica) (last uint64, err error) {
	pending, err := t.pendingOf("", "")
	if err != nil {
		return 0, err
	}
	made, err := t.sinces()
	if err != nil {
		return 0, err
	}
	known, err := t.knownOf(old, pending)
	if err != nil {
		return 0, err
	}
	if err := t.exec(`DELETE FROM pending WHERE n > 0`); err != nil {
		return 0, err
	}
	touched := map[key]bool{}
	for i, c := range renumber(pending, replica, known) {
		last = c.N
		touched[key{c.Type, c.Doc}] = true
		if err := t.queue(c, made[i]); err != nil {
			return 0, err
		}
	}
	for k := range touched {
		if err := t.refresh(k); err != nil {
			return 0, err
		}
	}
	return last, nil
}

// sinces lists the cursors that the pending changes were made at, in their order.
func (t *tx) sinces() (cursors []string, err error) {
	err = t.each(func(scan func(...any) error) error {
		var cursor string
		err := scan(&cursor)
		cursors = append(cursors, cursor)
		return err
	}, `SELECT since FROM pending ORDER BY n`)
	return cursors, err
}

// knownOf says, of each document that pending changes are for, how far the server had
// acknowledged the old replica's changes to it before the oldest of pending: later
// numbers are somebody else's.
func (t *tx) knownOf(old crdt.Replica, pending []*crdt.Change) (map[key]uint64, error) {
	known := map[key]uint64{}
	for _, c := range pending {
		k := key{c.Type, c.Doc}
		if _, done := known[k]; done {
			continue
		}
		doc, err := t.confirmed(k.Type, k.ID)
		if err != nil {
			return nil, err
		}
		known[k] = min(doc.Seen()[old], pending[0].N-1)
	}
	return known, nil
}

// renumber gives the changes as the new replica made them: 1, 2, 3 …, each following
// the one before it to the same document. known is of knownOf.
func renumber(pending []*crdt.Change, replica crdt.Replica, known map[key]uint64) []*crdt.Change {
	made := map[key]map[crdt.Dot]bool{}
	for _, c := range pending {
		k := key{c.Type, c.Doc}
		if made[k] == nil {
			made[k] = map[crdt.Dot]bool{}
		}
		for _, op := range c.Ops {
			for i := range op.Makes() {
				made[k][crdt.Dot{Replica: c.Replica, Seq: op.ID + i}] = true
			}
		}
	}
	last := map[key]uint64{}
	renamed := make([]*crdt.Change, 0, len(pending))
	for i, c := range pending {
		k := key{c.Type, c.Doc}
		next := c.Rename(replica, func(d crdt.Dot) bool { return made[k][d] })
		next.N, next.Prev = uint64(i)+1, last[k]
		resaw(next, c.Replica, known[k])
		last[k] = next.N
		renamed = append(renamed, next)
	}
	return renamed
}

// resaw mends what the deletions in c say their author saw: of the old replica only
// what is known, of the new one the change before c.
func resaw(c *crdt.Change, old crdt.Replica, known uint64) {
	for i, op := range c.Ops {
		if op.Saw == nil {
			continue
		}
		saw := maps.Clone(op.Saw)
		if saw[old] = min(saw[old], known); saw[old] == 0 {
			delete(saw, old)
		}
		if c.Prev > 0 {
			saw[c.Replica] = c.Prev
		}
		c.Ops[i].Saw = saw
	}
}
