package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// writeRecord moves a document on, or reports false when it is not at the write's base.
// last is the document's last entry before that.
func (s *Store) writeRecord(tx *tx, w *collections.RecordWrite) (last collections.Place, moved bool, err error) {
	r := &w.Record
	num := s.types.num(r.Type)
	columns, err := recordColumns(r, num)
	if err != nil {
		return last, false, err
	}
	if w.Base == 0 {
		result, err := tx.exec(recordTable.insert("INSERT OR IGNORE"), columns...)
		if err != nil {
			return last, false, err
		}
		if n, err := result.RowsAffected(); n == 0 {
			return last, false, err
		}
		rid, err := result.LastInsertId()
		if err != nil {
			return last, false, err
		}
		return last, true, tx.index(rid, num, "", r.Words)
	}
	var rid int64
	var words string
	err = tx.row([]any{&rid, &words, &last.Stream, &last.N}, `SELECT rid, words, last_stream, last_n FROM records
		WHERE type = ? AND id = ? AND rev = ?`, num, r.ID, int64(w.Base))
	if errors.Is(err, sql.ErrNoRows) {
		return last, false, nil
	}
	if err != nil {
		return last, false, err
	}
	if _, err := tx.exec(recordTable.update("rid = ?"), append(columns, rid)...); err != nil {
		return last, false, err
	}
	return last, true, tx.index(rid, num, words, r.Words)
}

func recordColumns(r *collections.Record, typ int64) ([]any, error) {
	var problems any
	if len(r.Problems) > 0 {
		problems = string(schema.KeepProblems(r.Problems))
	}
	return recordTable.sealed(
		typ, r.ID, int64(r.Rev), int64(r.Version), flag(r.Deleted), flag(r.Attention),
		r.Created, r.CreatedBy, r.Updated, r.UpdatedBy, r.Last.Stream, int64(r.Last.N),
		problems, markOf(r.Words), bytesOf(r.Meta), string(r.Value)), nil
}

// bytesOf makes nil an empty blob: the driver would write NULL.
func bytesOf(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func (s *Store) readRecord(row scanner) (*collections.Record, error) {
	c, err := recordTable.scan(row)
	if err != nil {
		return nil, err
	}
	r := &collections.Record{
		Key: collections.Key{Type: s.types.name(c[0].(int64)), ID: c[1].(string)},
		Rev: uint64(c[2].(int64)), Version: int(c[3].(int64)),
		Deleted: c[4].(int64) != 0, Attention: c[5].(int64) != 0,
		Created: c[6].(int64), CreatedBy: c[7].(string),
		Updated: c[8].(int64), UpdatedBy: c[9].(string),
		Last: collections.Place{Stream: c[10].(string), N: uint64(c[11].(int64))},
		Meta: c[14].([]byte), Value: []byte(c[15].(string)),
	}
	if text, ok := c[12].(string); ok {
		var problems []schema.Problem
		if err := json.Unmarshal([]byte(text), &problems); err != nil {
			return nil, err
		}
		r.Problems = problems
	}
	return r, nil
}

// recordByKey and recordsByRow are prepared once for all connections. The rows wanted are
// a list as JSON.
var (
	recordByKey  = `SELECT ` + recordTable.list() + ` FROM records WHERE type = ? AND id = ?`
	recordsByRow = `SELECT wanted.key AS place, ` + recordTable.listOf("records") + ` FROM json_each(?) AS wanted CROSS JOIN records ON rid = wanted.value`
)

// Record implements [collections.Store].
func (s *Store) Record(ctx context.Context, typ, id string) (*collections.Record, error) {
	r, err := s.readRecord(s.byKey.QueryRowContext(ctx, s.types.num(typ), id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, collections.ErrNotFound
	}
	return r, err
}

// Records implements [collections.Store].
func (s *Store) Records(ctx context.Context, keys []collections.Key) ([]*collections.Record, error) {
	found := make([]*collections.Record, len(keys))
	for i, key := range keys {
		r, err := s.readRecord(s.byKey.QueryRowContext(ctx, s.types.num(key.Type), key.ID))
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		found[i] = r
	}
	return found, nil
}
