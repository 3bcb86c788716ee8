package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
)

// stream is what a Store knows of a stream that it writes. One of its commits is under way
// at a time.
type stream struct {
	mu      sync.Mutex
	head    *head   // nil: look. Nobody else can have moved it without a commit of ours failing
	applied []int64 // numbers of batches that are still marked as open
}

// head is where a stream ends.
type head struct {
	b    int64 // of the last batch
	last int64 // of the last entry
	term int64
}

func headOf(newest *batch) head {
	if newest == nil {
		return head{}
	}
	return head{b: newest.B, last: newest.Last, term: newest.Term}
}

// takes reports whether a batch may come next.
func (h head) takes(b *collections.Batch) bool {
	n := uint64(h.last)
	for _, e := range b.Entries {
		if n++; e.N != n {
			return false
		}
	}
	return b.Term >= uint64(h.term)
}

// closeEvery is how many batches are applied before they are marked so, together.
const closeEvery = 16

// Commit implements [collections.Store]. What the batch writes besides records is locked
// first; the insertion of the batch into the log makes it true; then it is applied. Who
// finds it half applied finishes it: see lock.go.
func (s *Store) Commit(ctx context.Context, b *collections.Batch) error {
	c, waves, err := s.prepare(ctx, b)
	if err != nil {
		return err
	}
	st := s.streamOf(b.Stream)
	st.mu.Lock()
	defer st.mu.Unlock()
	next, err := s.enter(ctx, st, b, c)
	if err != nil {
		return err
	}
	if err := s.applyThings(ctx, next, c.Things); err != nil {
		st.head = nil // the next commit finishes it
		return err
	}
	if next.Open {
		s.applied(ctx, st, next)
	}
	stale, err := s.writeRecords(ctx, next.ID, waves)
	if err == nil && len(stale) > 0 {
		return &collections.StaleError{Keys: stale}
	}
	return err
}

// enter puts a batch into the log. A number that an empty batch took from it is no reason to
// give up: its entries still come next.
func (s *Store) enter(ctx context.Context, st *stream, b *collections.Batch, c *content) (*batch, error) {
	deadline := time.Now().Add(s.patience)
	for {
		next, parts, err := s.next(ctx, st, b, c)
		if err != nil {
			return nil, err
		}
		err = s.append(ctx, st, b, next, parts, c.Things)
		if !errors.Is(err, collections.ErrTaken) || time.Now().After(deadline) {
			return next, err
		}
	}
}

// applied notes that a batch was applied, and marks it with others now and then.
func (s *Store) applied(ctx context.Context, st *stream, b *batch) {
	if st.applied = append(st.applied, b.B); len(st.applied) < closeEvery {
		return
	}
	if err := s.closeBatches(ctx, b.Stream, st.applied); err != nil {
		s.log.WarnContext(ctx, "applied batches are not marked so yet", "error", err)
		return
	}
	st.applied = nil
}

// closeApplied marks what is applied before the Store ends.
func (s *Store) closeApplied(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, st := range s.streams {
		st.mu.Lock()
		if err := s.closeBatches(ctx, name, st.applied); err == nil {
			st.applied = nil
		}
		st.mu.Unlock()
	}
}

func (s *Store) streamOf(name string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[name]
	if st == nil {
		st = &stream{}
		s.streams[name] = st
	}
	return st
}

// prepare refuses what is the caller's mistake, and makes of the batch what is kept.
func (s *Store) prepare(ctx context.Context, b *collections.Batch) (*content, [][]recordWrite, error) {
	c := &content{}
	for i := range b.Entries {
		e := &b.Entries[i]
		if e.Stream != b.Stream {
			return nil, nil, fmt.Errorf("mongo: an entry of stream %q in a batch of stream %q", e.Stream, b.Stream)
		}
		if e.Kind == collections.EntryChange && (e.Change == nil || e.Change.Type != e.Type) {
			return nil, nil, fmt.Errorf("mongo: entry %d: its change is not of type %q", e.N, e.Type)
		}
		c.Entries = append(c.Entries, entryOf(e))
	}
	for i := range b.Receipts {
		c.Receipts = append(c.Receipts, receiptOf(&b.Receipts[i]))
	}
	var err error
	if c.Things, err = thingsOf(b); err != nil {
		return nil, nil, err
	}
	waves, err := s.prepareRecords(ctx, b.Records)
	return c, waves, err
}

// thingsOf are the items and replicas that a batch writes, each once.
func thingsOf(b *collections.Batch) ([]thingWrite, error) {
	var writes []thingWrite
	for i := range b.Replicas {
		w, err := replicaWrite(&b.Replicas[i])
		if err != nil {
			return nil, err
		}
		writes = append(writes, w)
	}
	for _, item := range b.Items {
		writes = append(writes, thingWrite{ID: itemID(item.Kind, item.Key), Rev: int64(item.Rev), Data: item.Data})
	}
	seen := map[string]bool{}
	for _, w := range writes {
		if seen[w.ID] {
			return nil, fmt.Errorf("mongo: a batch writes %q twice", w.ID)
		}
		if err := checkThing(&w); err != nil {
			return nil, err
		}
		seen[w.ID] = true
	}
	return writes, nil
}

