package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
)

// streamDoc is a stream in the collection of streams.
type streamDoc struct {
	Name  string `bson:"_id"`
	Floor int64  `bson:"floor"`
}

// knownStreams lists the streams.
func (s *Store) knownStreams(ctx context.Context) (streams []streamDoc, err error) {
	err = s.call(ctx, "listing streams", func(ctx context.Context) error {
		found, err := s.sure.Collection(streamsName).Find(ctx, bson.D{})
		if err != nil {
			return err
		}
		return found.All(ctx, &streams)
	})
	return streams, err
}

// floorOf is the floor of one stream.
func (s *Store) floorOf(ctx context.Context, stream string) (int64, error) {
	var found streamDoc
	err := s.call(ctx, "reading a floor", func(ctx context.Context) error {
		return s.sure.Collection(streamsName).FindOne(ctx, bson.D{{Key: "_id", Value: stream}}).Decode(&found)
	})
	if errors.Is(err, driver.ErrNoDocuments) {
		return 0, nil
	}
	return found.Floor, err
}

// Head implements [collections.Store]: one seek for each stream.
func (s *Store) Head(ctx context.Context) (collections.Position, error) {
	streams, err := s.knownStreams(ctx)
	if err != nil {
		return nil, err
	}
	at := collections.Position{}
	for _, st := range streams {
		newest, err := s.newestBatch(ctx, s.sure, st.Name)
		if err != nil {
			return nil, err
		}
		if newest != nil && newest.Last > 0 {
			at[st.Name] = uint64(newest.Last)
		}
	}
	return at, nil
}

// Log implements [collections.Store].
func (s *Store) Log(ctx context.Context, stream string, after uint64, limit int) (entries []collections.Entry, err error) {
	if limit < 1 {
		return nil, fmt.Errorf("mongo: a limit is at least 1, not %d", limit)
	}
	next, gap := int64(after)+1, false
	err = s.eachBatch(ctx, stream, int64(after), func(b *batch) (bool, error) {
		c, err := s.contentOf(ctx, b)
		if err != nil {
			return false, err
		}
		for i := range c.Entries {
			e := &c.Entries[i]
			if e.N < next {
				continue
			}
			if gap = e.N > next; gap || len(entries) == limit {
				return false, nil
			}
			entry, err := e.entry(stream)
			if err != nil {
				return false, err
			}
			entries = append(entries, entry)
			next++
		}
		return len(entries) < limit, nil
	})
	if err != nil {
		return nil, err
	}
	// After reading, so that what was trimmed meanwhile is not missing without a word.
	floor, err := s.floorOf(ctx, stream)
	switch {
	case err != nil:
		return nil, err
	case after < uint64(floor):
		return nil, collections.ErrTrimmed
	case gap:
		s.log.ErrorContext(ctx, "the log has a gap: reading stops before it", "stream", stream, "n", next)
	}
	return entries, nil
}

// logPage is how many batches are asked for at once.
const logPage = 100

// eachBatch calls f for the batches of a stream that have entries after a number, in their
// order, until f says to stop. f gets them as they come, one in memory at a time.
func (s *Store) eachBatch(ctx context.Context, stream string, after int64, f func(b *batch) (bool, error)) error {
	for more := true; more; {
		read := 0
		err := s.callFor(ctx, s.listTimeout(), "reading the log", func(ctx context.Context) error {
			cursor, err := s.sure.Collection(logName).Find(ctx,
				bson.D{{Key: "s", Value: stream}, {Key: "last", Value: bson.D{{Key: "$gt", Value: after}}}},
				options.Find().SetSort(bson.D{{Key: "last", Value: 1}, {Key: "b", Value: 1}}).SetLimit(logPage).
					SetProjection(bson.D{{Key: "d", Value: 0}, {Key: "rk", Value: 0}}))
			if err != nil {
				return err
			}
			defer cursor.Close(ctx)
			for more && cursor.Next(ctx) {
				b := new(batch)
				if err := cursor.Decode(b); err != nil {
					return err
				}
				if more, err = f(b); err != nil {
					return err
				}
				after, read = b.Last, read+1
			}
			return cursor.Err()
		})
		if err != nil {
			return err
		}
		more = more && read == logPage
	}
	return nil
}
