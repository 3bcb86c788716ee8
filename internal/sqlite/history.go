package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/fieldstack/fieldstack/collections"
)

// History implements [collections.Store]. The newest entries are rows, found by an
// index; from the oldest of these, or else from the record, the others are followed
// back through the blocks that the document is in.
func (s *Store) History(ctx context.Context, typ, id string, after collections.Place, limit int) ([]collections.Entry, error) {
	if limit < 1 {
		return nil, fmt.Errorf("sqlite: a limit is at least 1, not %d", limit)
	}
	tx, floor, err := s.beginLog(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	h := &documentReader{s: s, ctx: ctx, tx: tx, key: collections.Key{Type: typ, ID: id}, num: s.types.num(typ), floor: floor}
	return h.read(after, limit)
}

// documentReader reads the entries of one document, in one transaction.
type documentReader struct {
	s     *Store
	ctx   context.Context
	tx    *sql.Tx
	key   collections.Key
	num   int64 // of the type
	floor collections.Position
	found []collections.Entry
}

// inRows stands for the rows among the numbers of blocks: they come after all of them.
const inRows = math.MaxInt64

// spot is where an entry is: in a block at an index, or in the rows with a seq. The
// zero spot is before everything.
type spot struct {
	block int64
	at    int64
}

var errNotReached = errors.New("sqlite: no such entry")

func (h *documentReader) read(after collections.Place, limit int) ([]collections.Entry, error) {
	var last collections.Place
	err := h.tx.QueryRowContext(h.ctx, `SELECT last_stream, last_n FROM records WHERE type = ? AND id = ?`,
		h.num, h.key.ID).Scan(&last.Stream, &last.N)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	from, err := h.spotOf(after)
	if errors.Is(err, errNotReached) {
		return nil, nil // nothing comes after a place that the log has not reached
	}
	if err != nil {
		return nil, err
	}
	rows, err := h.rows(from)
	if err != nil {
		return nil, err
	}
	if from.block != inRows {
		start, err := h.newestBlock(rows, last)
		if err != nil {
			return nil, err
		}
		if err := h.blocks(start, from, limit); err != nil {
			return nil, err
		}
	}
	for _, row := range rows {
		h.add(row.Entry, limit)
	}
	return h.found, nil
}

// add keeps an entry unless it was trimmed or there are enough.
func (h *documentReader) add(e collections.Entry, limit int) {
	if len(h.found) < limit && e.N > h.floor[e.Stream] {
		h.found = append(h.found, e)
	}
}

// spotOf finds a place; the start for one that was trimmed.
func (h *documentReader) spotOf(p collections.Place) (spot, error) {
	if p.N <= h.floor[p.Stream] {
		return spot{}, nil
	}
	at := spot{block: inRows}
	err := h.tx.QueryRowContext(h.ctx, `SELECT seq FROM log WHERE stream = ? AND n = ?`, p.Stream, int64(p.N)).Scan(&at.at)
	if !errors.Is(err, sql.ErrNoRows) {
		return at, err
	}
	if at.block, err = blockAfter(h.ctx, h.tx, p.Stream, p.N-1); err != nil || at.block == 0 {
		return at, errors.Join(err, errNotReached)
	}
	b, err := h.s.block(h.ctx, h.tx, at.block)
	if err != nil || b == nil {
		return at, errors.Join(err, errNotReached)
	}
	if at.at = int64(b.place(p)); at.at < 0 {
		return at, errNotReached
	}
	return at, nil
}

// rows reads the document's rows after a spot.
func (h *documentReader) rows(from spot) (found []logRow, err error) {
	seq := int64(0)
	if from.block == inRows {
		seq = from.at
	}
	rows, err := h.tx.QueryContext(h.ctx, `SELECT `+logTable.list()+` FROM log
		WHERE type = ? AND doc = ? AND seq > ? ORDER BY seq`, h.num, h.key.ID, seq)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := h.s.readEntry(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, row)
	}
	return found, rows.Err()
}

// newestBlock is where to begin looking for the document: in the block that has the
// entry before its rows, or in the newest one where that is not known.
func (h *documentReader) newestBlock(rows []logRow, last collections.Place) (no int64, err error) {
	known := last.N > 0
	if len(rows) > 0 {
		first := rows[0]
		var prev int64
		if prev, known = first.prev.(int64); !known && creates(first.Change) {
			return 0, nil
		}
		last = collections.Place{Stream: first.Stream, N: uint64(prev)}
	}
	if known {
		if no, err = blockAfter(h.ctx, h.tx, last.Stream, last.N-1); no != 0 || err != nil {
			return no, err
		}
	}
	err = h.tx.QueryRowContext(h.ctx, `SELECT coalesce(max(no), 0) FROM blocks`).Scan(&no)
	return no, err
}

// blocks adds the document's entries after a spot, oldest first, beginning to look in
// the block given.
func (h *documentReader) blocks(start int64, from spot, limit int) error {
	chain, err := h.chain(start)
	if err != nil {
		return err
	}
	for i := len(chain) - 1; i >= 0 && len(h.found) < limit; i-- {
		if chain[i] < from.block {
			continue
		}
		b, err := h.s.block(h.ctx, h.tx, chain[i])
		if err != nil {
			return err
		}
		if b == nil {
			continue // trimmed
		}
		for at := range b.entries {
			e := &b.entries[at]
			if h.isOf(e) && (chain[i] > from.block || int64(at) > from.at) {
				h.add(e.Entry, limit)
			}
		}
	}
	return nil
}

func (h *documentReader) isOf(e *folded) bool {
	return e.Change != nil && e.Change.Doc == h.key.ID && e.Type == h.key.Type
}

// chain is the blocks that a document is in, newest first, from one on.
type chain struct {
	key    collections.Key
	start  int64
	blocks []int64
}

// chain follows a document from block to block. The last chain is kept, so that the
// next page of the same history need not follow it again; blocks never change, and
// those that were trimmed are no longer there.
func (h *documentReader) chain(start int64) ([]int64, error) {
	if c := h.s.lastChain.Load(); c != nil && c.key == h.key && c.start == start {
		return c.blocks, nil
	}
	c := &chain{key: h.key, start: start}
	for no := start; no > 0; {
		b, err := h.s.block(h.ctx, h.tx, no)
		if err != nil {
			return nil, err
		}
		if b == nil {
			break // trimmed, and so are all before it
		}
		back := int64(1) // where it is not, it may still be before
		if first := b.firstOf(h.key); first != nil {
			c.blocks = append(c.blocks, no)
			back = first.back
		}
		if back == 0 {
			break
		}
		no -= back
	}
	h.s.lastChain.Store(c)
	return c.blocks, nil
}
