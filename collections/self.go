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

// ownReplica reads the replica that the server writes with, or makes it: one for each
// history, because a restored store must not use its numbers a second time.
func ownReplica(ctx context.Context, c Config, epoch string) (crdt.Replica, error) {
	item, err := c.Store.Item(ctx, kindEngine, keyReplica+epoch)
	switch {
	case errors.Is(err, ErrNotFound):
		return makeReplica(ctx, c, keyReplica+epoch)
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
func makeReplica(ctx context.Context, c Config, key string) (crdt.Replica, error) {
	var id [8]byte
	for binary.BigEndian.Uint64(id[:]) == 0 {
		if _, err := io.ReadFull(c.Random, id[:]); err != nil {
			return 0, fmt.Errorf("collections: drawing the server's replica id: %w", err)
		}
	}
	replica := crdt.Replica(binary.BigEndian.Uint64(id[:]))
	data, err := json.Marshal(replica)
	if err == nil {
		err = c.Store.PutItem(ctx, Item{Kind: kindEngine, Key: key, Data: data})
	}
	if err != nil {
		return 0, fmt.Errorf("collections: keeping the server's replica id: %w", err)
	}
	return replica, nil
}
