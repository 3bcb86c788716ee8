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
		refused = string(r.Refused.Keep())
	}
	_, err := tx.exec(receiptTable.insert("INSERT OR REPLACE"), receiptTable.sealed(
		int64(r.Replica), int64(r.N), r.Digest[:], int64(r.Stamp), refused,
		r.Doc, int64(r.FirstID), int64(r.LastID))...)
	return err
}

// Receipt implements [collections.Store]. That of an old change that was accepted is in
// the block that has the change.
func (s *Store) Receipt(ctx context.Context, replica crdt.Replica, n uint64) (*collections.Receipt, error) {
	r, err := readReceipt(s.readers.QueryRowContext(ctx, `SELECT `+receiptTable.list()+` FROM receipts
		WHERE replica = ? AND n = ?`, int64(replica), int64(n)))
	if !errors.Is(err, sql.ErrNoRows) {
		return r, err
	}
	no, err := blockOfChange(ctx, s.readers, replica, n)
	if err != nil {
		return nil, err
	}
	if no == 0 {
		return nil, collections.ErrNotFound
	}
	b, err := s.block(ctx, s.readers, no)
	if err != nil {
		return nil, err
	}
	if b != nil {
		for i := range b.entries {
			if c := b.entries[i].Change; c != nil && c.Replica == replica && c.N == n && b.entries[i].receipt != noReceipt {
				return b.entries[i].receiptOf(), nil
			}
		}
	}
	return nil, collections.ErrNotFound
}

func readReceipt(row scanner) (*collections.Receipt, error) {
	c, err := receiptTable.scan(row)
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

// acceptedReceipts reads those of a replica's changes first … last that were accepted.
func acceptedReceipts(ctx context.Context, db querier, replica crdt.Replica, first, last uint64) (found []*collections.Receipt, err error) {
	rows, err := db.QueryContext(ctx, `SELECT `+receiptTable.list()+` FROM receipts
		WHERE replica = ? AND n BETWEEN ? AND ? AND refused IS NULL`, int64(replica), int64(first), int64(last))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, err := readReceipt(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, rows.Err()
}

// writeReplica writes a replica's state if nobody else did since its Rev; else ErrStale.
func writeReplica(tx *tx, r *collections.ReplicaState) error {
	columns := replicaColumns(r, r.Rev+1)
	if r.Rev == 0 {
		return tx.writesOne(replicaTable.insert("INSERT OR IGNORE"), columns...)
	}
	return tx.writesOne(replicaTable.update("replica = ? AND coalesce(rev, 1) = ?"), append(columns, int64(r.Replica), int64(r.Rev))...)
}

// replicaColumns are the columns of a replica's state at a revision.
func replicaColumns(r *collections.ReplicaState, rev uint64) []any {
	var stream, n any // NULL where there is none
	if r.Last.N > 0 {
		stream, n = r.Last.Stream, int64(r.Last.N)
	}
	return replicaTable.sealed(int64(r.Replica), r.User, int64(r.N), int64(r.Stamp), r.Seen, int64(rev), stream, n)
}

// Replica implements [collections.Store].
func (s *Store) Replica(ctx context.Context, replica crdt.Replica) (*collections.ReplicaState, error) {
	r, err := readReplica(s.readers.QueryRowContext(ctx, `SELECT `+replicaTable.list()+` FROM replicas
		WHERE replica = ?`, int64(replica)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, collections.ErrNotFound
	}
	return r, err
}

// readReplica reads a replica's state.
func readReplica(row scanner) (*collections.ReplicaState, error) {
	c, err := replicaTable.scan(row)
	if err != nil {
		return nil, err
	}
	r := &collections.ReplicaState{
		Replica: crdt.Replica(c[0].(int64)), User: c[1].(string), Rev: 1,
		N: uint64(c[2].(int64)), Stamp: crdt.Time(c[3].(int64)), Seen: c[4].(int64),
	}
	if rev, ok := c[5].(int64); ok {
		r.Rev = uint64(rev)
	}
	if stream, ok := c[6].(string); ok {
		r.Last = collections.Place{Stream: stream, N: uint64(c[7].(int64))}
	}
	return r, nil
}
