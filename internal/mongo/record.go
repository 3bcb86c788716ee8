package mongo

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// record is a document of a type's collection.
type record struct {
	ID        string `bson:"_id"`
	Rev       int64  `bson:"r"`
	Write     string `bson:"i"` // id of the batch that wrote it
	Version   int    `bson:"v"`
	Deleted   bool   `bson:"d"`
	Attention bool   `bson:"a"`
	Created   int64  `bson:"t"`
	CreatedBy string `bson:"tb"`
	Updated   int64  `bson:"u"`
	UpdatedBy string `bson:"ub"`
	Stream    string `bson:"ls,omitempty"` // of its last entry
	N         int64  `bson:"ln,omitempty"`
	Problems  []byte `bson:"p,omitempty"`
	Value     []byte `bson:"x"`
	Meta      []byte `bson:"m"`
	Packed    bool   `bson:"z,omitempty"` // Value and Meta are compressed
	Sum       int64  `bson:"c"`

	Words   []string `bson:"w,omitempty"`
	Keys    bson.D   `bson:"k,omitempty"`
	Keyless bool     `bson:"kl,omitempty"` // its keys would have been too large
}

// packFrom is how large a record's value and meta are when they are compressed, so that
// the largest still fits into a document.
const packFrom = 1 << 20

// sum is the checksum of what a record keeps; what it is found by follows from that.
func (r *record) sum(typ string) int64 {
	flags := []byte{0}
	for i, set := range []bool{r.Deleted, r.Attention, r.Packed} {
		if set {
			flags[0] |= 1 << i
		}
	}
	return sum([]byte(typ), []byte(r.ID), number(r.Rev), number(r.Version), flags, number(r.Created), []byte(r.CreatedBy),
		number(r.Updated), []byte(r.UpdatedBy), []byte(r.Stream), number(r.N), r.Problems, r.Value, r.Meta)
}

// recordWrite is a write of a record as the database gets it.
type recordWrite struct {
	key   collections.Key
	place int // in the batch
	base  int64
	kept  *record // but for the id of its batch
}

// keep makes of a record what is kept.
func (s *Store) keep(r *collections.Record) (*record, error) {
	var value map[string]any
	if err := json.Unmarshal(r.Value, &value); err != nil {
		return nil, fmt.Errorf("mongo: record %s/%s: its value is no JSON object: %w", r.Type, r.ID, err)
	}
	kept := &record{
		ID: r.ID, Rev: int64(r.Rev), Version: r.Version, Deleted: r.Deleted, Attention: r.Attention,
		Created: r.Created, CreatedBy: r.CreatedBy, Updated: r.Updated, UpdatedBy: r.UpdatedBy,
		Stream: r.Last.Stream, N: int64(r.Last.N), Value: r.Value, Meta: r.Meta, Words: r.Words,
	}
	if len(r.Problems) > 0 {
		kept.Problems = schema.KeepProblems(r.Problems)
	}
	if len(r.Value)+len(r.Meta) > packFrom {
		kept.Value, kept.Meta, kept.Packed = s.packer.EncodeAll(r.Value, nil), s.packer.EncodeAll(r.Meta, nil), true
	}
	keys, fit := keysOf(value)
	if kept.Keyless = !fit; fit {
		kept.Keys = keys
	}
	kept.Sum = kept.sum(r.Type)
	return kept, nil
}

// back gives a record as it was written.
func (s *Store) back(typ string, kept *record) (*collections.Record, error) {
	if kept.Sum != kept.sum(typ) {
		return nil, damaged("record %s/%s", typ, kept.ID)
	}
	r := &collections.Record{
		Key: collections.Key{Type: typ, ID: kept.ID}, Rev: uint64(kept.Rev), Version: kept.Version,
		Deleted: kept.Deleted, Attention: kept.Attention,
		Created: kept.Created, CreatedBy: kept.CreatedBy, Updated: kept.Updated, UpdatedBy: kept.UpdatedBy,
		Last: collections.Place{Stream: kept.Stream, N: uint64(kept.N)}, Value: kept.Value, Meta: kept.Meta,
	}
	if kept.Packed {
		var err1, err2 error
		r.Value, err1 = s.unpacker.DecodeAll(kept.Value, nil)
		r.Meta, err2 = s.unpacker.DecodeAll(kept.Meta, nil)
		if err := errors.Join(err1, err2); err != nil {
			return nil, damaged("record %s/%s", typ, kept.ID)
		}
	}
	if len(kept.Problems) > 0 {
		return r, json.Unmarshal(kept.Problems, &r.Problems)
	}
	return r, nil
}

// prepareRecords makes the documents of records, and refuses what no document can hold.
// They come in waves: a record that is written twice is written in two of them.
func (s *Store) prepareRecords(ctx context.Context, writes []collections.RecordWrite) (waves [][]recordWrite, err error) {
	times := map[collections.Key]int{}
	for i := range writes {
		r := &writes[i].Record
		if r.Rev != writes[i].Base+1 {
			return nil, fmt.Errorf("mongo: record %s/%s: rev %d does not follow base %d", r.Type, r.ID, r.Rev, writes[i].Base)
		}
		if err := s.ensureType(ctx, r.Type); err != nil {
			return nil, err
		}
		kept, err := s.keep(r)
		if err != nil {
			return nil, err
		}
		if err := s.fits(r, kept); err != nil {
			return nil, err
		}
		wave := times[r.Key]
		times[r.Key]++
		if wave == len(waves) {
			waves = append(waves, nil)
		}
		waves[wave] = append(waves[wave], recordWrite{key: r.Key, place: i, base: int64(writes[i].Base), kept: kept})
	}
	return waves, nil
}

