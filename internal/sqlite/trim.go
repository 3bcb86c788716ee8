package sqlite

import (
	"context"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// trimStep is how many rows of the log go in one transaction, so that commits need
// not wait for long.
const trimStep = 2000

// Trim implements [collections.Store]. The floors move in one transaction: from then
// on nobody sees the entries. Their rows and blocks go after it, in steps, oldest
// first; what a crash leaves of them, the next Trim takes. A block goes when all of it
// was trimmed and it is not the newest: until then its older entries stay, unseen.
func (s *Store) Trim(ctx context.Context, upto collections.Position) error {
	raised, err := s.raiseFloors(ctx, upto)
	if err != nil {
		return err
	}
	s.folder.mu.Lock() // nothing is folded meanwhile
	defer s.folder.mu.Unlock()
	for stream, floor := range raised {
		if err := s.dropRows(ctx, stream, floor); err != nil {
			return err
		}
	}
	return s.dropBlocks(ctx)
}

// raiseFloors makes the position the floor where it is above it, and gives the floors
// of the streams that upto names.
func (s *Store) raiseFloors(ctx context.Context, upto collections.Position) (collections.Position, error) {
	s.writer.mu.Lock()
	defer s.writer.mu.Unlock()
	raised := collections.Position{}
	for stream, n := range upto {
		if head := s.heads.of(stream); n > head {
			return nil, fmt.Errorf("sqlite: trim up to %d of stream %q, which ends at %d", n, stream, head)
		}
		if n > 0 {
			raised[stream] = max(n, s.heads.floor[stream])
		}
	}
	err := s.writer.transact(ctx, func(tx *tx) error {
		for stream, n := range raised {
			if _, err := tx.exec(floorTable.insert("INSERT OR REPLACE"), floorTable.sealed(stream, int64(n))...); err != nil {
				return err
			}
			if _, err := tx.exec(`DELETE FROM afters WHERE stream = ? AND n <= ?`, stream, int64(n)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.heads.raise(raised)
	}
	return raised, err
}

// dropRows deletes a stream's rows up to its floor, and with each change that was
// accepted its receipt, as a block would take it along.
func (s *Store) dropRows(ctx context.Context, stream string, floor uint64) error {
	for {
		old, err := s.oldRows(ctx, stream, floor)
		if err != nil || len(old) == 0 {
			return err
		}
		err = s.writer.do(ctx, func(tx *tx) error {
			for i := range old {
				if c := old[i].Change; c != nil {
					_, err := tx.exec(`DELETE FROM receipts WHERE replica = ? AND n = ? AND refused IS NULL`, int64(c.Replica), int64(c.N))
					if err != nil {
						return err
					}
				}
			}
			_, err := tx.exec(`DELETE FROM log WHERE stream = ? AND n <= ?`, stream, int64(old[len(old)-1].N))
			return err
		})
		if err != nil {
			return err
		}
		s.folder.rows.Add(-int64(len(old)))
	}
}

// oldRows reads the first of a stream's rows up to its floor.
func (s *Store) oldRows(ctx context.Context, stream string, floor uint64) (old []collections.Entry, err error) {
	rows, err := s.readers.QueryContext(ctx, `SELECT `+logTable.list()+` FROM log
		WHERE stream = ? AND n <= ? ORDER BY n LIMIT ?`, stream, int64(floor), trimStep)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := s.readEntry(rows)
		if err != nil {
			return nil, err
		}
		old = append(old, row.Entry)
	}
	return old, rows.Err()
}

// dropBlocks deletes the oldest blocks, as far as all of their entries were trimmed.
// The newest block always stays, so that no number is ever used again: who reads may
// have kept a block at hand.
func (s *Store) dropBlocks(ctx context.Context) error {
	var oldest, kept int64
	err := s.readers.QueryRowContext(ctx, `SELECT coalesce(min(no), 0),
		coalesce((SELECT min(b.block) FROM block_streams AS b LEFT JOIN floors AS f USING (stream)
		WHERE b.last > coalesce(f.n, 0)), max(no), 0) FROM blocks`).Scan(&oldest, &kept)
	if err != nil {
		return err
	}
	for at := min(oldest+trimBlocks, kept); oldest < at; at = min(at+trimBlocks, kept) {
		if err := s.writer.do(ctx, func(tx *tx) error { return tx.dropBlocks(at) }); err != nil {
			return err
		}
		oldest = at
	}
	return nil
}

// trimBlocks is how many blocks go in one transaction.
const trimBlocks = 32

// dropBlocks deletes the blocks before one.
func (t *tx) dropBlocks(before int64) error {
	for _, text := range []string{
		`DELETE FROM blocks WHERE no < ?`, `DELETE FROM block_streams WHERE block < ?`, `DELETE FROM block_replicas WHERE block < ?`,
	} {
		if _, err := t.exec(text, before); err != nil {
			return err
		}
	}
	return nil
}

// purgeStep is how many documents go in one transaction.
const purgeStep = 200

// Purge implements [collections.Store], some documents at a time.
func (s *Store) Purge(ctx context.Context, keys []collections.Key) error {
	for start := 0; start < len(keys); start += purgeStep {
		part := keys[start:min(start+purgeStep, len(keys))]
		err := s.writer.do(ctx, func(tx *tx) error {
			for _, key := range part {
				if err := tx.purge(s.types.num(key.Type), key.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) purge(typ int64, id string) error {
	const one = `(SELECT rid FROM records WHERE type = ? AND id = ?)`
	if _, err := t.exec(`DELETE FROM words WHERE rowid = `+one, typ, id); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM records WHERE rid = `+one, typ, id)
	return err
}
