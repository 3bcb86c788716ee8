package mongo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
)

// History implements [collections.Store]. Batches are marked with the documents that their
// entries are about; a mark says to which revision the document moved on, and so which of
// two batches of different streams built on the other. A place of another document's entry
// stands for this document's first entry after it in its stream.
func (s *Store) History(ctx context.Context, typ, id string, after collections.Place, limit int) ([]collections.Entry, error) {
	if limit < 1 {
		return nil, fmt.Errorf("mongo: a limit is at least 1, not %d", limit)
	}
	if _, err := s.Record(ctx, typ, id); err != nil {
		if errors.Is(err, collections.ErrNotFound) {
			err = nil
		}
		return nil, err
	}
	batches, err := s.batchesOf(ctx, typ, id)
	if err != nil {
		return nil, err
	}
	floors, err := s.Floor(ctx)
	if err != nil {
		return nil, err
	}
	h := &documentReader{s: s, ctx: ctx, typ: typ, id: id, floors: floors, after: after, limit: limit}
	h.past = after.N <= floors[after.Stream]
	return h.read(batches)
}

// markedBatch is where a batch stands in the history of one document.
type markedBatch struct {
	Name   string   `bson:"_id"`
	Stream string   `bson:"s"`
	B      int64    `bson:"b"`
	Last   int64    `bson:"last"`
	Marks  []string `bson:"d"`

	order int64 // the revision that the document had moved on to
}

// batchesOf finds the batches with entries about a document, in the order of its history.
func (s *Store) batchesOf(ctx context.Context, typ, id string) ([]markedBatch, error) {
	prefix := documentPrefix(typ, id)
	marked := bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: afterPrefix(prefix)}}}}
	var found []markedBatch
	err := s.callFor(ctx, s.listTimeout(), "reading a history", func(ctx context.Context) error {
		cursor, err := s.sure.Collection(logName).Find(ctx, bson.D{{Key: "d", Value: marked}},
			options.Find().SetProjection(bson.D{{Key: "s", Value: 1}, {Key: "b", Value: 1}, {Key: "last", Value: 1}, {Key: "d", Value: 1}}))
		if err != nil {
			return err
		}
		return cursor.All(ctx, &found)
	})
	if err != nil {
		return nil, err
	}
	// A server may give batches whose marks only begin alike.
	found = slices.DeleteFunc(found, func(b markedBatch) bool { return !b.marked(prefix) })
	for i := range found {
		found[i].marked(prefix)
	}
	slices.SortFunc(found, func(a, b markedBatch) int { return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.B, b.B)) })
	for i := 1; i < len(found); i++ { // in its stream, what comes later is later
		if found[i].Stream == found[i-1].Stream {
			found[i].order = max(found[i].order, found[i-1].order)
		}
	}
	slices.SortStableFunc(found, func(a, b markedBatch) int { return cmp.Compare(a.order, b.order) })
	return found, nil
}

// marked reads the order out of the mark that begins with a prefix; false where there is none.
func (b *markedBatch) marked(prefix string) bool {
	for _, mark := range b.Marks {
		rest, ok := strings.CutPrefix(mark, prefix)
		if !ok || len(rest) != 12 {
			continue
		}
		if order, err := strconv.ParseInt(rest, 16, 64); err == nil {
			b.order = order
			return true
		}
	}
	return false
}

// documentReader reads the entries of one document out of batches.
type documentReader struct {
	s       *Store
	ctx     context.Context
	typ, id string
	floors  collections.Position
	after   collections.Place
	limit   int

	past  bool // after is behind
	found []collections.Entry
}

// read reads batches until there are enough entries. Those before the place are not read
// at all.
func (h *documentReader) read(batches []markedBatch) ([]collections.Entry, error) {
	for _, m := range batches {
		if uint64(m.Last) <= h.floors[m.Stream] || !h.past && (m.Stream != h.after.Stream || uint64(m.Last) < h.after.N) {
			continue
		}
		b, err := h.s.findBatch(h.ctx, h.s.sure, m.Stream, m.B)
		if err != nil {
			return nil, err
		}
		if b == nil {
			continue // trimmed just now
		}
		if err := h.take(b); err != nil {
			return nil, err
		}
		if len(h.found) == h.limit {
			break
		}
	}
	return h.found, nil
}

// take takes what a batch has of the document after the place.
func (h *documentReader) take(b *batch) error {
	c, err := h.s.contentOf(h.ctx, b)
	if err != nil {
		return err
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		if collections.EntryKind(e.Kind) != collections.EntryChange || e.Type != h.typ || uint64(e.N) <= h.floors[b.Stream] {
			continue
		}
		entry, err := e.entry(b.Stream)
		if err != nil {
			return err
		}
		if entry.Change.Doc != h.id || len(h.found) == h.limit {
			continue
		}
		if !h.past && entry.N <= h.after.N {
			h.past = entry.Place == h.after
			continue
		}
		h.past = true
		h.found = append(h.found, entry)
	}
	return nil
}