// fits refuses a record that no document can hold.
func (s *Store) fits(r *collections.Record, kept *record) error {
	if len(r.Value)+len(r.Meta) <= packFrom {
		return nil // with all its keys and words it is a fraction of a document
	}
	doc, err := bson.Marshal(kept)
	if err != nil {
		return err
	}
	if room := s.server.MaxDocument - 1<<10; len(doc) > room {
		return fmt.Errorf("mongo: record %s/%s takes %d bytes, and a document of this database holds %d: split the record", r.Type, r.ID, len(doc), room)
	}
	return nil
}

// writeRecords moves the records on, and names those that were not at the base of their
// write, in the order of the batch.
func (s *Store) writeRecords(ctx context.Context, batch string, waves [][]recordWrite) ([]collections.Key, error) {
	var left []recordWrite
	for _, wave := range waves {
		for _, writes := range byType(wave) {
			stale, err := s.writeType(ctx, batch, writes)
			if err != nil {
				return nil, err
			}
			left = append(left, stale...)
		}
	}
	slices.SortFunc(left, func(a, b recordWrite) int { return cmp.Compare(a.place, b.place) })
	stale := make([]collections.Key, len(left))
	for i, w := range left {
		stale[i] = w.key
	}
	return stale, nil
}

// byType groups writes by type, in the order in which the types come first.
func byType(writes []recordWrite) (groups [][]recordWrite) {
	place := map[string]int{}
	for _, w := range writes {
		at, known := place[w.key.Type]
		if !known {
			at = len(groups)
			place[w.key.Type] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], w)
	}
	return groups
}

// writeType writes records of one type, no two the same.
func (s *Store) writeType(ctx context.Context, batch string, writes []recordWrite) (stale []recordWrite, err error) {
	records := s.sure.Collection(recordsName(writes[0].key.Type))
	models := make([]driver.WriteModel, len(writes))
	for i := range writes {
		models[i] = writes[i].model(batch)
	}
	whole := false
	err = s.repeat(ctx, func() error {
		return s.call(ctx, "writing records", func(ctx context.Context) error {
			result, err := records.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
			if onlyDuplicates(err) {
				return nil
			}
			whole = err == nil && result.MatchedCount+result.InsertedCount == int64(len(writes))
			return err
		})
	})
	if err != nil || whole {
		return nil, err
	}
	return s.notMine(ctx, batch, writes)
}

// model is the write as an operation of a bulk.
func (w *recordWrite) model(batch string) driver.WriteModel {
	w.kept.Write = batch
	if w.base == 0 {
		return driver.NewInsertOneModel().SetDocument(w.kept)
	}
	return driver.NewReplaceOneModel().SetFilter(bson.D{{Key: "_id", Value: w.key.ID}, {Key: "r", Value: w.base}}).SetReplacement(w.kept)
}

// notMine finds out which records a batch did not write: each carries the id of the batch
// that did.
func (s *Store) notMine(ctx context.Context, batch string, writes []recordWrite) (stale []recordWrite, err error) {
	ids := make(bson.A, len(writes))
	for i, w := range writes {
		ids[i] = w.key.ID
	}
	var found []struct {
		ID    string `bson:"_id"`
		Rev   int64  `bson:"r"`
		Write string `bson:"i"`
	}
	err = s.look(ctx, "reading what was written", func(ctx context.Context) error {
		cursor, err := s.here.Collection(recordsName(writes[0].key.Type)).Find(ctx,
			bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
			options.Find().SetProjection(bson.D{{Key: "r", Value: 1}, {Key: "i", Value: 1}}))
		if err != nil {
			return err
		}
		found = nil
		return cursor.All(ctx, &found)
	})
	mine := map[string]int64{}
	for _, f := range found {
		if f.Write == batch {
			mine[f.ID] = f.Rev
		}
	}
	for _, w := range writes {
		if mine[w.key.ID] != w.base+1 {
			stale = append(stale, w)
		}
	}
	return stale, err
}

// Record implements [collections.Store].
func (s *Store) Record(ctx context.Context, typ, id string) (*collections.Record, error) {
	kept := new(record)
	err := s.call(ctx, "reading a record", func(ctx context.Context) error {
		return s.sure.Collection(recordsName(typ)).FindOne(ctx, bson.D{{Key: "_id", Value: id}}, withoutKeys).Decode(kept)
	})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, collections.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return s.back(typ, kept)
}

// Records implements [collections.Store].
func (s *Store) Records(ctx context.Context, keys []collections.Key) ([]*collections.Record, error) {
	ids := map[string]bson.A{}
	for _, key := range keys {
		ids[key.Type] = append(ids[key.Type], key.ID)
	}
	byKey := map[collections.Key]record{}
	for typ, list := range ids {
		var found []record
		err := s.call(ctx, "reading records", func(ctx context.Context) error {
			cursor, err := s.sure.Collection(recordsName(typ)).Find(ctx,
				bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}}, options.Find().SetProjection(keyless))
			if err != nil {
				return err
			}
			return cursor.All(ctx, &found)
		})
		if err != nil {
			return nil, err
		}
		for i := range found {
			byKey[collections.Key{Type: typ, ID: found[i].ID}] = found[i]
		}
	}
	records := make([]*collections.Record, len(keys))
	for i, key := range keys {
		kept, ok := byKey[key]
		if !ok {
			continue
		}
		var err error
		if records[i], err = s.back(key.Type, &kept); err != nil {
			return nil, err
		}
		records[i].Value, records[i].Meta = bytes.Clone(records[i].Value), bytes.Clone(records[i].Meta) // a key may come twice
	}
	return records, nil
}

// keyless leaves out what a record is found by.
var keyless = bson.D{{Key: "k", Value: 0}, {Key: "w", Value: 0}}

var withoutKeys = options.FindOne().SetProjection(keyless)
