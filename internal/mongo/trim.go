package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// Trim implements [collections.Store]. The floors move first: from then on nobody sees the
// entries. Their batches go after that, oldest first; what a crash leaves of them, the next
// Trim takes. The newest batch of a stream stays, so that its numbers go on.
func (s *Store) Trim(ctx context.Context, upto collections.Position) error {
	heads, err := s.Head(ctx)
	if err != nil {
		return err
	}
	for stream, n := range upto {
		if n > heads[stream] {
			return fmt.Errorf("mongo: trim up to %d of stream %q, which ends at %d", n, stream, heads[stream])
		}
	}
	for stream, n := range upto {
		if n == 0 {
			continue
		}
		if err := s.raiseFloor(ctx, stream, int64(n)); err != nil {
			return err
		}
		if err := s.dropBatches(ctx, stream); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) raiseFloor(ctx context.Context, stream string, n int64) error {
	return s.repeat(ctx, func() error {
		return s.call(ctx, "raising a floor", func(ctx context.Context) error {
			_, err := s.sure.Collection(streamsName).UpdateOne(ctx, bson.D{{Key: "_id", Value: stream}},
				bson.D{{Key: "$max", Value: bson.D{{Key: "floor", Value: n}}}})
			return err
		})
	})
}

// dropBatches takes away the batches of a stream of which all is below the floor, but for
// the newest batch.
func (s *Store) dropBatches(ctx context.Context, stream string) error {
	floor, err := s.floorOf(ctx, stream)
	if err != nil {
		return err
	}
	newest, err := s.newestBatch(ctx, s.sure, stream)
	if err != nil || newest == nil {
		return err
	}
	for {
		old, err := s.oldBatches(ctx, stream, floor, newest.B)
		if err != nil || len(old) == 0 {
			return err
		}
		for _, b := range old {
			if err := s.dropBatch(ctx, b); err != nil {
				return err
			}
		}
	}
}

// oldBatches reads the first of the batches before one of which all is below the floor.
func (s *Store) oldBatches(ctx context.Context, stream string, floor, before int64) (old []*batch, err error) {
	err = s.call(ctx, "reading old batches", func(ctx context.Context) error {
		found, err := s.sure.Collection(logName).Find(ctx, bson.D{
			{Key: "s", Value: stream}, {Key: "last", Value: bson.D{{Key: "$lte", Value: floor}}}, {Key: "b", Value: bson.D{{Key: "$lt", Value: before}}},
		}, options.Find().SetSort(bson.D{{Key: "last", Value: 1}, {Key: "b", Value: 1}}).SetLimit(logPage))
		if err != nil {
			return err
		}
		return found.All(ctx, &old)
	})
	return old, err
}

// dropBatch takes a batch away: what of it is not applied is, and the receipts of refused
// changes are kept elsewhere, before it goes.
func (s *Store) dropBatch(ctx context.Context, b *batch) error {
	c, err := s.contentOf(ctx, b)
	if err != nil {
		return err
	}
	if b.Open {
		if err := s.rollForward(ctx, b); err != nil {
			return err
		}
	}
	for i := range c.Receipts {
		if r := &c.Receipts[i]; r.Refused != nil {
			if err := s.keepReceipt(ctx, r); err != nil {
				return err
			}
		}
	}
	if b.Loaded {
		if err := s.dropLoaded(ctx, c); err != nil {
			return err
		}
	}
	if err := s.delete(ctx, logName, b.this()); err != nil {
		return err
	}
	s.dropParts(ctx, b)
	return nil
}

// dropParts takes away the parts of a batch that is not in the log any more, or never was.
// Those that stay take space, and nothing reads them.
func (s *Store) dropParts(ctx context.Context, b *batch) {
	for i := 1; i <= b.Parts; i++ {
		if err := s.delete(context.WithoutCancel(ctx), partsName, bson.D{{Key: "_id", Value: partID(b.ID, i)}}); err != nil {
			s.log.WarnContext(ctx, "a part of a batch stays that nobody needs", "part", partID(b.ID, i), "error", err)
		}
	}
}

func (s *Store) keepReceipt(ctx context.Context, r *receipt) error {
	kept := keptReceipt{Name: receiptID(crdt.Replica(r.Replica), uint64(r.N)), Kept: *r}
	return s.repeat(ctx, func() error {
		return s.call(ctx, "keeping a receipt", func(ctx context.Context) error {
			_, err := s.sure.Collection(receiptsName).ReplaceOne(ctx, bson.D{{Key: "_id", Value: kept.Name}}, kept, options.Replace().SetUpsert(true))
			return err
		})
	})
}

// delete takes away what a filter finds, and finds nothing to be no error.
func (s *Store) delete(ctx context.Context, collection string, filter bson.D) error {
	return s.repeat(ctx, func() error {
		return s.call(ctx, "deleting from "+collection, func(ctx context.Context) error {
			_, err := s.sure.Collection(collection).DeleteMany(ctx, filter)
			return err
		})
	})
}

// Floor implements [collections.Store].
func (s *Store) Floor(ctx context.Context) (collections.Position, error) {
	streams, err := s.knownStreams(ctx)
	if err != nil {
		return nil, err
	}
	floor := collections.Position{}
	for _, st := range streams {
		if st.Floor > 0 {
			floor[st.Name] = uint64(st.Floor)
		}
	}
	return floor, nil
}

// purgeStep is how many records go in one call.
const purgeStep = 500

// Purge implements [collections.Store].
func (s *Store) Purge(ctx context.Context, keys []collections.Key) error {
	ids := map[string][]string{}
	for _, key := range keys {
		ids[key.Type] = append(ids[key.Type], key.ID)
	}
	for typ, list := range ids {
		for start := 0; start < len(list); start += purgeStep {
			part := list[start:min(start+purgeStep, len(list))]
			if err := s.delete(ctx, recordsName(typ), bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: part}}}}); err != nil {
				return err
			}
		}
	}
	return nil
}
