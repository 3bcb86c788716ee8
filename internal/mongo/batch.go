package mongo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// batch is one document of the log: a commit is its insertion. What it holds besides the
// records is in it, packed, so that it is there whole or not at all.
type batch struct {
	Name   string `bson:"_id"` // batchID
	Stream string `bson:"s"`
	B      int64  `bson:"b"` // from 1, without gaps
	Term   int64  `bson:"t"`
	First  int64  `bson:"first"` // of its entries; last+1 where it has none
	Last   int64  `bson:"last"`
	ID     string `bson:"i"` // of this attempt to write it

	Content []byte `bson:"x,omitempty"` // content, as BSON and zstd
	Parts   int    `bson:"parts,omitempty"`
	Sum     int64  `bson:"c,omitempty"`

	Documents []string `bson:"d,omitempty"`  // marks of the documents its entries are about
	Receipts  []string `bson:"rk,omitempty"` // names of its receipts
	Open      bool     `bson:"open,omitempty"`
	Loaded    bool     `bson:"ld,omitempty"` // it was not committed: its receipts are by themselves
}

// content is what a batch holds, besides records.
type content struct {
	Entries  []entry      `bson:"e,omitempty"`
	Receipts []receipt    `bson:"r,omitempty"`
	Things   []thingWrite `bson:"t,omitempty"`
}

// entry is a log entry as a batch holds it.
type entry struct {
	N       int64   `bson:"n"`
	Kind    string  `bson:"k"`
	At      int64   `bson:"a"`
	By      string  `bson:"b,omitempty"`
	Type    string  `bson:"t,omitempty"`
	Version int     `bson:"v,omitempty"`
	Behind  int64   `bson:"h,omitempty"`
	After   []place `bson:"p,omitempty"`
	Change  []byte  `bson:"c,omitempty"` // canonical JSON
}

type place struct {
	Stream string `bson:"s"`
	N      int64  `bson:"n"`
}

// receipt is a receipt as a batch holds it.
type receipt struct {
	Replica int64  `bson:"r"`
	N       int64  `bson:"n"`
	Digest  []byte `bson:"d"`
	Stamp   int64  `bson:"t,omitempty"`
	Refused []byte `bson:"e,omitempty"` // collections.Error, kept
	Doc     string `bson:"o,omitempty"`
	FirstID int64  `bson:"f,omitempty"`
	LastID  int64  `bson:"l,omitempty"`
}

func entryOf(e *collections.Entry) entry {
	kept := entry{N: int64(e.N), Kind: string(e.Kind), At: e.At, By: e.By, Type: e.Type, Version: e.Version, Behind: int64(e.Behind)}
	for stream, n := range e.After {
		kept.After = append(kept.After, place{stream, int64(n)})
	}
	if e.Change != nil {
		kept.Change = crdt.AppendChange(nil, e.Change)
	}
	return kept
}

// changeLimits bound what is read back: the door has checked it once already.
var changeLimits = crdt.Limits{Bytes: 1 << 30, Depth: 1000, Nodes: 1 << 30, String: 1 << 30, Ops: 1 << 30}

// entry gives an entry of a stream back.
func (e *entry) entry(stream string) (collections.Entry, error) {
	back := collections.Entry{
		Place: collections.Place{Stream: stream, N: uint64(e.N)}, Kind: collections.EntryKind(e.Kind), At: e.At, By: e.By,
		Type: e.Type, Version: e.Version, Behind: uint64(e.Behind),
	}
	for _, p := range e.After {
		if back.After == nil {
			back.After = collections.Position{}
		}
		back.After[p.Stream] = uint64(p.N)
	}
	if e.Change == nil {
		return back, nil
	}
	var err error
	if back.Change, err = crdt.ParseChange(e.Change, changeLimits); err != nil {
		return back, fmt.Errorf("mongo: log entry %s %d: %w", stream, e.N, err)
	}
	return back, nil
}

func receiptOf(r *collections.Receipt) receipt {
	kept := receipt{
		Replica: int64(r.Replica), N: int64(r.N), Digest: bytes.Clone(r.Digest[:]), Stamp: int64(r.Stamp),
		Doc: r.Doc, FirstID: int64(r.FirstID), LastID: int64(r.LastID)}
	if r.Refused != nil {
		kept.Refused = r.Refused.Keep()
	}
	return kept
}

