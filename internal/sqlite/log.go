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
	return err
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
		r := &streamReader{s: s, stream: stream, n: after[stream], limit: limit}
		if err := r.read(ctx, tx); err != nil {
			return nil, err
		}
		places = append(places, r.found...)
	}
	slices.SortFunc(places, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.spot.block, b.spot.block), cmp.Compare(a.spot.at, b.spot.at))
	})
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
	spot  spot
	entry collections.Entry
}

// streamReader reads one stream up to its first gap: blocks first, then rows.
type streamReader struct {
	s      *Store
	stream string
	n      uint64 // of the last entry that was read
	limit  int
	found  []placed
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
	rows, err := tx.QueryContext(ctx, `SELECT `+logTable.list()+`, seq FROM log
		WHERE stream = ? AND n > ? ORDER BY n LIMIT ?`, r.stream, int64(r.n), r.limit-len(r.found))
	if err != nil {
		return err
	}
	defer rows.Close()
	for r.wants() && rows.Next() {
		at := spot{block: inRows}
		row, err := r.s.readEntry(withSeq{rows, &at.at})
		if err != nil {
			return err
		}
		r.take(ctx, at, row.Entry)
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
			r.take(ctx, spot{no, int64(i)}, e)
		}
	}
	return nil
}

func (r *streamReader) wants() bool { return !r.gap && len(r.found) < r.limit }

// take takes the entry after the last one, and no other.
func (r *streamReader) take(ctx context.Context, at spot, e collections.Entry) {
	if e.N != r.n+1 {
		r.gap = true
		r.s.log.ErrorContext(ctx, "the log has a gap: reading stops before it", "stream", r.stream, "n", r.n+1)
		return
	}
	r.n++
	r.found = append(r.found, placed{at, e})
}

// withSeq scans seq after the columns of a row.
type withSeq struct {
	rows *sql.Rows
	seq  *int64
}

func (w withSeq) Scan(dest ...any) error { return w.rows.Scan(append(dest, w.seq)...) }
