package sqlite

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// folding is a block in the making.
type folding struct {
	block
	data     []byte
	lastSeq  int64
	prevs    []any                      // of each entry, as its row has it
	replicas map[crdt.Replica]*foldedNs // whose receipts go with it
	streams  map[string]uint64          // last number of each
	earlier  map[string][]streamInBlock // the blocks before it, by stream
}

// streamInBlock is the last number of a stream in a block.
type streamInBlock struct {
	last uint64
	no   int64
}

// foldedNs is the range of a replica's changes in a block.
type foldedNs struct {
	first, last uint64
	receipts    int64 // that go
}

// foldOnce makes the oldest rows a block.
func (s *Store) foldOnce(ctx context.Context) error {
	f, err := s.readFolding(ctx)
	if err != nil {
		return err
	}
	f.linkBack()
	f.data = s.codec.encode(f.entries)
	if err := s.checkFolding(f); err != nil {
		return err
	}
	if err := s.writer.do(ctx, f.write); err != nil {
		return err
	}
	s.folder.rows.Add(-int64(len(f.entries)))
	return nil
}

// readFolding reads the oldest rows and all that goes with them.
func (s *Store) readFolding(ctx context.Context) (*folding, error) {
	tx, _, err := s.beginLog(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	f := &folding{streams: map[string]uint64{}, replicas: map[crdt.Replica]*foldedNs{}, earlier: map[string][]streamInBlock{}}
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(no), 0) + 1 FROM blocks`).Scan(&f.no); err != nil {
		return nil, err
	}
	if err := s.readOldest(ctx, tx, f); err != nil {
		return nil, err
	}
	for stream := range f.streams {
		if f.earlier[stream], err = streamInBlocks(ctx, tx, stream); err != nil {
			return nil, err
		}
	}
	return f, s.readReceipts(ctx, tx, f)
}

func (s *Store) readOldest(ctx context.Context, tx *sql.Tx, f *folding) error {
	rows, err := tx.QueryContext(ctx, `SELECT `+logTable.list()+`, seq FROM log ORDER BY seq LIMIT ?`, s.folder.plan.size)
	if err != nil {
		return err
	}
	defer rows.Close()
	for size := 0; size < maxFoldBytes && rows.Next(); {
		row, err := s.readEntry(withSeq{rows, &f.lastSeq})
		if err != nil {
			return err
		}
		size += row.size
		f.entries = append(f.entries, folded{Entry: row.Entry})
		f.prevs = append(f.prevs, row.prev)
		f.streams[row.Stream] = row.N
		if c := row.Change; c != nil {
			if f.replicas[c.Replica] == nil {
				f.replicas[c.Replica] = &foldedNs{first: c.N}
			}
			f.replicas[c.Replica].last = c.N
		}
	}
	if len(f.entries) == 0 {
		return errors.Join(rows.Err(), errors.New("there are fewer rows than were counted"))
	}
	return rows.Err()
}

// streamInBlocks reads which blocks a stream is in, in its order.
func streamInBlocks(ctx context.Context, db querier, stream string) (all []streamInBlock, err error) {
	rows, err := db.QueryContext(ctx, `SELECT `+blockStreamTable.list()+` FROM block_streams WHERE stream = ? ORDER BY last`, stream)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		c, err := blockStreamTable.scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, streamInBlock{uint64(c[1].(int64)), c[2].(int64)})
	}
	return all, rows.Err()
}

// linkBack says of the first change of each document how many blocks back the ones
// before it are. Where that is not known it is one: who follows it looks there, and on.
func (f *folding) linkBack() {
	seen := map[collections.Key]bool{}
	for i := range f.entries {
		e := &f.entries[i]
		if e.Change == nil {
			continue
		}
		key := collections.Key{Type: e.Type, ID: e.Change.Doc}
		if seen[key] {
			continue
		}
		seen[key] = true
		switch prev, known := f.prevs[i].(int64); {
		case known:
			e.back = f.backTo(e.Stream, uint64(prev))
		case !creates(e.Change):
			e.back = 1
		}
	}
}

// backTo is how many blocks back an entry is. For one that was trimmed it is a block
// behind it, so that what other streams had before it is not missed.
func (f *folding) backTo(stream string, n uint64) int64 {
	all := f.earlier[stream]
	at, _ := slices.BinarySearchFunc(all, n, func(b streamInBlock, n uint64) int { return cmp.Compare(b.last, n) })
	if at == len(all) {
		return 1
	}
	return f.no - all[at].no
}

func creates(c *crdt.Change) bool {
	return slices.ContainsFunc(c.Ops, func(op crdt.Op) bool { return op.Kind == crdt.OpCreate })
}

// readReceipts gives each change what must be kept of its receipt. A receipt of a
// change that was accepted says no more than the change does, but for the digest of
// what was sent. Where one says something else, that replica's stay rows.
func (s *Store) readReceipts(ctx context.Context, tx *sql.Tx, f *folding) error {
	at := map[crdt.Replica]map[uint64]*folded{}
	for i := range f.entries {
		if c := f.entries[i].Change; c != nil {
			if at[c.Replica] == nil {
				at[c.Replica] = map[uint64]*folded{}
			}
			at[c.Replica][c.N] = &f.entries[i]
		}
	}
	for replica, ns := range f.replicas {
		receipts, err := acceptedReceipts(ctx, tx, replica, ns.first, ns.last)
		if err != nil {
			return err
		}
		if len(receipts) == 0 || slices.ContainsFunc(receipts, func(r *collections.Receipt) bool { return !at[replica][r.N].tells(r) }) {
			delete(f.replicas, replica)
			continue
		}
		for _, r := range receipts {
			e := at[replica][r.N]
			if e.receipt = wholeDigest; r.Digest != digestOf(e.Change) {
				e.receipt, e.digest = keptDigest, r.Digest
			}
		}
		ns.receipts = int64(len(receipts))
	}
	return nil
}

// tells reports whether the entry says all that the receipt does.
func (f *folded) tells(r *collections.Receipt) bool {
	return f != nil && r.Stamp == f.Change.Stamp && r.Doc == f.Change.Doc && r.FirstID == 0 && r.LastID == 0
}

// checkFolding reads the block back, and compares.
func (s *Store) checkFolding(f *folding) error {
	b, err := s.codec.decode(f.data)
	if err != nil {
		return fmt.Errorf("block %d: %w", f.no, err)
	}
	same := slices.EqualFunc(b.entries, f.entries, func(x, y folded) bool {
		cx, cy := x.Change, y.Change
		return x.sameButChange(&y) && (cx == nil) == (cy == nil) &&
			(cx == nil || bytes.Equal(crdt.AppendChange(nil, cx), crdt.AppendChange(nil, cy)))
	})
	if !same {
		return fmt.Errorf("block %d does not read back as what went into it", f.no)
	}
	return nil
}

// write puts the block in the place of its rows.
func (f *folding) write(tx *tx) error {
	if _, err := tx.exec(blockTable.insert("INSERT"), blockTable.sealed(f.no, int64(len(f.entries)), f.data)...); err != nil {
		return err
	}
	for stream, last := range f.streams {
		if _, err := tx.exec(blockStreamTable.insert("INSERT"), blockStreamTable.sealed(stream, int64(last), f.no)...); err != nil {
			return err
		}
	}
	if err := tx.takes(int64(len(f.entries)), `DELETE FROM log WHERE seq <= ?`, f.lastSeq); err != nil {
		return err
	}
	for replica, ns := range f.replicas {
		_, err := tx.exec(blockReplicaTable.insert("INSERT"), blockReplicaTable.sealed(int64(replica), int64(ns.last), f.no)...)
		if err != nil {
			return err
		}
		err = tx.takes(ns.receipts, `DELETE FROM receipts WHERE replica = ? AND n BETWEEN ? AND ? AND refused IS NULL`,
			int64(replica), int64(ns.first), int64(ns.last))
		if err != nil {
			return err
		}
	}
	return nil
}

// errMoved undoes a fold under which rows came or went; the next one begins anew.
var errMoved = errors.New("the rows moved meanwhile")

// takes runs a statement that must change so many rows.
func (t *tx) takes(rows int64, text string, args ...any) error {
	result, err := t.exec(text, args...)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err == nil && n != rows {
		err = errMoved
	}
	return err
}
