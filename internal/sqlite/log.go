package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// changeLimits bound what is read back: the door has checked it once already.
var changeLimits = crdt.Limits{Bytes: 1 << 30, Depth: 1000, Nodes: 1 << 30, String: 1 << 30, Ops: 1 << 30}

// writeEntry appends an entry. prev is the entry before it about the same document,
// an int64, or nil where that is not known.
func (s *Store) writeEntry(tx *tx, e *collections.Entry, prev any) error {
	var doc, change any
	version := int64(e.Version)
	if e.Change != nil {
		version = int64(e.Behind) // a change names its version itself
		doc, change = e.Change.Doc, string(crdt.AppendChange(nil, e.Change))
	}
	_, err := tx.exec(logTable.insert("INSERT"), logTable.sealed(
		e.Stream, int64(e.N), string(e.Kind), e.At, e.By, s.types.num(e.Type), version, doc, change, prev)...)
	if err == nil && len(e.After) > 0 {
		err = s.writeAfter(tx, e)
	}
	return err
}

// writeAfter keeps what of other streams an entry builds on.
func (s *Store) writeAfter(tx *tx, e *collections.Entry) error {
	place, err := json.Marshal(e.After)
	if err != nil {
		return fmt.Errorf("sqlite: log entry %s %d: %w", e.Stream, e.N, err)
	}
	s.heads.noteAfter()
	_, err = tx.exec(afterTable.insert("INSERT"), afterTable.sealed(e.Stream, int64(e.N), string(place))...)
	return err
}

// readAfters gives entries of one stream what they build on.
func (s *Store) readAfters(ctx context.Context, tx *sql.Tx, entries []collections.Entry) error {
	if len(entries) == 0 || !s.heads.buildOnOthers() {
		return nil
	}
	first, last := entries[0], entries[len(entries)-1]
	rows, err := tx.QueryContext(ctx, `SELECT `+afterTable.list()+` FROM afters
		WHERE stream = ? AND n BETWEEN ? AND ?`, first.Stream, int64(first.N), int64(last.N))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		c, err := afterTable.scan(rows)
		if err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(c[2].(string)), &entries[uint64(c[1].(int64))-first.N].After); err != nil {
			return fmt.Errorf("sqlite: log entry %s %d: %w", first.Stream, c[1], err)
		}
	}
	return rows.Err()
}

// logRow is an entry as its row has it.
type logRow struct {
	collections.Entry
	prev any // see writeEntry
	size int // of the change as JSON
}

func (s *Store) readEntry(row scanner) (r logRow, err error) {
	c, err := logTable.scan(row)
	if err != nil {
		return r, err
	}
	r.Entry = collections.Entry{
		Place:   collections.Place{Stream: c[0].(string), N: uint64(c[1].(int64))},
		Kind:    collections.EntryKind(c[2].(string)),
		At:      c[3].(int64),
		By:      c[4].(string),
		Type:    s.types.name(c[5].(int64)),
		Version: int(c[6].(int64)),
	}
	if r.Type == "" {
		return r, damaged("the name of type %d, which is that of log entry %s %d,", c[5], r.Stream, r.N)
	}
	r.prev = c[9]
	if text, ok := c[8].(string); ok {
		r.size = len(text)
		if r.Change, err = crdt.ParseChange([]byte(text), changeLimits); err != nil {
			return r, fmt.Errorf("sqlite: log entry %s %d: %w", r.Stream, r.N, err)
		}
		r.Version, r.Behind = 0, uint64(c[6].(int64))
	}
	return r, nil
}

// Log implements [collections.Store].
func (s *Store) Log(ctx context.Context, stream string, after uint64, limit int) ([]collections.Entry, error) {
	if limit < 1 {
		return nil, fmt.Errorf("sqlite: a limit is at least 1, not %d", limit)
	}
	tx, floor, err := s.beginLog(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if after < floor[stream] {
		return nil, collections.ErrTrimmed
	}
	if after >= s.heads.of(stream) {
		return nil, nil
	}
	r := &streamReader{s: s, stream: stream, n: after, limit: limit}
	if err := r.read(ctx, tx); err != nil {
		return nil, err
	}
	return r.found, s.readAfters(ctx, tx, r.found)
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

// streamReader reads one stream up to its first gap: blocks first, then rows.
type streamReader struct {
	s      *Store
	stream string
	n      uint64 // of the last entry that was read
	limit  int
	found  []collections.Entry
	gap    bool
}

func (r *streamReader) read(ctx context.Context, tx *sql.Tx) error {
	for r.wants() {
		before := r.n
		if err := r.readBlock(ctx, tx); err != nil {
			return err
		}
		if r.n == before {
			break
		}
	}
	if !r.wants() {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+logTable.list()+` FROM log
		WHERE stream = ? AND n > ? ORDER BY n LIMIT ?`, r.stream, int64(r.n), r.limit-len(r.found))
	if err != nil {
		return err
	}
	defer rows.Close()
	for r.wants() && rows.Next() {
		row, err := r.s.readEntry(rows)
		if err != nil {
			return err
		}
		r.take(ctx, row.Entry)
	}
	return rows.Err()
}

// readBlock takes what the next block has, if there is one.
func (r *streamReader) readBlock(ctx context.Context, tx *sql.Tx) error {
	no, err := blockAfter(ctx, tx, r.stream, r.n)
	if err != nil || no == 0 {
		return err
	}
	b, err := r.s.block(ctx, tx, no)
	if err != nil {
		return err
	}
	if b == nil {
		return damaged("block %d of the log, which is not there,", no)
	}
	for i := range b.entries {
		if e := b.entries[i].Entry; r.wants() && e.Stream == r.stream && e.N > r.n {
			r.take(ctx, e)
		}
	}
	return nil
}

func (r *streamReader) wants() bool { return !r.gap && len(r.found) < r.limit }

// take takes the entry after the last one, and no other.
func (r *streamReader) take(ctx context.Context, e collections.Entry) {
	if e.N != r.n+1 {
		r.gap = true
		r.s.log.ErrorContext(ctx, "the log has a gap: reading stops before it", "stream", r.stream, "n", r.n+1)
		return
	}
	r.n++
	r.found = append(r.found, e)
}

// withSeq scans seq after the columns of a row.
type withSeq struct {
	rows *sql.Rows
	seq  *int64
}

func (w withSeq) Scan(dest ...any) error { return w.rows.Scan(append(dest, w.seq)...) }
