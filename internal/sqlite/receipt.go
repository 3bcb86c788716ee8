package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

func writeReceipt(tx *tx, r *collections.Receipt) error {
	var refused any
	if r.Refused != nil {
		text, err := json.Marshal(r.Refused)
		if err != nil {
			return err
		}
		refused = string(text)
	}
	_, err := tx.exec(receiptTable.insert("INSERT OR REPLACE"), receiptTable.sealed(
		int64(r.Replica), int64(r.N), r.Digest[:], int64(r.Stamp), refused,
		r.Doc, int64(r.FirstID), int64(r.LastID))...)
	return err
}

// Receipt implements [collections.Store].
func (s *Store) Receipt(ctx context.Context, replica crdt.Replica, n uint64) (*collections.Receipt, error) {
	row := s.readers.QueryRowContext(ctx, `SELECT `+receiptTable.list()+` FROM receipts
		WHERE replica = ? AND n = ?`, int64(replica), int64(n))
	c, err := receiptTable.scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, collections.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	r := &collections.Receipt{
		Replica: crdt.Replica(c[0].(int64)), N: uint64(c[1].(int64)),
		Digest: [32]byte(c[2].([]byte)), Stamp: crdt.Time(c[3].(int64)),
		Doc: c[5].(string), FirstID: uint64(c[6].(int64)), LastID: uint64(c[7].(int64)),
	}
	if text, ok := c[4].(string); ok {
		r.Refused = new(collections.Error)
		return r, json.Unmarshal([]byte(text), r.Refused)
	}
	return r, nil
}

func writeReplica(tx *tx, r *collections.ReplicaState) error {
	_, err := tx.exec(replicaTable.insert("INSERT OR REPLACE"), replicaTable.sealed(
		int64(r.Replica), r.User, int64(r.N), int64(r.Stamp), r.Seen)...)
	return err
}

// Replica implements [collections.Store].
func (s *Store) Replica(ctx context.Context, replica crdt.Replica) (*collections.ReplicaState, error) {
	row := s.readers.QueryRowContext(ctx, `SELECT `+replicaTable.list()+` FROM replicas
		WHERE replica = ?`, int64(replica))
	c, err := replicaTable.scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, collections.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &collections.ReplicaState{
		Replica: crdt.Replica(c[0].(int64)), User: c[1].(string),
		N: uint64(c[2].(int64)), Stamp: crdt.Time(c[3].(int64)), Seen: c[4].(int64),
	}, nil
}
