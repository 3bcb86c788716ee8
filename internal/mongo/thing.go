package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

// thing is an item or a replica's state: what is written only on the revision that it
// was read with.
type thing struct {
	ID    string `bson:"_id"`
	Rev   int64  `bson:"r"`           // 0: only a lock, there is nothing yet
	Write string `bson:"w,omitempty"` // the write that made this revision
	Data  []byte `bson:"x,omitempty"`
	Sum   int64  `bson:"c,omitempty"`
	Lock  *lock  `bson:"l,omitempty"`
}

// lock says that a batch is about to write the thing. The batch is true as soon as it is
// in the log, and with it what it writes here.
type lock struct {
	Stream string `bson:"s"`
	B      int64  `bson:"b"`
	Batch  string `bson:"i"` // its id
}

// thingWrite is what a batch does to a thing.
type thingWrite struct {
	ID   string `bson:"k"`
	Rev  int64  `bson:"r"` // before
	Data []byte `bson:"x"`
}

// set is the update that does a write, and takes the lock away.
func (w *thingWrite) set(write string) bson.D {
	return bson.D{
		{Key: "$set", Value: bson.D{{Key: "r", Value: w.Rev + 1}, {Key: "w", Value: write}, {Key: "x", Value: w.Data}, {Key: "c", Value: w.sum()}}},
		{Key: "$unset", Value: bson.D{{Key: "l", Value: ""}}},
	}
}

// sum is the checksum of the thing that the write makes.
func (w *thingWrite) sum() int64 { return sum([]byte(w.ID), number(w.Rev+1), w.Data) }

// verify finds a thing as it was written.
func (t *thing) verify() error {
	if t.Rev > 0 && t.Sum != sum([]byte(t.ID), number(t.Rev), t.Data) {
		return damaged("%q of collection %s", t.ID, thingsName)
	}
	return nil
}

// free is the part of a filter that no lock is there.
var free = bson.E{Key: "l", Value: bson.D{{Key: "$exists", Value: false}}}

func (s *Store) things() *driver.Collection { return s.sure.Collection(thingsName) }

// thing reads one thing as it is true now; ErrNotFound.
func (s *Store) thing(ctx context.Context, id string) (*thing, error) {
	for {
		t, err := s.findThing(ctx, s.sure, id)
		if err != nil {
			return nil, err
		}
		if t == nil {
			return nil, collections.ErrNotFound
		}
		seen, err := s.seen(ctx, t)
		if err != nil {
			return nil, err
		}
		if !seen {
			continue
		}
		if t.Rev == 0 {
			return nil, collections.ErrNotFound
		}
		return t, t.verify()
	}
}

// findThing reads a thing as it is stored; nil where it is not there.
func (s *Store) findThing(ctx context.Context, in *driver.Database, id string) (*thing, error) {
	var t *thing
	err := s.look(ctx, "reading "+id, func(ctx context.Context) error {
		t = new(thing)
		return in.Collection(thingsName).FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(t)
	})
	if errors.Is(err, driver.ErrNoDocuments) {
		return nil, nil
	}
	return t, err
}

// seen reads around a lock: where its batch is in the log, t becomes what the batch makes
// of it. It is false where the lock was let go of meanwhile: then t is to be read anew.
func (s *Store) seen(ctx context.Context, t *thing) (bool, error) {
	if t.Lock == nil {
		return true, nil
	}
	b, err := s.findBatch(ctx, s.sure, t.Lock.Stream, t.Lock.B)
	switch {
	case err != nil:
		return false, err
	case b != nil && b.ID != t.Lock.Batch:
		return true, nil // a dead lock says nothing
	case b != nil && b.Open:
		return true, s.seenIn(ctx, t, b)
	}
	// The same lock once more: its batch was not in the log when it was looked for, or
	// the lock came after all of the batch was done.
	again, err := s.findThing(ctx, s.sure, t.ID)
	if err != nil {
		return false, err
	}
	return again != nil && again.Lock != nil && *again.Lock == *t.Lock, nil
}