// next makes the next batch of the stream, with parts for what does not fit into it;
// ErrTaken where the batch does not come next.
func (s *Store) next(ctx context.Context, st *stream, b *collections.Batch, c *content) (*batch, []part, error) {
	if st.head == nil || !st.head.takes(b) {
		if err := s.seek(ctx, st, b.Stream); err != nil {
			return nil, nil, err
		}
		if !st.head.takes(b) {
			return nil, nil, collections.ErrTaken
		}
	}
	id, err := s.newID()
	if err != nil {
		return nil, nil, err
	}
	n := st.head.b + 1
	next := &batch{
		Name: batchID(b.Stream, n), Stream: b.Stream, B: n, Term: int64(b.Term), ID: id, Open: len(c.Things) > 0,
		First: st.head.last + 1, Last: st.head.last + int64(len(b.Entries)), Documents: marksOf(b),
	}
	for _, r := range b.Receipts {
		next.Receipts = append(next.Receipts, receiptID(r.Replica, r.N))
	}
	parts, err := s.pack(next, c)
	return next, parts, err
}

// marksOf marks the documents that a batch's entries are about with the revision that each
// moves on to: it orders their entries over all streams, because a write builds on what
// it read.
func marksOf(b *collections.Batch) []string {
	revs := map[collections.Key]uint64{}
	for _, w := range b.Records {
		revs[w.Record.Key] = max(revs[w.Record.Key], w.Record.Rev)
	}
	var marks []string
	for _, e := range b.Entries {
		if e.Kind != collections.EntryChange {
			continue
		}
		key := collections.Key{Type: e.Type, ID: e.Change.Doc}
		marks = append(marks, documentMark(key.Type, key.ID, revs[key]))
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

// seek finds out where a stream ends, after finishing what of it was left half applied.
func (s *Store) seek(ctx context.Context, st *stream, name string) error {
	if err := s.ensureStream(ctx, name); err != nil {
		return err
	}
	if st.head == nil {
		if err := s.finish(ctx, name); err != nil {
			return err
		}
	}
	newest, err := s.newestBatch(ctx, s.here, name)
	if err != nil {
		return err
	}
	h := headOf(newest)
	st.head = &h
	return nil
}

// ensureStream makes a stream known.
func (s *Store) ensureStream(ctx context.Context, name string) error {
	return s.repeat(ctx, func() error {
		return s.call(ctx, "making a stream known", func(ctx context.Context) error {
			_, err := s.here.Collection(streamsName).UpdateOne(ctx, bson.D{{Key: "_id", Value: name}},
				bson.D{{Key: "$setOnInsert", Value: bson.D{{Key: "floor", Value: int64(0)}}}}, options.Update().SetUpsert(true))
			if driver.IsDuplicateKeyError(err) {
				return nil // two did at once
			}
			return err
		})
	})
}

// finish rolls forward what of a stream is open.
func (s *Store) finish(ctx context.Context, name string) error {
	var open []*batch
	err := s.look(ctx, "looking for batches that are half applied", func(ctx context.Context) error {
		found, err := s.here.Collection(logName).Find(ctx, bson.D{{Key: "open", Value: true}, {Key: "s", Value: name}},
			options.Find().SetSort(bson.D{{Key: "b", Value: 1}}))
		if err != nil {
			return err
		}
		open = nil
		return found.All(ctx, &open)
	})
	if err != nil {
		return err
	}
	for _, b := range open {
		if err := s.confirm(ctx, logName, b.this()); err != nil {
			return err
		}
		if err := s.rollForward(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// append makes a batch true: it locks what it writes, and puts it into the log.
func (s *Store) append(ctx context.Context, st *stream, b *collections.Batch, next *batch, parts []part, writes []thingWrite) error {
	mine := lock{Stream: next.Stream, B: next.B, Batch: next.ID}
	err := s.writeParts(ctx, parts)
	if err == nil && len(writes) > 0 {
		err = s.lockAll(ctx, next, writes)
	}
	if err != nil {
		// Nothing was asked of the log, so the batch never is.
		s.release(ctx, mine, writes)
		s.dropParts(ctx, next)
		return s.worse(ctx, st, b, err)
	}
	err = s.insert(ctx, next)
	switch {
	case err == nil:
		st.head = &head{b: next.B, last: next.Last, term: next.Term}
	case errors.Is(err, collections.ErrTaken):
		s.release(ctx, mine, writes)
		s.dropParts(ctx, next)
		st.head = nil
	default:
		st.head = nil // it may be in the log, or come yet: its locks stay
	}
	return err
}

// worse says that a stale batch was also late, where it was: whoever lost the stream is to
// hear that first.
func (s *Store) worse(ctx context.Context, st *stream, b *collections.Batch, failure error) error {
	if !errors.Is(failure, collections.ErrStale) {
		return failure
	}
	if err := s.seek(ctx, st, b.Stream); err == nil && !st.head.takes(b) {
		return collections.ErrTaken
	}
	return failure
}

// writeParts writes what does not fit into a batch's document, before it.
func (s *Store) writeParts(ctx context.Context, parts []part) error {
	for _, p := range parts {
		err := s.repeat(ctx, func() error {
			return s.call(ctx, "writing a part of a batch", func(ctx context.Context) error {
				_, err := s.here.Collection(partsName).ReplaceOne(ctx, bson.D{{Key: "_id", Value: p.Name}}, p, options.Replace().SetUpsert(true))
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// insert puts a batch into the log. Where no answer comes it looks who has the number: a
// batch is known by its id.
func (s *Store) insert(ctx context.Context, b *batch) error {
	return s.repeat(ctx, func() error {
		err := s.call(ctx, "writing the log", func(ctx context.Context) error {
			_, err := s.here.Collection(logName).InsertOne(ctx, b)
			return err
		})
		if err == nil {
			return nil
		}
		if !unknown(err) && !driver.IsDuplicateKeyError(err) {
			return err
		}
		there, found := s.findBatch(ctx, s.here, b.Stream, b.B)
		switch {
		case found != nil:
			return errors.Join(err, found)
		case there == nil:
			return err
		case there.ID != b.ID:
			return collections.ErrTaken
		}
		return s.confirm(ctx, logName, b.this())
	})
}
