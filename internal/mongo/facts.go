package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
)

// format is how this program keeps things. A higher one it leaves alone.
const format = 1

// checkFormat makes a new database one of this format, and refuses one of a newer.
func (s *Store) checkFormat(ctx context.Context) error {
	have, err := fact(ctx, s, "format", format)
	if err != nil {
		return err
	}
	if have > format {
		return fmt.Errorf("the database was written by a newer version of this program (format %d, this program knows %d): start that version", have, format)
	}
	return nil
}

// ensureEpoch reads the epoch, and makes it for a new database.
func (s *Store) ensureEpoch(ctx context.Context) error {
	id, err := s.newID()
	if err != nil {
		return err
	}
	s.epoch, err = fact(ctx, s, "epoch", id)
	return err
}

// fact reads what is known under a name, and makes it known where nobody did before.
func fact[V int | string](ctx context.Context, s *Store, name string, usual V) (V, error) {
	facts := s.here.Collection(factsName)
	var found struct {
		Value V `bson:"v"`
	}
	err := s.repeat(ctx, func() error {
		read := func(ctx context.Context) error {
			return facts.FindOne(ctx, bson.D{{Key: "_id", Value: name}}).Decode(&found)
		}
		if err := s.call(ctx, "reading the "+name, read); !errors.Is(err, driver.ErrNoDocuments) {
			return err
		}
		err := s.call(ctx, "writing the "+name, func(ctx context.Context) error {
			_, err := facts.InsertOne(ctx, bson.D{{Key: "_id", Value: name}, {Key: "v", Value: usual}})
			return err
		})
		if err != nil && !driver.IsDuplicateKeyError(err) {
			return err
		}
		return s.call(ctx, "reading the "+name, read)
	})
	return found.Value, err
}