// seenIn makes t what a batch makes of it.
func (s *Store) seenIn(ctx context.Context, t *thing, b *batch) error {
	content, err := s.contentOf(ctx, b)
	if err != nil {
		return err
	}
	for i := range content.Things {
		if w := &content.Things[i]; w.ID == t.ID && w.Rev == t.Rev {
			t.Rev, t.Data, t.Sum = w.Rev+1, w.Data, w.sum()
		}
	}
	return nil
}

// Item implements [collections.Store].
func (s *Store) Item(ctx context.Context, kind, key string) (*collections.Item, error) {
	t, err := s.thing(ctx, itemID(kind, key))
	if err != nil {
		return nil, err
	}
	return &collections.Item{Kind: kind, Key: key, Rev: uint64(t.Rev), Data: t.Data}, nil
}

// Items implements [collections.Store].
func (s *Store) Items(ctx context.Context, kind, after string, limit int) ([]collections.Item, error) {
	if limit < 1 {
		return nil, fmt.Errorf("mongo: a limit is at least 1, not %d", limit)
	}
	prefix := itemPrefix(kind)
	var items []collections.Item
	for from := prefix + after; len(items) < limit; {
		page, err := s.thingsAfter(ctx, from, afterPrefix(prefix), limit-len(items))
		if err != nil || len(page) == 0 {
			return items, err
		}
		for i := range page {
			key := page[i].ID[len(prefix):]
			item, err := s.listed(ctx, &page[i], kind, key)
			if err != nil {
				return nil, err
			}
			if item != nil {
				items = append(items, *item)
			}
		}
		from = page[len(page)-1].ID
	}
	return items, nil
}

// listed is an item of a list as it is true; nil where there is none after all.
func (s *Store) listed(ctx context.Context, t *thing, kind, key string) (*collections.Item, error) {
	if t.Lock != nil {
		item, err := s.Item(ctx, kind, key)
		if errors.Is(err, collections.ErrNotFound) {
			return nil, nil
		}
		return item, err
	}
	return &collections.Item{Kind: kind, Key: key, Rev: uint64(t.Rev), Data: t.Data}, t.verify()
}

func (s *Store) thingsAfter(ctx context.Context, after, before string, limit int) (page []thing, err error) {
	err = s.call(ctx, "listing items", func(ctx context.Context) error {
		filter := bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}, {Key: "$lt", Value: before}}}}
		o := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(limit))
		found, err := s.things().Find(ctx, filter, o)
		if err != nil {
			return err
		}
		return found.All(ctx, &page)
	})
	return page, err
}

// maxThing is how large an item may be: with its name it is one document.
const maxThing = 15 << 20

// checkThing refuses what no document can hold.
func checkThing(w *thingWrite) error {
	if len(w.Data)+len(w.ID) > maxThing {
		return fmt.Errorf("mongo: item %.100q takes %d bytes, and can have %d", w.ID, len(w.Data), maxThing)
	}
	return nil
}

// PutItem implements [collections.Store].
func (s *Store) PutItem(ctx context.Context, item collections.Item) error {
	w := &thingWrite{ID: itemID(item.Kind, item.Key), Rev: int64(item.Rev), Data: item.Data}
	if err := checkThing(w); err != nil {
		return err
	}
	write, err := s.newID()
	if err != nil {
		return err
	}
	deadline := time.Now().Add(s.patience)
	for {
		done, err := s.put(ctx, w, write)
		if done || err != nil && !unknown(err) {
			return err
		}
		// What became of it can be seen: the write carries its name.
		t, found := s.findThing(ctx, s.here, w.ID)
		if found != nil {
			return errors.Join(err, found)
		}
		if t != nil && t.Write == write {
			return s.confirm(ctx, thingsName, bson.D{{Key: "_id", Value: w.ID}, {Key: "w", Value: write}})
		}
		if t != nil && t.Lock != nil {
			if err := s.resolve(ctx, t); err != nil {
				return err
			}
		} else if rev := revOf(t); rev != w.Rev {
			return collections.ErrStale
		}
		if time.Now().After(deadline) {
			return errors.Join(err, errBusy)
		}
	}
}

