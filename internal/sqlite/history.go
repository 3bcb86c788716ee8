package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// History implements [collections.Store].
func (s *Store) History(ctx context.Context, typ, id string, after collections.Place, limit int) (found []collections.Entry, err error) {
	if limit < 1 {
		return nil, fmt.Errorf("sqlite: a limit is at least 1, not %d", limit)
	}
	tx, floor, err := s.beginLog(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	seq, err := seqOf(ctx, tx, after, floor)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil // nothing comes after a place that the log has not reached
	}
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+logTable.list()+` FROM log
		WHERE type = ?1 AND doc = ?2 AND seq > ?3 AND EXISTS (SELECT 1 FROM records WHERE type = ?1 AND id = ?2)
		ORDER BY seq`, s.types.num(typ), id, seq)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for len(found) < limit && rows.Next() {
		e, err := s.readEntry(rows)
		if err != nil {
			return nil, err
		}
		if e.N > floor[e.Stream] {
			found = append(found, e)
		}
	}
	return found, rows.Err()
}

// seqOf is where a place is among all streams; 0, the start, for one that was trimmed.
func seqOf(ctx context.Context, tx *sql.Tx, p collections.Place, floor collections.Position) (seq int64, err error) {
	if p.N <= floor[p.Stream] {
		return 0, nil
	}
	err = tx.QueryRowContext(ctx, `SELECT seq FROM log WHERE stream = ? AND n = ?`, p.Stream, int64(p.N)).Scan(&seq)
	return seq, err
}
