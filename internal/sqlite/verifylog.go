package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// logChecker checks the log as a whole: blocks, then rows.
type logChecker struct {
	tx      *sql.Tx
	codec   *codec
	floor   collections.Position
	heads   collections.Position // the last entry that was seen of each stream
	indexed int                  // rows of the blocks' indexes that were looked up
	report  *Report
}

func (l *logChecker) check(ctx context.Context) (err error) {
	if l.floor, err = readFloors(ctx, l.tx); err != nil {
		return err
	}
	if err := l.blocks(ctx); err != nil {
		return err
	}
	if err := l.indexes(ctx); err != nil {
		return err
	}
	if err := l.rows(ctx); err != nil {
		return err
	}
	return l.records(ctx)
}

// blocks reads every block, in order.
func (l *logChecker) blocks(ctx context.Context) error {
	rows, err := l.tx.QueryContext(ctx, `SELECT `+blockTable.list()+` FROM blocks ORDER BY no`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for last := int64(0); rows.Next(); {
		c, err := blockTable.scan(rows)
		if err != nil {
			return err
		}
		no := c[0].(int64)
		b, err := l.codec.decode(c[2].([]byte))
		if err != nil || int64(len(b.entries)) != c[1].(int64) {
			return errors.Join(damaged("block %d of the log", no), err)
		}
		if last != 0 && no != last+1 {
			return damaged("the log, which has no block %d,", last+1)
		}
		last, b.no = no, no
		if err := l.block(ctx, b); err != nil {
			return err
		}
	}
	return rows.Err()
}

// block checks that a block goes on where the one before it ended, and that its
// indexes know it.
func (l *logChecker) block(ctx context.Context, b *block) error {
	streams, replicas := map[string]uint64{}, map[crdt.Replica]uint64{}
	for i := range b.entries {
		f := &b.entries[i]
		if err := l.entry(f.Place); err != nil {
			return err
		}
		streams[f.Stream] = f.N
		if f.receipt != noReceipt {
			replicas[f.Change.Replica] = f.Change.N
			l.report.Receipts++
		}
	}
	for stream, last := range streams {
		if err := l.lookUp(ctx, blockStreamTable, b.no, stream, last, func(n int64) bool { return uint64(n) == last }); err != nil {
			return err
		}
	}
	for replica, last := range replicas { // the last change may be one without a receipt
		if err := l.lookUp(ctx, blockReplicaTable, b.no, int64(replica), last, func(n int64) bool { return uint64(n) >= last }); err != nil {
			return err
		}
	}
	l.report.Entries += len(b.entries)
	return nil
}

// entry checks that an entry is the next of its stream, or that what is missing before
// it was trimmed.
func (l *logChecker) entry(p collections.Place) error {
	head := l.heads[p.Stream]
	if p.N != head+1 && (p.N <= head || p.N > l.floor[p.Stream]+1) {
		return damaged("the log of stream %q, which has a gap before %d,", p.Stream, p.N)
	}
	l.heads[p.Stream] = p.N
	return nil
}

// lookUp checks that an index leads from what it is of to the block.
func (l *logChecker) lookUp(ctx context.Context, t table, no int64, of any, last uint64, right func(n int64) bool) error {
	c, err := t.scan(l.tx.QueryRowContext(ctx, `SELECT `+t.list()+` FROM `+t.name+` WHERE `+t.columns[0]+` = ? AND last >= ?
		ORDER BY last LIMIT 1`, of, int64(last)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && (c[2].(int64) != no || !right(c[1].(int64))) {
		return damaged("the table %s, which does not lead from %v %d to block %d,", t.name, of, last, no)
	}
	l.indexed++
	return err
}

// indexes checks that the indexes lead nowhere else.
func (l *logChecker) indexes(ctx context.Context) error {
	rows := 0
	for _, t := range []table{blockStreamTable, blockReplicaTable, floorTable} {
		n, err := checkRows(ctx, l.tx, t)
		if err != nil {
			return err
		}
		rows += n
	}
	if rows != l.indexed+len(l.floor) {
		return damaged("the index of the log's blocks, which leads to what is not there,")
	}
	return nil
}

// rows checks that the rows go on where the blocks ended. A trim that was cut short
// may have left some that are behind the floor.
func (l *logChecker) rows(ctx context.Context) error {
	rows, err := l.tx.QueryContext(ctx, `SELECT stream, n FROM log ORDER BY stream, n`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p collections.Place
		if err := rows.Scan(&p.Stream, &p.N); err != nil {
			return err
		}
		if err := l.entry(p); err != nil {
			return err
		}
	}
	return rows.Err()
}

// records looks for records that claim an entry that is not there.
func (l *logChecker) records(ctx context.Context) error {
	rows, err := l.tx.QueryContext(ctx, `SELECT last_stream, max(last_n), id FROM records GROUP BY last_stream`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p collections.Place
		var id string
		if err := rows.Scan(&p.Stream, &p.N, &id); err != nil {
			return err
		}
		if p.N > max(l.heads[p.Stream], l.floor[p.Stream]) {
			return damaged("record %s, which is ahead of the log,", id)
		}
	}
	return rows.Err()
}
