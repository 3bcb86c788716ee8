package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

var _ collections.Dumper = (*Store)(nil)

// dumpBytes is how large the records of one part of a dump may be together.
const dumpBytes = 4 << 20

// dumpMark is where a page of a dump ended, as the tables are keyed.
type dumpMark struct {
	Num   int64  `json:"num,omitempty"` // of the type; a replica; a block
	N     int64  `json:"n,omitempty"`
	Kind  string `json:"kind,omitempty"`
	Key   string `json:"key,omitempty"`
	Block bool   `json:"block,omitempty"` // Num is the last block whose receipts were given
}

// DumpPart implements [collections.Dumper].
func (s *Store) DumpPart(ctx context.Context, kind collections.PartKind, after string, limit int) (*collections.Part, string, error) {
	d := &dumpPage{s: s, ctx: ctx, begins: after == "", limit: limit, part: &collections.Part{Kind: kind}}
	if after != "" {
		if err := json.Unmarshal([]byte(after), &d.at); err != nil {
			return nil, "", fmt.Errorf("sqlite: dump: the mark cannot be read: %w", err)
		}
	}
	read := map[collections.PartKind]func(d *dumpPage) error{
		collections.PartItems: (*dumpPage).items, collections.PartRecords: (*dumpPage).records,
		collections.PartReplicas: (*dumpPage).replicas, collections.PartReceipts: (*dumpPage).receipts,
		collections.PartStreams: (*dumpPage).streams,
	}[kind]
	if read == nil {
		return nil, "", fmt.Errorf("sqlite: dump: there is no kind %q", kind)
	}
	if err := read(d); err != nil {
		return nil, "", fmt.Errorf("sqlite: dump %s: %w", kind, err)
	}
	if !d.more {
		return d.part, "", nil
	}
	next, err := json.Marshal(d.at)
	return d.part, string(next), err
}

// dumpPage reads one page.
type dumpPage struct {
	s      *Store
	ctx    context.Context
	begins bool // at is the start
	at     dumpMark
	limit  int
	part   *collections.Part
	more   bool
}

// rows reads rows of a table in the order of its key, after where the page before ended; f
// takes one and reports whether there is room for another.
func (d *dumpPage) rows(t table, key string, after []any, f func(rows *sql.Rows) (bool, error)) error {
	where, args := "", after
	if !d.begins {
		where = ` WHERE (` + key + `) > (?` + map[int]string{1: "", 2: ", ?"}[len(after)] + `)`
	} else {
		args = nil
	}
	rows, err := d.s.readers.QueryContext(d.ctx, `SELECT `+t.list()+` FROM `+t.name+where+` ORDER BY `+key+` LIMIT ?`, append(args, d.limit)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	read := 0
	for rows.Next() {
		room, err := f(rows)
		if err != nil {
			return err
		}
		if read++; !room {
			d.more = true
			return nil
		}
	}
	d.more = read == d.limit
	return rows.Err()
}

func (d *dumpPage) items() error {
	return d.rows(itemTable, "kind, key", []any{d.at.Kind, d.at.Key}, func(rows *sql.Rows) (bool, error) {
		item, err := readItem(rows)
		d.part.Items = append(d.part.Items, item)
		d.at.Kind, d.at.Key = item.Kind, item.Key
		return true, err
	})
}

func (d *dumpPage) records() error {
	size := 0
	return d.rows(recordTable, "type, id", []any{d.at.Num, d.at.Key}, func(rows *sql.Rows) (bool, error) {
		r, err := d.s.readRecord(rows)
		if err != nil {
			return false, err
		}
		size += len(r.Value) + len(r.Meta)
		d.part.Records = append(d.part.Records, *r)
		d.at.Num, d.at.Key = d.s.types.num(r.Type), r.ID
		return size < dumpBytes, nil
	})
}

func (d *dumpPage) replicas() error {
	return d.rows(replicaTable, "replica", []any{d.at.Num}, func(rows *sql.Rows) (bool, error) {
		r, err := readReplica(rows)
		if err != nil {
			return false, err
		}
		d.part.Replicas = append(d.part.Replicas, *r)
		d.at.Num = int64(r.Replica)
		return true, nil
	})
}

// receipts gives those that are rows, and then those in blocks, a block at a time. Before
// all of it the log is folded, so that nothing moves from the ones to the others.
func (d *dumpPage) receipts() error {
	if d.begins {
		if err := d.s.Fold(d.ctx); err != nil {
			return err
		}
	}
	if d.at.Block {
		return d.receiptsOfBlock()
	}
	err := d.rows(receiptTable, "replica, n", []any{d.at.Num, d.at.N}, func(rows *sql.Rows) (bool, error) {
		r, err := readReceipt(rows)
		if err != nil {
			return false, err
		}
		d.part.Receipts = append(d.part.Receipts, *r)
		d.at.Num, d.at.N = int64(r.Replica), int64(r.N)
		return true, nil
	})
	if err == nil && !d.more {
		d.at, d.more = dumpMark{Block: true}, true
	}
	return err
}

func (d *dumpPage) receiptsOfBlock() error {
	no, err := d.nextBlock()
	if err != nil || no == 0 {
		return err
	}
	b, err := d.s.block(d.ctx, d.s.readers, no)
	if err != nil {
		return err
	}
	d.at.Num, d.more = no, true
	if b == nil {
		return nil
	}
	for i := range b.entries {
		if e := &b.entries[i]; e.Change != nil {
			if r := e.receiptOf(); r != nil {
				d.part.Receipts = append(d.part.Receipts, *r)
			}
		}
	}
	return nil
}

// nextBlock is the first block after the last one, 0 where there is none.
func (d *dumpPage) nextBlock() (no int64, err error) {
	err = d.s.readers.QueryRowContext(d.ctx, `SELECT coalesce(min(no), 0) FROM blocks WHERE no > ?`, d.at.Num).Scan(&no)
	return no, err
}

func (d *dumpPage) streams() error {
	floor, err := readFloors(d.ctx, d.s.readers)
	if err != nil {
		return err
	}
	terms, err := readTerms(d.ctx, d.s.readers)
	if err != nil {
		return err
	}
	for stream, n := range floor {
		d.part.Streams = append(d.part.Streams, collections.StreamState{Stream: stream, Floor: n, Term: terms[stream]})
		delete(terms, stream)
	}
	for stream, term := range terms {
		if term > 0 {
			d.part.Streams = append(d.part.Streams, collections.StreamState{Stream: stream, Term: term})
		}
	}
	return nil
}

// DumpSize implements [collections.Dumper]. An entry in a block counts for its receipt, too.
func (s *Store) DumpSize(ctx context.Context) (n int64, err error) {
	err = s.readers.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM records) +
		(SELECT count(*) FROM replicas) + (SELECT count(*) FROM receipts) + (SELECT count(*) FROM log) +
		(SELECT coalesce(2 * sum(entries), 0) FROM blocks)`).Scan(&n)
	return n, err
}
