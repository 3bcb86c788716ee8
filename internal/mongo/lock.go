package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
)

// A batch locks the things that it writes before it is put into the log, each on the
// revision it was read with: so nobody moves them on in between, and when the batch is
// true all that it holds is. A lock is not waited for long. Who wants what is locked
// finishes the work of the batch where it is in the log, and else puts an empty batch
// where it would have been: then it never is, and the lock is dead.

// lockAll locks what a batch writes; ErrStale where something moved on.
func (s *Store) lockAll(ctx context.Context, b *batch, writes []thingWrite) error {
	mine := lock{Stream: b.Stream, B: b.B, Batch: b.ID}
	deadline := time.Now().Add(s.patience)
	for {
		whole, err := s.lockOnce(ctx, mine, writes)
		if whole || err != nil && !unknown(err) {
			return err
		}
		blocked, open, found := s.lockState(ctx, mine, writes)
		switch {
		case found != nil:
			return found
		case blocked == nil && open == 0:
			return s.confirmLocks(ctx, err, mine, writes)
		case time.Now().After(deadline):
			return errBusy
		}
		if blocked != nil {
			// Who waits holds nothing, so that two never wait for one another.
			s.release(ctx, mine, writes)
			if err := s.resolve(ctx, blocked); err != nil {
				return err
			}
		}
	}
}

// confirmLocks makes sure of locks of which no answer came.
func (s *Store) confirmLocks(ctx context.Context, failure error, mine lock, writes []thingWrite) error {
	if failure == nil {
		return nil
	}
	for _, w := range writes {
		if err := s.confirm(ctx, thingsName, bson.D{{Key: "_id", Value: w.ID}, {Key: "l", Value: mine}}); err != nil {
			return err
		}
	}
	return nil
}

// lockOnce tries to lock what is not locked; true where it locked all.
func (s *Store) lockOnce(ctx context.Context, mine lock, writes []thingWrite) (whole bool, err error) {
	models := make([]driver.WriteModel, len(writes))
	for i, w := range writes {
		if w.Rev == 0 {
			models[i] = driver.NewInsertOneModel().SetDocument(thing{ID: w.ID, Lock: &mine})
			continue
		}
		models[i] = driver.NewUpdateOneModel().
			SetFilter(bson.D{{Key: "_id", Value: w.ID}, {Key: "r", Value: w.Rev}, free}).
			SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "l", Value: mine}}}})
	}
	err = s.call(ctx, "locking what a batch writes", func(ctx context.Context) error {
		result, err := s.things().BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		if onlyDuplicates(err) {
			return nil // lockState says of which
		}
		whole = err == nil && result.MatchedCount+result.InsertedCount == int64(len(writes))
		return err
	})
	return whole, err
}

// lockState finds out what is locked: a thing that another batch holds, or how many
// nobody does. ErrStale where one moved on.
func (s *Store) lockState(ctx context.Context, mine lock, writes []thingWrite) (blocked *thing, open int, err error) {
	things, err := s.findThings(ctx, writes)
	if err != nil {
		return nil, 0, err
	}
	for _, w := range writes {
		t := things[w.ID]
		switch {
		case t != nil && t.Lock != nil && *t.Lock != mine:
			blocked = t // its batch may be true, and the revision with it another
		case revOf(t) != w.Rev:
			return nil, 0, collections.ErrStale
		case t == nil || t.Lock == nil:
			open++
		}
	}
	return blocked, open, nil
}

// findThings reads the things that writes are about as they are stored, by name.
func (s *Store) findThings(ctx context.Context, writes []thingWrite) (map[string]*thing, error) {
	names := make(bson.A, len(writes))
	for i, w := range writes {
		names[i] = w.ID
	}
	var found []thing
	err := s.look(ctx, "reading what a batch writes", func(ctx context.Context) error {
		cursor, err := s.here.Collection(thingsName).Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: names}}}},
			options.Find().SetProjection(bson.D{{Key: "x", Value: 0}}))
		if err != nil {
			return err
		}
		found = nil
		return cursor.All(ctx, &found)
	})
	things := map[string]*thing{}
	for i := range found {
		things[found[i].ID] = &found[i]
	}
	return things, err
}

// release lets go of what a batch that is not in the log, and will not be, has locked. What
// it cannot let go of is found dead by whoever wants it next.
func (s *Store) release(ctx context.Context, dead lock, writes []thingWrite) {
	var models []driver.WriteModel
	for _, w := range writes {
		held := bson.D{{Key: "_id", Value: w.ID}, {Key: "r", Value: w.Rev}, {Key: "l.i", Value: dead.Batch}}
		models = append(models, letGo(held, w.Rev))
	}
	if len(models) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	err := s.call(ctx, "letting go of what a batch locked", func(ctx context.Context) error {
		_, err := s.things().BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		return err
	})
	if err != nil {
		s.log.WarnContext(ctx, "locks of a batch that is not in the log stay until somebody wants them", "stream", dead.Stream, "batch", dead.B, "error", err)
	}
}

