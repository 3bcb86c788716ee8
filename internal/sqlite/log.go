package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// changeLimits bound what is read back: the door has checked it once already.
var changeLimits = crdt.Limits{Bytes: 1 << 30, Depth: 1000, Nodes: 1 << 30, String: 1 << 30, Ops: 1 << 30}

func (s *Store) writeEntry(tx *tx, e *collections.Entry) error {
	var doc, change any
	if e.Change != nil {
		doc, change = e.Change.Doc, string(crdt.AppendChange(nil, e.Change))
	}
	_, err := tx.exec(logTable.insert("INSERT"), logTable.sealed(
		e.Stream, int64(e.N), string(e.Kind), e.At, e.By, s.types.num(e.Type), int64(e.Version), doc, change)...)
	return err
}

func (s *Store) readEntry(row scanner) (e collections.Entry, err error) {
	c, err := logTable.scan(row)
	if err != nil {
		return e, err
	}
	e = collections.Entry{
		Place:   collections.Place{Stream: c[0].(string), N: uint64(c[1].(int64))},
		Kind:    collections.EntryKind(c[2].(string)),
		At:      c[3].(int64),
		By:      c[4].(string),
		Type:    s.types.name(c[5].(int64)),
		Version: int(c[6].(int64)),
	}
	if text, ok := c[8].(string); ok {
		if e.Change, err = crdt.ParseChange([]byte(text), changeLimits); err != nil {
			return e, fmt.Errorf("sqlite: log entry %s %d: %w", e.Stream, e.N, err)
		}
	}
	return e, nil
}

// Log implements [collections.Store]. Entries of several streams come in the order of
// their commits.
func (s *Store) Log(ctx context.Context, after collections.Position, limit int) ([]collections.Entry, error) {
	if limit < 1 {
		return nil, fmt.Errorf("sqlite: a limit is at least 1, not %d", limit)
	}
	tx, floor, err := s.beginLog(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	for stream, n := range floor {
		if after[stream] < n {
			return nil, collections.ErrTrimmed
		}
	}
	var places []placed
	for stream, head := range s.heads.all() {
		if after[stream] >= head {
			continue
		}
		found, err := s.readStream(ctx, tx, stream, after[stream], limit)
		if err != nil {
			return nil, err
		}
		places = append(places, found...)
	}
	slices.SortFunc(places, func(a, b placed) int { return cmp.Compare(a.seq, b.seq) })
	entries := make([]collections.Entry, 0, min(limit, len(places)))
	for _, p := range places[:min(limit, len(places))] {
		entries = append(entries, p.entry)
	}
	return entries, nil
}

// beginLog begins to read the log as it is at one moment, and where it begins.
func (s *Store) beginLog(ctx context.Context) (*sql.Tx, collections.Position, error) {
	tx, err := s.readers.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	floor, err := readFloors(ctx, tx)
	if err != nil {
		return nil, nil, errors.Join(err, tx.Rollback())
	}
	return tx, floor, nil
}

// placed is an entry with its place among all streams.
type placed struct {
	seq   int64
	entry collections.Entry
}

// readStream reads one stream up to its first gap.
func (s *Store) readStream(ctx context.Context, tx *sql.Tx, stream string, after uint64, limit int) (found []placed, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+logTable.list()+`, seq FROM log
		WHERE stream = ? AND n > ? ORDER BY n LIMIT ?`, stream, int64(after), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p placed
		if p.entry, err = s.readEntry(withSeq{rows, &p.seq}); err != nil {
			return nil, err
		}
		if after++; p.entry.N != after {
			s.log.ErrorContext(ctx, "the log has a gap: reading stops before it", "stream", stream, "n", after)
			return found, nil
		}
		found = append(found, p)
	}
	return found, rows.Err()
}

// withSeq scans seq after the columns of a row.
type withSeq struct {
	rows *sql.Rows
	seq  *int64
}

func (w withSeq) Scan(dest ...any) error { return w.rows.Scan(append(dest, w.seq)...) }
