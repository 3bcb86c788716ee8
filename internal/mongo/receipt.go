package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// keptReceipt is the receipt of a refused change whose batch was trimmed.
type keptReceipt struct {
	Name string  `bson:"_id"` // receiptID
	Kept receipt `bson:"x"`
}

// Receipt implements [collections.Store]. It is in the batch that gave it.
func (s *Store) Receipt(ctx context.Context, replica crdt.Replica, n uint64) (*collections.Receipt, error) {
	name := receiptID(replica, n)
	b, err := s.oneBatchNewest(ctx, bson.D{{Key: "rk", Value: name}})
	if err != nil {
		return nil, err
	}
	if b != nil {
		if r, err := s.receiptIn(ctx, b, name); r != nil || err != nil {
			return r, err
		}
	}
	var kept keptReceipt
	err = s.call(ctx, "reading a receipt", func(ctx context.Context) error {
		return s.sure.Collection(receiptsName).FindOne(ctx, bson.D{{Key: "_id", Value: name}}).Decode(&kept)
	})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, collections.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return kept.Kept.receipt()
}

// receiptIn gives the last receipt of that name in a batch; nil where it has none.
func (s *Store) receiptIn(ctx context.Context, b *batch, name string) (*collections.Receipt, error) {
	c, err := s.contentOf(ctx, b)
	if err != nil {
		return nil, err
	}
	for i := len(c.Receipts) - 1; i >= 0; i-- {
		r := &c.Receipts[i]
		if receiptID(crdt.Replica(r.Replica), uint64(r.N)) == name {
			return r.receipt()
		}
	}
	return nil, nil
}

// oneBatchNewest reads the newest batch that a filter finds; nil where there is none.
func (s *Store) oneBatchNewest(ctx context.Context, filter bson.D) (*batch, error) {
	b := new(batch)
	err := s.call(ctx, "reading the log", func(ctx context.Context) error {
		return s.sure.Collection(logName).FindOne(ctx, filter, options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})).Decode(b)
	})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return b, err
}
