package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"sync"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// block is a run of old entries of the log, as one row of the table blocks.
//
// Blocks keep no index of documents: an entry of such an index would take more than
// the entry itself does here. Instead a block says, for each document it is about,
// how many blocks back the document's entries before these are. The record names the
// document's last entry; from there its history is followed from block to block, and
// only blocks that it is in are read.
type block struct {
	no      int64
	entries []folded
}

// folded is an entry in a block.
type folded struct {
	collections.Entry
	receipt receiptKind
	digest  [32]byte // kept only for keptDigest
	// back is set for a block's first change of each document: the entries before it
	// are that many blocks back or further, 0 means there are none.
	back int64
}

// sameButChange compares all of two entries but their changes, and what they build on,
// which is in no block.
func (f *folded) sameButChange(other *folded) bool {
	a, b := f, other
	return a.Place == b.Place && a.Kind == b.Kind && a.At == b.At && a.By == b.By && a.Type == b.Type &&
		a.Version == b.Version && a.Behind == b.Behind && a.receipt == b.receipt && a.digest == b.digest && a.back == b.back
}

// receiptKind says what of the change's receipt must be kept beside the change.
type receiptKind uint64

const (
	noReceipt   receiptKind = iota // none, as for changes of the server's own
	wholeDigest                    // nothing: its digest is that of the change as it is in the log
	keptDigest                     // the digest: the change got another stamp or predecessor than it was sent with
)

// receiptOf gives the receipt of a change in the block, nil where it has none.
func (f *folded) receiptOf() *collections.Receipt {
	if f.receipt == noReceipt {
		return nil
	}
	c := f.Change
	r := &collections.Receipt{Replica: c.Replica, N: c.N, Digest: f.digest, Stamp: c.Stamp, Doc: c.Doc}
	if f.receipt == wholeDigest {
		r.Digest = digestOf(c)
	}
	return r
}

// digestOf is the digest of a change that is in the log just as it was sent.
func digestOf(c *crdt.Change) [32]byte { return sha256.Sum256(crdt.AppendChange(nil, c)) }

// firstOf finds the first change of a document, nil where there is none.
func (b *block) firstOf(key collections.Key) *folded {
	for i := range b.entries {
		if f := &b.entries[i]; f.Change != nil && f.Change.Doc == key.ID && f.Type == key.Type {
			return f
		}
	}
	return nil
}

// place finds an entry, -1 where it is not.
func (b *block) place(p collections.Place) int {
	for i := range b.entries {
		if b.entries[i].Place == p {
			return i
		}
	}
	return -1
}

// reader is what blocks are read from: a transaction that sees one moment.
type reader interface {
	querier
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// block reads a block, nil where it is not; those read last are kept at hand. It
// belongs to all who read it.
func (s *Store) block(ctx context.Context, db reader, no int64) (*block, error) {
	if b := s.blocks.find(no); b != nil {
		return b, nil
	}
	c, err := blockTable.scan(db.QueryRowContext(ctx, `SELECT `+blockTable.list()+` FROM blocks WHERE no = ?`, no))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b, err := s.codec.decode(c[2].([]byte))
	if err != nil {
		return nil, errors.Join(damaged("block %d of the log", no), err)
	}
	b.no = no
	s.blocks.keep(b)
	return b, nil
}

// recentBlocks keeps the blocks that were read last: a few megabytes each. Who reads
// the log in order, or the history of documents of one time, reads each block once.
type recentBlocks struct {
	mu   sync.Mutex
	kept [4]*block // the one read last first
}

func (r *recentBlocks) find(no int64) *block {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, b := range r.kept {
		if b != nil && b.no == no {
			copy(r.kept[1:i+1], r.kept[:i])
			r.kept[0] = b
			return b
		}
	}
	return nil
}

func (r *recentBlocks) keep(b *block) {
	r.mu.Lock()
	defer r.mu.Unlock()
	copy(r.kept[1:], r.kept[:])
	r.kept[0] = b
}

// blockAfter finds the block that has the entry after n of a stream; 0 where none has.
func blockAfter(ctx context.Context, db reader, stream string, n uint64) (no int64, err error) {
	return oneBlock(db.QueryRowContext(ctx, `SELECT `+blockStreamTable.list()+` FROM block_streams
		WHERE stream = ? AND last > ? ORDER BY last LIMIT 1`, stream, int64(n)), blockStreamTable)
}

// blockOfChange finds the block that has a replica's change n, if any has; 0 where
// none can.
func blockOfChange(ctx context.Context, db reader, replica crdt.Replica, n uint64) (no int64, err error) {
	return oneBlock(db.QueryRowContext(ctx, `SELECT `+blockReplicaTable.list()+` FROM block_replicas
		WHERE replica = ? AND last >= ? ORDER BY last LIMIT 1`, int64(replica), int64(n)), blockReplicaTable)
}

func oneBlock(row *sql.Row, t table) (no int64, err error) {
	c, err := t.scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return c[2].(int64), nil
}