// letGo takes a lock away, with the thing where there is nothing but the lock.
func letGo(held bson.D, rev int64) driver.WriteModel {
	if rev == 0 {
		return driver.NewDeleteOneModel().SetFilter(held)
	}
	return driver.NewUpdateOneModel().SetFilter(held).SetUpdate(bson.D{{Key: "$unset", Value: bson.D{{Key: "l", Value: ""}}}})
}

// resolve waits until a thing is not locked as it was seen any more, and takes the lock away
// where that lasts.
func (s *Store) resolve(ctx context.Context, seen *thing) error {
	deadline := time.Now().Add(s.lockWait)
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, 200*time.Millisecond) {
		t, err := s.findThing(ctx, s.here, seen.ID)
		if err != nil {
			return err
		}
		if t == nil || t.Lock == nil || *t.Lock != *seen.Lock {
			return nil
		}
		b, err := s.findBatch(ctx, s.here, t.Lock.Stream, t.Lock.B)
		if err != nil {
			return err
		}
		if b != nil {
			return s.settle(ctx, t, b)
		}
		if time.Now().After(deadline) {
			if err := s.void(ctx, t); err != nil {
				return err
			}
			continue
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

// settle ends a lock of which b is the batch that its number has.
func (s *Store) settle(ctx context.Context, t *thing, b *batch) error {
	if s.server.Replicated() { // what it may be is decided only when the majority has it
		if err := s.confirm(ctx, logName, b.this()); err != nil {
			return err
		}
	}
	if b.ID == t.Lock.Batch && b.Open {
		return s.rollForward(ctx, b)
	}
	return s.bury(ctx, t)
}

// bury takes a dead lock away.
func (s *Store) bury(ctx context.Context, t *thing) error {
	return s.repeat(ctx, func() error {
		return s.call(ctx, "taking a dead lock away", func(ctx context.Context) error {
			held := bson.D{{Key: "_id", Value: t.ID}, {Key: "r", Value: t.Rev}, {Key: "l.i", Value: t.Lock.Batch}}
			_, err := s.things().BulkWrite(ctx, []driver.WriteModel{letGo(held, t.Rev)})
			return err
		})
	})
}

// void puts an empty batch where the batch of a lock would have been. Its writer, if it
// lives, finds the number taken and nothing of its batch written.
func (s *Store) void(ctx context.Context, t *thing) error {
	newest, err := s.newestBatch(ctx, s.here, t.Lock.Stream)
	if err != nil {
		return err
	}
	head := headOf(newest)
	if head.b >= t.Lock.B {
		if b, err := s.findBatch(ctx, s.here, t.Lock.Stream, t.Lock.B); b != nil || err != nil {
			return err // it came just now
		}
		return s.bury(ctx, t) // what had its number was trimmed
	}
	id, err := s.newID()
	if err != nil {
		return err
	}
	b := &batch{
		Name: batchID(t.Lock.Stream, t.Lock.B), Stream: t.Lock.Stream, B: t.Lock.B, Term: head.term,
		First: head.last + 1, Last: head.last, ID: id,
	}
	s.log.WarnContext(ctx, "a batch did not come: its number is taken from it", "stream", b.Stream, "batch", b.B, "held", t.ID)
	err = s.repeat(ctx, func() error {
		return s.call(ctx, "voiding a batch", func(ctx context.Context) error {
			_, err := s.here.Collection(logName).InsertOne(ctx, b)
			return err
		})
	})
	if driver.IsDuplicateKeyError(err) && !concernFailed(err) {
		return nil
	}
	return err
}

// rollForward does what a batch of the log has to do to things, and closes it. Whoever
// comes by may do it, and more than one: it is done once.
func (s *Store) rollForward(ctx context.Context, b *batch) error {
	c, err := s.contentOf(ctx, b)
	if err != nil {
		return err
	}
	if err := s.applyThings(ctx, b, c.Things); err != nil {
		return err
	}
	return s.closeBatches(ctx, b.Stream, []int64{b.B})
}

// applyThings writes the things of a batch that is in the log.
func (s *Store) applyThings(ctx context.Context, b *batch, writes []thingWrite) error {
	if len(writes) == 0 {
		return nil
	}
	models := make([]driver.WriteModel, len(writes))
	for i := range writes {
		w := &writes[i]
		held := bson.D{{Key: "_id", Value: w.ID}, {Key: "r", Value: w.Rev}, {Key: "l.i", Value: b.ID}}
		models[i] = driver.NewUpdateOneModel().SetFilter(held).SetUpdate(w.set(b.ID))
	}
	return s.repeat(ctx, func() error {
		return s.call(ctx, "applying a batch", func(ctx context.Context) error {
			_, err := s.things().BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
			return err
		})
	})
}

// closeBatches marks batches of a stream of which all is applied.
func (s *Store) closeBatches(ctx context.Context, stream string, numbers []int64) error {
	if len(numbers) == 0 {
		return nil
	}
	filter := bson.D{{Key: "s", Value: stream}, {Key: "b", Value: bson.D{{Key: "$in", Value: numbers}}}}
	return s.repeat(ctx, func() error {
		return s.call(ctx, "closing batches", func(ctx context.Context) error {
			_, err := s.here.Collection(logName).UpdateMany(ctx, filter, bson.D{{Key: "$unset", Value: bson.D{{Key: "open", Value: ""}}}})
			return err
		})
	})
}
