package mongo

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
)

// index is an index that there is to be.
type index struct {
	name   string
	keys   bson.D
	unique bool
	only   bson.D // of the documents that this is true of; nil: of all
}

// logIndexes are what the log is read by. The first is the fence: of those who write
// batch b of a stream one succeeds.
var logIndexes = []index{
	{name: "fence", keys: bson.D{{Key: "s", Value: 1}, {Key: "b", Value: 1}}, unique: true},
	{name: "entries", keys: bson.D{{Key: "s", Value: 1}, {Key: "last", Value: 1}, {Key: "b", Value: 1}}},
	{name: "open", keys: bson.D{{Key: "open", Value: 1}, {Key: "s", Value: 1}, {Key: "b", Value: 1}}, only: bson.D{{Key: "open", Value: true}}},
	{name: "documents", keys: bson.D{{Key: "d", Value: 1}}},
	{name: "receipts", keys: bson.D{{Key: "rk", Value: 1}}},
}

// recordIndexes are what every type is listed by, besides what its views ask for.
var recordIndexes = []index{
	{name: "words", keys: bson.D{{Key: "w", Value: 1}}},
	{name: "updated", keys: bson.D{{Key: "u", Value: 1}}},
	{name: "attention", keys: bson.D{{Key: "a", Value: 1}, {Key: "_id", Value: 1}}, only: bson.D{{Key: "a", Value: true}}},
	{name: "trash", keys: bson.D{{Key: "d", Value: 1}, {Key: "_id", Value: 1}}, only: bson.D{{Key: "d", Value: true}}},
}

// ensureIndexes makes the indexes of the collections that are always there.
func (s *Store) ensureIndexes(ctx context.Context) error {
	return s.makeIndexes(ctx, logName, logIndexes)
}

// ensureType makes the collection of a type ready to be written.
func (s *Store) ensureType(ctx context.Context, typ string) error {
	s.mu.Lock()
	known := s.types[typ]
	s.mu.Unlock()
	if known {
		return nil
	}
	if err := s.makeIndexes(ctx, recordsName(typ), recordIndexes); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.types[typ] = true
	return nil
}

// The codes by which a server refuses an index.
const (
	codeNotImplemented  = 238
	codeCannotCreate    = 67 // also: there are too many
	codeOptionsConflict = 85
	codeKeysConflict    = 86
)

// makeIndexes makes indexes of a collection that are not there. Making one of many
// documents takes long; others read and write meanwhile.
func (s *Store) makeIndexes(ctx context.Context, collection string, wanted []index) error {
	partial := s.server.Kind != Compatible
	for _, ix := range wanted {
		err := s.makeIndex(ctx, collection, ix, partial)
		if partial && coded(err, codeNotImplemented) {
			partial = false
			err = s.makeIndex(ctx, collection, ix, partial)
		}
		if coded(err, codeOptionsConflict, codeKeysConflict) {
			return fmt.Errorf("index %q of collection %q is another than this program needs: drop it with db.getCollection(%q).dropIndex(%q) and start again: %w",
				ix.name, collection, collection, ix.name, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) makeIndex(ctx context.Context, collection string, ix index, partial bool) error {
	o := options.Index().SetName(ix.name)
	if ix.unique {
		o.SetUnique(true)
	}
	if ix.only != nil && partial {
		o.SetPartialFilterExpression(ix.only)
	}
	return s.repeat(ctx, func() error {
		return s.callFor(ctx, indexTimeout, "making index "+ix.name+" of "+collection, func(ctx context.Context) error {
			_, err := s.here.Collection(collection).Indexes().CreateOne(ctx, driver.IndexModel{Keys: ix.keys, Options: o})
			return err
		})
	})
}

// coded reports whether a server answered with one of these codes.
func coded(err error, codes ...int) bool {
	var server driver.ServerError
	if !errors.As(err, &server) {
		return false
	}
	for _, code := range codes {
		if server.HasErrorCode(code) {
			return true
		}
	}
	return false
}

// EnsureIndex implements [collections.Store]: two indexes of the live documents of the
// type, one for each direction of an order, because an order ends with the id upwards
// in both. Where the type has as many indexes as a collection can have, a warning is
// logged, and the field is listed more slowly.
func (s *Store) EnsureIndex(ctx context.Context, typ string, field []string) error {
	if err := checkField(field); err != nil {
		return err
	}
	if err := s.ensureType(ctx, typ); err != nil {
		return err
	}
	name := orderName(field)
	live := bson.D{{Key: "d", Value: false}}
	err := s.makeIndexes(ctx, recordsName(typ), []index{
		{name: indexName("up", name), keys: bson.D{{Key: name, Value: 1}, {Key: "_id", Value: 1}}, only: live},
		{name: indexName("down", name), keys: bson.D{{Key: name, Value: -1}, {Key: "_id", Value: 1}}, only: live},
	})
	if coded(err, codeCannotCreate) {
		s.log.WarnContext(ctx, "no more indexes: a field is listed without one", "type", typ, "field", field, "error", err)
		return nil
	}
	return err
}

// indexName is a short name for an index of a field, whatever the field is called.
func indexName(direction, path string) string {
	hash := fnv.New64a()
	hash.Write([]byte(path))
	return fmt.Sprintf("%s-%016x", direction, hash.Sum64())
}