// errBusy is for who waited long and to no avail.
var errBusy = errors.New("mongo: others write the same all the time")

// revOf is the revision of a thing that may not be there.
func revOf(t *thing) int64 {
	if t == nil {
		return 0
	}
	return t.Rev
}

// put writes a thing that nobody holds; false where it is not there as the write wants it.
func (s *Store) put(ctx context.Context, w *thingWrite, write string) (done bool, err error) {
	err = s.call(ctx, "writing "+w.ID, func(ctx context.Context) error {
		if w.Rev == 0 {
			_, err := s.things().InsertOne(ctx, thing{ID: w.ID, Rev: 1, Write: write, Data: w.Data, Sum: w.sum()})
			done = err == nil
			if driver.IsDuplicateKeyError(err) && !concernFailed(err) {
				return nil
			}
			return err
		}
		filter := bson.D{{Key: "_id", Value: w.ID}, {Key: "r", Value: w.Rev}, free}
		result, err := s.things().UpdateOne(ctx, filter, w.set(write))
		done = err == nil && result.MatchedCount > 0
		return err
	})
	return done, err
}

// DeleteItem implements [collections.Store].
func (s *Store) DeleteItem(ctx context.Context, kind, key string) error {
	id := itemID(kind, key)
	for deadline := time.Now().Add(s.patience); time.Now().Before(deadline); {
		err := s.repeat(ctx, func() error {
			return s.call(ctx, "deleting "+id, func(ctx context.Context) error {
				_, err := s.things().DeleteOne(ctx, bson.D{{Key: "_id", Value: id}, free})
				return err
			})
		})
		if err != nil {
			return err
		}
		t, err := s.findThing(ctx, s.here, id)
		if err != nil || t == nil || t.Lock == nil {
			return err
		}
		if err := s.resolve(ctx, t); err != nil {
			return err
		}
	}
	return errBusy
}

// replicaData is a replica's state as it is kept.
type replicaData struct {
	User       string `bson:"u"`
	N          int64  `bson:"n"`
	Stamp      int64  `bson:"t"`
	Seen       int64  `bson:"s"`
	LastStream string `bson:"ls,omitempty"`
	LastN      int64  `bson:"ln,omitempty"`
}

func replicaWrite(r *collections.ReplicaState) (thingWrite, error) {
	data, err := bson.Marshal(replicaData{
		User: r.User, N: int64(r.N), Stamp: int64(r.Stamp), Seen: r.Seen, LastStream: r.Last.Stream, LastN: int64(r.Last.N)})
	return thingWrite{ID: replicaID(r.Replica), Rev: int64(r.Rev), Data: data}, err
}

// Replica implements [collections.Store].
func (s *Store) Replica(ctx context.Context, replica crdt.Replica) (*collections.ReplicaState, error) {
	t, err := s.thing(ctx, replicaID(replica))
	if err != nil {
		return nil, err
	}
	return t.replica(replica)
}

// replica is the state that a thing keeps of a replica.
func (t *thing) replica(replica crdt.Replica) (*collections.ReplicaState, error) {
	var d replicaData
	if err := bson.Unmarshal(t.Data, &d); err != nil {
		return nil, damaged("replica %s", replica)
	}
	return &collections.ReplicaState{
		Replica: replica, Rev: uint64(t.Rev), User: d.User, N: uint64(d.N), Stamp: crdt.Time(d.Stamp), Seen: d.Seen,
		Last: collections.Place{Stream: d.LastStream, N: uint64(d.LastN)},
	}, nil
}
