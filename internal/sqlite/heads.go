package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"sync"

	"github.com/fieldstack/fieldstack/collections"
)

// heads keeps where each stream begins and ends in memory: this process is the only
// one that writes.
type heads struct {
	mu    sync.RWMutex
	at    collections.Position // the last number of each stream
	floor collections.Position // the last that was trimmed
}

// load reads the heads, one seek per stream and not the whole log. A stream that was
// trimmed whole ends at its floor.
func (h *heads) load(ctx context.Context, db *sql.DB) error {
	floor, err := readFloors(ctx, db)
	if err != nil {
		return err
	}
	at := maps.Clone(floor)
	const next = `SELECT stream, n FROM log WHERE stream = (SELECT min(stream) FROM log WHERE stream > ?)
		ORDER BY n DESC LIMIT 1`
	var stream string
	var n uint64
	err = db.QueryRowContext(ctx, `SELECT stream, n FROM log WHERE stream = (SELECT min(stream) FROM log)
		ORDER BY n DESC LIMIT 1`).Scan(&stream, &n)
	for err == nil {
		at[stream] = max(n, floor[stream])
		err = db.QueryRowContext(ctx, next, stream).Scan(&stream, &n)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at, h.floor = at, floor
	return nil
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readFloors reads where the streams begin.
func readFloors(ctx context.Context, db querier) (collections.Position, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+floorTable.list()+` FROM floors`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	floor := collections.Position{}
	for rows.Next() {
		c, err := floorTable.scan(rows)
		if err != nil {
			return nil, err
		}
		floor[c[0].(string)] = uint64(c[1].(int64))
	}
	return floor, rows.Err()
}

func (h *heads) of(stream string) uint64 {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.at[stream]
}

func (h *heads) move(stream string, n uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at[stream] = n
}

// raise moves floors up.
func (h *heads) raise(floor collections.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.Copy(h.floor, floor)
}

// all gives a copy of the heads.
func (h *heads) all() collections.Position {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return maps.Clone(h.at)
}

// Head implements [collections.Store].
func (s *Store) Head(ctx context.Context) (collections.Position, error) {
	return s.heads.all(), ctx.Err()
}

// Floor implements [collections.Store].
func (s *Store) Floor(ctx context.Context) (collections.Position, error) {
	s.heads.mu.RLock()
	defer s.heads.mu.RUnlock()
	return maps.Clone(s.heads.floor), ctx.Err()
}
