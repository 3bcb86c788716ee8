package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

var _ collections.Loader = (*Store)(nil)

// loadStep is how many documents are written by one call, and loadEntries how many entries
// make a batch: who reads one of them reads all.
const (
	loadStep    = 100
	loadEntries = 100
)

// LoadPart implements [collections.Loader].
func (s *Store) LoadPart(ctx context.Context, part *collections.Part) error {
	write, err := s.newID()
	if err != nil {
		return err
	}
	l := &loader{s: s, ctx: ctx, write: write}
	if part.Kind == collections.PartEpoch {
		err = l.epoch(part.Epoch)
	}
	for _, load := range []func(*collections.Part) error{l.things, l.records, l.receipts, l.streams, l.entries} {
		if err == nil {
			err = load(part)
		}
	}
	if err != nil {
		return fmt.Errorf("mongo: load %s: %w", part.Kind, err)
	}
	return nil
}

// Loaded implements [collections.Loader]; there is nothing to do.
func (s *Store) Loaded(ctx context.Context) error { return ctx.Err() }

// loader loads one part.
type loader struct {
	s     *Store
	ctx   context.Context
	write string // the name of this write
}

func (l *loader) epoch(epoch string) error {
	if err := l.replace(factsName, "epoch", bson.D{{Key: "_id", Value: "epoch"}, {Key: "v", Value: epoch}}); err != nil {
		return err
	}
	l.s.epoch = epoch
	return nil
}

// replace writes one document whatever is there of it.
func (l *loader) replace(collection, id string, doc any) error {
	return l.bulk(collection, []driver.WriteModel{replacement(id, doc)})
}

func replacement(id string, doc any) driver.WriteModel {
	return driver.NewReplaceOneModel().SetFilter(bson.D{{Key: "_id", Value: id}}).SetReplacement(doc).SetUpsert(true)
}

