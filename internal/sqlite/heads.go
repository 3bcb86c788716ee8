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
	terms map[string]uint64    // the highest that each stream has seen, where that is not 0

	afters bool // some entries build on those of other streams
}

// load reads the heads, one seek per stream and not the whole log. A stream of which
// all was folded ends with its last block, one that was trimmed whole at its floor.
func (h *heads) load(ctx context.Context, db *sql.DB) error {
	floor, err := readFloors(ctx, db)
	if err != nil {
		return err
	}
	at := maps.Clone(floor)
	for _, last := range []struct{ table, n string }{{"log", "n"}, {"block_streams", "last"}} {
		if err := lastOfStreams(ctx, db, last.table, last.n, at); err != nil {
			return err
		}
	}
	terms, err := readTerms(ctx, db)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at, h.floor, h.terms = at, floor, terms
	return db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM afters)`).Scan(&h.afters)
}

// readTerms reads which term each stream has seen.
func readTerms(ctx context.Context, db querier) (map[string]uint64, error) {
	rows, err := db.QueryContext(ctx, `SELECT `+termTable.list()+` FROM terms`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	terms := map[string]uint64{}
	for rows.Next() {
		c, err := termTable.scan(rows)
		if err != nil {
			return nil, err
		}
		terms[c[0].(string)] = uint64(c[1].(int64))
	}
	return terms, rows.Err()
}

// term is the highest that a stream has seen.
func (h *heads) term(stream string) uint64 {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.terms[stream]
}

// hold notes the term of a batch that was written.
func (h *heads) hold(stream string, term uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.terms[stream] = term
}

// buildOnOthers says whether any entry names places of other streams.
func (h *heads) buildOnOthers() bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.afters
}

// noteAfter notes that from now on one does.
func (h *heads) noteAfter() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.afters = true
}

// lastOfStreams moves a position up to the last number that each stream has in a table.
func lastOfStreams(ctx context.Context, db *sql.DB, table, n string, at collections.Position) error {
	stream, last := "", uint64(0)
	err := db.QueryRowContext(ctx, `SELECT stream, `+n+` FROM `+table+` WHERE stream = (SELECT min(stream) FROM `+table+`)
		ORDER BY `+n+` DESC LIMIT 1`).Scan(&stream, &last)
	for err == nil {
		at[stream] = max(at[stream], last)
		err = db.QueryRowContext(ctx, `SELECT stream, `+n+` FROM `+table+` WHERE stream = (SELECT min(stream) FROM `+table+`
			WHERE stream > ?) ORDER BY `+n+` DESC LIMIT 1`, stream).Scan(&stream, &last)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
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
