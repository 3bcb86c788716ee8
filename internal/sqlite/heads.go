package sqlite

import (
	"context"
	"database/sql"
	"maps"
	"sync"

	"github.com/fieldstack/fieldstack/collections"
)

// heads keeps the last number of each stream in memory: this process is the only one
// that writes.
type heads struct {
	mu sync.RWMutex
	at collections.Position
}

// load reads the heads, one seek per stream and not the whole log.
func (h *heads) load(ctx context.Context, db *sql.DB) error {
	at := collections.Position{}
	const next = `SELECT stream, n FROM log WHERE stream = (SELECT min(stream) FROM log WHERE stream > ?)
		ORDER BY n DESC LIMIT 1`
	var stream string
	var n uint64
	err := db.QueryRowContext(ctx, `SELECT stream, n FROM log WHERE stream = (SELECT min(stream) FROM log)
		ORDER BY n DESC LIMIT 1`).Scan(&stream, &n)
	for err == nil {
		at[stream] = n
		err = db.QueryRowContext(ctx, next, stream).Scan(&stream, &n)
	}
	if err != sql.ErrNoRows {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = at
	return nil
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

// all gives a copy.
func (h *heads) all() collections.Position {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return maps.Clone(h.at)
}

// Head implements [collections.Store].
func (s *Store) Head(ctx context.Context) (collections.Position, error) {
	return s.heads.all(), ctx.Err()
}
