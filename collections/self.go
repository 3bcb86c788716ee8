package collections

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/fieldstack/fieldstack/crdt"
)

// selfKey names the item of the replica that a server writes a stream with.
func selfKey(epoch, stream string) string {
	if stream == mainStream {
		return keyReplica + epoch
	}
	return keyReplica + epoch + "/" + stream
}

// useReplicaOf has the server write with the replica of a stream.
func (e *Engine) useReplicaOf(ctx context.Context, stream string) error {
	self, err := ownReplica(ctx, e.store, e.random, selfKey(e.epoch, stream))
	e.self.Store(uint64(self))
	return err
}

// ownReplica reads the replica that the server writes with, or makes it: one for each
// history and stream, because its numbers must not be used a second time.
func ownReplica(ctx context.Context, store Store, random io.Reader, key string) (crdt.Replica, error) {
	item, err := store.Item(ctx, kindEngine, key)
	switch {
	case errors.Is(err, ErrNotFound):
		return makeReplica(ctx, store, random, key)
	case err != nil:
		return 0, fmt.Errorf("collections: reading the server's replica id: %w", err)
	}
	var replica crdt.Replica
	if err := json.Unmarshal(item.Data, &replica); err != nil {
		return 0, fmt.Errorf("collections: reading the server's replica id: %w", err)
	}
	return replica, nil
}

// makeReplica draws a replica id and keeps it under key.
func makeReplica(ctx context.Context, store Store, random io.Reader, key string) (crdt.Replica, error) {
	var id [8]byte
	for binary.BigEndian.Uint64(id[:]) == 0 {
		if _, err := io.ReadFull(random, id[:]); err != nil {
			return 0, fmt.Errorf("collections: drawing the server's replica id: %w", err)
		}
	}
	replica := crdt.Replica(binary.BigEndian.Uint64(id[:]))
	data, err := json.Marshal(replica)
	if err == nil {
		err = store.PutItem(ctx, Item{Kind: kindEngine, Key: key, Data: data})
	}
	if err != nil {
		return 0, fmt.Errorf("collections: keeping the server's replica id: %w", err)
	}
	return replica, nil
}