// bulk writes documents; each may be written again.
func (l *loader) bulk(collection string, models []driver.WriteModel) error {
	for start := 0; start < len(models); start += loadStep {
		step := models[start:min(start+loadStep, len(models))]
		err := l.s.repeat(l.ctx, func() error {
			return l.s.callFor(l.ctx, l.s.listTimeout(), "loading "+collection, func(ctx context.Context) error {
				_, err := l.s.sure.Collection(collection).BulkWrite(ctx, step, options.BulkWrite().SetOrdered(false))
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) things(part *collections.Part) error {
	var models []driver.WriteModel
	add := func(w thingWrite) {
		models = append(models, replacement(w.ID, thing{ID: w.ID, Rev: w.Rev + 1, Write: l.write, Data: w.Data, Sum: w.sum()}))
	}
	for _, i := range part.Items {
		add(thingWrite{ID: itemID(i.Kind, i.Key), Rev: int64(i.Rev) - 1, Data: i.Data})
	}
	for i := range part.Replicas {
		w, err := replicaWrite(&part.Replicas[i])
		if err != nil {
			return err
		}
		w.Rev--
		add(w)
	}
	return l.bulk(thingsName, models)
}

func (l *loader) records(part *collections.Part) error {
	models := map[string][]driver.WriteModel{}
	for i := range part.Records {
		r := &part.Records[i]
		if err := l.s.ensureType(l.ctx, r.Type); err != nil {
			return err
		}
		kept, err := l.s.keep(r)
		if err != nil {
			return err
		}
		if err := l.s.fits(r, kept); err != nil {
			return err
		}
		kept.Write = l.write
		models[r.Type] = append(models[r.Type], replacement(r.ID, kept))
	}
	for typ, of := range models {
		if err := l.bulk(recordsName(typ), of); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) receipts(part *collections.Part) error {
	var models []driver.WriteModel
	for i := range part.Receipts {
		r := &part.Receipts[i]
		name := receiptID(r.Replica, r.N)
		models = append(models, replacement(name, keptReceipt{Name: name, Kept: receiptOf(r)}))
	}
	return l.bulk(receiptsName, models)
}

// streams makes streams known, and gives each a batch without entries to begin with: it
// says where the log begins, and in which term.
func (l *loader) streams(part *collections.Part) error {
	for _, st := range part.Streams {
		if err := l.replace(streamsName, st.Stream, streamDoc{Name: st.Stream, Floor: int64(st.Floor)}); err != nil {
			return err
		}
		newest, err := l.s.newestBatch(l.ctx, l.s.here, st.Stream)
		if err != nil {
			return err
		}
		if newest != nil {
			continue
		}
		first := &batch{Stream: st.Stream, B: 1, Term: int64(st.Term), First: int64(st.Floor) + 1, Last: int64(st.Floor)}
		if err := l.append(first, &content{}); err != nil {
			return err
		}
	}
	return nil
}

// append puts a batch at the end of a stream's log.
func (l *loader) append(b *batch, c *content) (err error) {
	b.Name = batchID(b.Stream, b.B)
	if b.ID, err = l.s.newID(); err != nil {
		return err
	}
	parts, err := l.s.pack(b, c)
	if err != nil {
		return err
	}
	if err := l.s.writeParts(l.ctx, parts); err != nil {
		return err
	}
	if err := l.s.insert(l.ctx, b); err != nil {
		return err
	}
	st := l.s.streamOf(b.Stream)
	st.mu.Lock()
	defer st.mu.Unlock()
	st.head = nil // the next commit looks where it ends
	return nil
}

// entries appends those that are not there yet, some to a batch.
func (l *loader) entries(part *collections.Part) error {
	if len(part.Entries) == 0 {
		return nil
	}
	stream := part.Entries[0].Stream
	if err := l.s.ensureStream(l.ctx, stream); err != nil {
		return err
	}
	newest, err := l.s.newestBatch(l.ctx, l.s.here, stream)
	if err != nil {
		return err
	}
	at := headOf(newest)
	for start := 0; start < len(part.Entries); start += loadEntries {
		entries := part.Entries[start:min(start+loadEntries, len(part.Entries))]
		seq := part.Seq + uint64(start)
		for len(entries) > 0 && int64(entries[0].N) <= at.last {
			entries, seq = entries[1:], seq+1
		}
		if len(entries) == 0 {
			continue
		}
		if int64(entries[0].N) != at.last+1 {
			return fmt.Errorf("entry %d of stream %q does not follow %d", entries[0].N, stream, at.last)
		}
		b, c := loadedBatch(stream, at, entries, seq)
		if err := l.append(b, c); err != nil {
			return err
		}
		at = headOf(b)
	}
	return nil
}

// loadedBatch makes the next batch of a stream of entries, of which seq come before in all
// streams.
func loadedBatch(stream string, at head, entries []collections.Entry, seq uint64) (*batch, *content) {
	b := &batch{
		Stream: stream, B: at.b + 1, Term: at.term, First: at.last + 1, Last: at.last + int64(len(entries)), Loaded: true,
	}
	c := &content{}
	marked := map[collections.Key]bool{}
	for i := range entries {
		e := &entries[i]
		c.Entries = append(c.Entries, entryOf(e))
		if e.Kind != collections.EntryChange {
			continue
		}
		key := collections.Key{Type: e.Type, ID: e.Change.Doc}
		if !marked[key] {
			b.Documents = append(b.Documents, loadedMark(key, seq))
		}
		marked[key] = true
	}
	return b, c
}

// loadedMark is the mark of entries that were loaded. To which revision their document had
// moved on by each is not known any more; the order in which they were loaded is, and is
// kept as a number below all revisions.
func loadedMark(key collections.Key, seq uint64) string {
	const most = 1<<44 - 1
	return documentPrefix(key.Type, key.ID) + fmt.Sprintf("-%011x", most-min(seq, most))
}

// dropLoaded takes away the receipts of accepted changes that were loaded beside a batch:
// in one that was committed they would go with it.
func (s *Store) dropLoaded(ctx context.Context, c *content) error {
	var names []string
	for i := range c.Entries {
		if c.Entries[i].Change == nil {
			continue
		}
		change, err := crdt.ParseChange(c.Entries[i].Change, changeLimits)
		if err != nil {
			return err
		}
		names = append(names, receiptID(change.Replica, change.N))
	}
	if len(names) == 0 {
		return nil
	}
	return s.delete(ctx, receiptsName, bson.D{
		{Key: "_id", Value: bson.D{{Key: "$in", Value: names}}}, {Key: "x.e", Value: bson.D{{Key: "$exists", Value: false}}}})
}
