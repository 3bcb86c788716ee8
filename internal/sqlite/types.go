package sqlite

import (
	"context"
	"database/sql"
	"sync"
)

// types gives each type of the database a number. Types are few and never go.
type types struct {
	mu     sync.RWMutex
	byName map[string]int64
	byNum  map[int64]string
}

func loadTypes(ctx context.Context, db *sql.DB) (*types, error) {
	t := &types{byName: map[string]int64{}, byNum: map[int64]string{}}
	rows, err := db.QueryContext(ctx, `SELECT num, name FROM types`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var num int64
		var name string
		if err := rows.Scan(&num, &name); err != nil {
			return nil, err
		}
		t.add(num, name)
	}
	return t, rows.Err()
}

func (t *types) add(num int64, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.byName[name], t.byNum[num] = num, name
}

// num finds a type's number; 0 for a type that has nothing stored.
func (t *types) num(name string) int64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byName[name]
}

func (t *types) name(num int64) string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byNum[num]
}

// ensureType gives the type a number if it has none, in a transaction of its own: the
// number must not go again with a batch that is undone.
func (s *Store) ensureType(ctx context.Context, name string) (int64, error) {
	if num := s.types.num(name); num != 0 {
		return num, nil
	}
	var num int64
	err := s.writer.do(ctx, func(tx *tx) error {
		if _, err := tx.exec(`INSERT INTO types (name) VALUES (?) ON CONFLICT DO NOTHING`, name); err != nil {
			return err
		}
		return tx.row([]any{&num}, `SELECT num FROM types WHERE name = ?`, name)
	})
	if err != nil {
		return 0, err
	}
	s.types.add(num, name)
	return num, nil
}