// receipt gives a receipt back.
func (r *receipt) receipt() (*collections.Receipt, error) {
	back := &collections.Receipt{
		Replica: crdt.Replica(r.Replica), N: uint64(r.N), Stamp: crdt.Time(r.Stamp),
		Doc: r.Doc, FirstID: uint64(r.FirstID), LastID: uint64(r.LastID)}
	if copy(back.Digest[:], r.Digest) != len(back.Digest) {
		return nil, damaged("receipt %d of %s", back.N, back.Replica)
	}
	if r.Refused == nil {
		return back, nil
	}
	back.Refused = new(collections.Error)
	return back, json.Unmarshal(r.Refused, back.Refused)
}

// this is a filter that finds the batch, and no other that has its number.
func (b *batch) this() bson.D {
	return bson.D{{Key: "s", Value: b.Stream}, {Key: "b", Value: b.B}, {Key: "i", Value: b.ID}}
}

// partSize is how much of a batch's content is in one document; its document holds the
// first part, and what more there is, is in the collection of parts, written before it.
const partSize = 8 << 20

// part is a piece of a batch's content.
type part struct {
	Name string `bson:"_id"`
	Data []byte `bson:"x"`
}

func partID(batch string, i int) string { return fmt.Sprintf("%s/%d", batch, i) }

// pack puts a content into a batch, and gives the parts that do not fit.
func (s *Store) pack(b *batch, c *content) ([]part, error) {
	if len(c.Entries)+len(c.Receipts)+len(c.Things) == 0 {
		return nil, nil
	}
	plain, err := bson.Marshal(c)
	if err != nil {
		return nil, err
	}
	packed := s.packer.EncodeAll(plain, nil)
	b.Sum = sum(packed)
	var parts []part
	for i, rest := 1, packed[min(len(packed), partSize):]; len(rest) > 0; i++ {
		size := min(len(rest), partSize)
		parts = append(parts, part{partID(b.ID, i), rest[:size]})
		rest = rest[size:]
	}
	b.Content, b.Parts = packed[:min(len(packed), partSize)], len(parts)
	return parts, nil
}

// contentOf reads what a batch holds.
func (s *Store) contentOf(ctx context.Context, b *batch) (*content, error) {
	packed := b.Content
	for i := 1; i <= b.Parts; i++ {
		var p part
		err := s.call(ctx, "reading a part of a batch", func(ctx context.Context) error {
			return s.here.Collection(partsName).FindOne(ctx, bson.D{{Key: "_id", Value: partID(b.ID, i)}}).Decode(&p)
		})
		if errors.Is(err, driver.ErrNoDocuments) {
			return nil, damaged("batch %s, of which a part is not there,", b.Name)
		}
		if err != nil {
			return nil, err
		}
		packed = append(packed, p.Data...)
	}
	c := new(content)
	if len(packed) == 0 {
		return c, nil
	}
	if sum(packed) != b.Sum {
		return nil, damaged("batch %s", b.Name)
	}
	plain, err := s.unpacker.DecodeAll(packed, nil)
	if err == nil {
		err = bson.Unmarshal(plain, c)
	}
	if err != nil {
		return nil, damaged("batch %s", b.Name)
	}
	return c, nil
}

// findBatch reads batch b of a stream; nil where it is not there.
func (s *Store) findBatch(ctx context.Context, in *driver.Database, stream string, b int64) (*batch, error) {
	return s.oneBatch(ctx, in, bson.D{{Key: "s", Value: stream}, {Key: "b", Value: b}}, nil)
}

// newestBatch reads the last batch of a stream, without its content; nil where it has none.
func (s *Store) newestBatch(ctx context.Context, in *driver.Database, stream string) (*batch, error) {
	return s.oneBatch(ctx, in, bson.D{{Key: "s", Value: stream}}, bson.D{{Key: "b", Value: -1}})
}

func (s *Store) oneBatch(ctx context.Context, in *driver.Database, filter, sort bson.D) (*batch, error) {
	var b *batch
	o := options.FindOne()
	if sort != nil {
		o.SetSort(sort).SetProjection(bson.D{{Key: "x", Value: 0}, {Key: "d", Value: 0}, {Key: "rk", Value: 0}})
	}
	err := s.look(ctx, "reading the log", func(ctx context.Context) error {
		b = new(batch)
		return in.Collection(logName).FindOne(ctx, filter, o).Decode(b)
	})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return b, err
}
