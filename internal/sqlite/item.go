package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// writeItem writes an item if nobody else did since its Rev; else ErrStale.
func writeItem(tx *tx, item collections.Item) error {
	columns := itemTable.sealed(item.Kind, item.Key, int64(item.Rev)+1, bytesOf(item.Data))
	if item.Rev == 0 {
		return tx.writesOne(itemTable.insert("INSERT OR IGNORE"), columns...)
	}
	return tx.writesOne(itemTable.update("kind = ? AND key = ? AND rev = ?"), append(columns, item.Kind, item.Key, int64(item.Rev))...)
}

// writesOne runs a statement that writes one row, unless somebody else wrote it first:
// then it is ErrStale.
func (t *tx) writesOne(text string, args ...any) error {
	result, err := t.exec(text, args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		err = collections.ErrStale
	}
	return err
}

// PutItem implements [collections.Store].
func (s *Store) PutItem(ctx context.Context, item collections.Item) error {
	return s.writer.do(ctx, func(tx *tx) error { return writeItem(tx, item) })
}

// DeleteItem implements [collections.Store].
func (s *Store) DeleteItem(ctx context.Context, kind, key string) error {
	return s.writer.do(ctx, func(tx *tx) error {
		_, err := tx.exec(`DELETE FROM items WHERE kind = ? AND key = ?`, kind, key)
		return err
	})
}

func readItem(row scanner) (collections.Item, error) {
	c, err := itemTable.scan(row)
	if err != nil {
		return collections.Item{}, err
	}
	return collections.Item{
		Kind: c[0].(string), Key: c[1].(string), Rev: uint64(c[2].(int64)), Data: c[3].([]byte),
	}, nil
}

// Item implements [collections.Store].
func (s *Store) Item(ctx context.Context, kind, key string) (*collections.Item, error) {
	item, err := readItem(s.readers.QueryRowContext(ctx, `SELECT `+itemTable.list()+` FROM items
		WHERE kind = ? AND key = ?`, kind, key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, collections.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return &item, nil
}

// Items implements [collections.Store].
func (s *Store) Items(ctx context.Context, kind, after string, limit int) (found []collections.Item, err error) {
	if limit < 1 {
		return nil, fmt.Errorf("sqlite: a limit is at least 1, not %d", limit)
	}
	rows, err := s.readers.QueryContext(ctx, `SELECT `+itemTable.list()+` FROM items
		WHERE kind = ? AND key > ? ORDER BY key LIMIT ?`, kind, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		item, err := readItem(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, item)
	}
	return found, rows.Err()
}
