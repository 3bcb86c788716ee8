package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// EnsureIndex implements [collections.Store]. The index is of live documents of the
// type, in the order of the field and then of id. Making one reads all of the type's
// documents, and commits wait meanwhile.
func (s *Store) EnsureIndex(ctx context.Context, typ string, field []string) error {
	num, err := s.ensureType(ctx, typ)
	if err != nil {
		return err
	}
	if column := recordTime(field); column != "" {
		return s.writer.do(ctx, func(tx *tx) error {
			return tx.createIndex(num, column, column, "1000000 1 1")
		})
	}
	path, err := jsonPath(field)
	if err != nil {
		return err
	}
	var fieldNum int64
	err = s.writer.do(ctx, func(tx *tx) (err error) {
		if fieldNum, err = tx.ensureColumns(path); err != nil {
			return err
		}
		keys := columnsOf(fieldNum)
		return tx.createIndex(num, keys.rank, keys.rank+", "+keys.value, "1000000 250000 500 1")
	})
	if err == nil {
		s.fields.add(path, fieldNum)
	}
	return err
}

// createIndex makes the index of a type on columns, if it is not there. The type's
// number stands in the text, as it does in the queries: SQLite uses an index of a
// part of a table only where it can see that the query is about that part. rows is
// how many documents the planner is to expect, in all and for each column given.
func (t *tx) createIndex(typ int64, suffix, columns, rows string) error {
	name := fmt.Sprintf("records_%d_%s", typ, suffix)
	_, err := t.ddl(fmt.Sprintf(`CREATE INDEX IF NOT EXISTS %s ON records (%s, id) WHERE type = %d AND deleted = 0`,
		name, columns, typ))
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT 'records', ?1, ?2
		WHERE NOT EXISTS (SELECT 1 FROM sqlite_stat1 WHERE idx = ?1)`, name, rows)
	return err
}

// ensureColumns gives a field its generated columns. They are virtual: computed when
// read, stored only in indexes.
func (t *tx) ensureColumns(path string) (num int64, err error) {
	err = t.row([]any{&num}, `SELECT num FROM fields WHERE path = ?`, path)
	if !errors.Is(err, sql.ErrNoRows) {
		return num, err
	}
	result, err := t.exec(`INSERT INTO fields (path) VALUES (?)`, path)
	if err != nil {
		return 0, err
	}
	if num, err = result.LastInsertId(); err != nil {
		return 0, err
	}
	name, expr := columnsOf(num), keysOf(literal(path))
	if _, err := t.ddl(fmt.Sprintf(`ALTER TABLE records ADD COLUMN %s ANY AS (%s) VIRTUAL`, name.rank, expr.rank)); err != nil {
		return 0, err
	}
	_, err = t.ddl(fmt.Sprintf(`ALTER TABLE records ADD COLUMN %s ANY AS (%s) VIRTUAL`, name.value, expr.value))
	return num, err
}

// ddl runs a statement once, without keeping it prepared.
func (t *tx) ddl(text string) (sql.Result, error) { return t.writer.conn.ExecContext(t.ctx, text) }

// literal writes a text as SQL; definitions take no parameters. The apostrophe is the
// only character that means something inside SQL's apostrophes.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
