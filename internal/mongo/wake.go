package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	driver "go.mongodb.org/mongo-driver/mongo"

	"github.com/fieldstack/fieldstack/collections"
)

var _ collections.Waker = (*Store)(nil)

// watched are the changes that somebody may be waiting for: batches, and what is known of
// who holds which stream.
var watched = driver.Pipeline{{{Key: "$match", Value: bson.D{{Key: "$or", Value: bson.A{
	bson.D{{Key: "ns.coll", Value: logName}, {Key: "operationType", Value: "insert"}},
	bson.D{{Key: "ns.coll", Value: thingsName}, {Key: "documentKey._id", Value: primitive.Regex{Pattern: "^i/stream/"}}},
}}}}}, {{Key: "$project", Value: bson.D{{Key: "_id", Value: 1}}}}}

// Wake implements [collections.Waker] by a change stream, where the server has them: a
// replica set or a sharded cluster. One that breaks off is begun again from now; do is
// called for what may have come in between.
func (s *Store) Wake(ctx context.Context, do func()) error {
	if !s.server.Replicated() {
		return collections.ErrNoWake
	}
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		began := time.Now()
		err := s.watch(ctx, do)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if time.Since(began) > time.Minute {
			wait = time.Second
		}
		s.log.WarnContext(ctx, "a change stream broke off", "again in", wait, "error", err)
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// watch follows a change stream until it breaks off.
func (s *Store) watch(ctx context.Context, do func()) error {
	changes, err := s.sure.Watch(ctx, watched)
	if err != nil {
		return err
	}
	defer changes.Close(context.WithoutCancel(ctx))
	do()
	for changes.Next(ctx) {
		do()
	}
	return changes.Err()
}
