package mongo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
)

var _ collections.Dumper = (*Store)(nil)

// dumpBytes is how large the records of one part of a dump may be together.
const dumpBytes = 4 << 20

// dumpMark is where a page of a dump ended.
type dumpMark struct {
	In    string `json:"in,omitempty"` // a collection of records; the stream of a batch
	After string `json:"after,omitempty"`
	B     int64  `json:"b,omitempty"`
	Kept  bool   `json:"kept,omitempty"` // of the receipts, those in batches were given
}

// dumpPage reads one page of a dump.
type dumpPage struct {
	s     *Store
	ctx   context.Context
	at    dumpMark
	limit int
	part  *collections.Part
	more  bool
}

// DumpPart implements [collections.Dumper].
func (s *Store) DumpPart(ctx context.Context, kind collections.PartKind, after string, limit int) (*collections.Part, string, error) {
	d := &dumpPage{s: s, ctx: ctx, limit: limit, part: &collections.Part{Kind: kind}}
	if after != "" {
		if err := json.Unmarshal([]byte(after), &d.at); err != nil {
			return nil, "", fmt.Errorf("mongo: dump: the mark cannot be read: %w", err)
		}
	}
	read := map[collections.PartKind]func(d *dumpPage) error{
		collections.PartItems: (*dumpPage).items, collections.PartRecords: (*dumpPage).records,
		collections.PartReplicas: (*dumpPage).replicas, collections.PartReceipts: (*dumpPage).receipts,
		collections.PartStreams: (*dumpPage).streams,
	}[kind]
	if read == nil {
		return nil, "", fmt.Errorf("mongo: dump: there is no kind %q", kind)
	}
	if err := read(d); err != nil {
		return nil, "", fmt.Errorf("mongo: dump %s: %w", kind, err)
	}
	if !d.more {
		return d.part, "", nil
	}
	next, err := json.Marshal(d.at)
	return d.part, string(next), err
}

// unescape reads what escape wrote.
func unescape(name string) (string, error) { return url.PathUnescape(name) }

// things reads a page of the things whose names begin with a prefix, as they are true.
func (d *dumpPage) things(prefix string, f func(t *thing) error) error {
	page, err := d.s.thingsAfter(d.ctx, max(d.at.After, prefix), afterPrefix(prefix), d.limit)
	if err != nil {
		return err
	}
	d.more = len(page) == d.limit
	for i := range page {
		t := &page[i]
		d.at.After = t.ID
		if t.Lock != nil {
			if t, err = d.s.thing(d.ctx, t.ID); err == collections.ErrNotFound {
				continue
			}
			if err != nil {
				return err
			}
		}
		if err := t.verify(); err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
	}
	return nil
}

func (d *dumpPage) items() error {
	return d.things("i/", func(t *thing) error {
		kind, key, _ := strings.Cut(strings.TrimPrefix(t.ID, "i/"), "/")
		kind, err := unescape(kind)
		d.part.Items = append(d.part.Items, collections.Item{Kind: kind, Key: key, Rev: uint64(t.Rev), Data: t.Data})
		return err
	})
}

func (d *dumpPage) replicas() error {
	return d.things("r/", func(t *thing) error {
		id, err := strconv.ParseUint(strings.TrimPrefix(t.ID, "r/"), 16, 64)
		if err != nil {
			return damaged("%q of collection %s", t.ID, thingsName)
		}
		state, err := t.replica(crdt.Replica(id))
		if err == nil {
			d.part.Replicas = append(d.part.Replicas, *state)
		}
		return err
	})
}

// recordCollections lists the collections of records.
func (s *Store) recordCollections(ctx context.Context) (names []string, err error) {
	err = s.look(ctx, "listing collections", func(ctx context.Context) error {
		names, err = s.sure.ListCollectionNames(ctx, bson.D{})
		return err
	})
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, recordsPrefix) })
	slices.Sort(names)
	return names, err
}

// records reads the collections one after the other.
func (d *dumpPage) records() error {
	names, err := d.s.recordCollections(d.ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if name < d.at.In {
			continue
		}
		if name != d.at.In {
			d.at = dumpMark{In: name}
		}
		if err := d.recordsIn(name); err != nil || d.more {
			return err
		}
	}
	return nil
}

func (d *dumpPage) recordsIn(collection string) error {
	typ := ""
	if escaped := strings.TrimPrefix(collection, recordsPrefix); escaped != "%" {
		var err error
		if typ, err = unescape(escaped); err != nil {
			return err
		}
	}
	filter := bson.D{}
	if d.at.After != "" {
		filter = bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: d.at.After}}}}
	}
	return d.s.callFor(d.ctx, d.s.listTimeout(), "reading records", func(ctx context.Context) error {
		found, err := d.s.sure.Collection(collection).Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).
			SetLimit(int64(d.limit)).SetProjection(bson.D{{Key: "k", Value: 0}, {Key: "w", Value: 0}}))
		if err != nil {
			return err
		}
		defer found.Close(ctx)
		size, read := 0, 0
		for found.Next(ctx) {
			kept := new(record)
			if err := found.Decode(kept); err != nil {
				return err
			}
			r, err := d.s.back(typ, kept)
			if err != nil {
				return err
			}
			d.part.Records = append(d.part.Records, *r)
			d.at.After = kept.ID
			read++
			if size += len(r.Value) + len(r.Meta); size >= dumpBytes {
				d.more = true
				return nil
			}
		}
		d.more = read == d.limit
		return found.Err()
	})
}

func (d *dumpPage) streams() error {
	known, err := d.s.knownStreams(d.ctx)
	if err != nil {
		return err
	}
	for _, st := range known {
		newest, err := d.s.newestBatch(d.ctx, d.s.sure, st.Name)
		if err != nil {
			return err
		}
		state := collections.StreamState{Stream: st.Name, Floor: uint64(st.Floor), Term: uint64(headOf(newest).term)}
		if state.Floor > 0 || state.Term > 0 {
			d.part.Streams = append(d.part.Streams, state)
		}
	}
	return nil
}

// DumpSize implements [collections.Dumper]. An entry counts for its receipt, too.
func (s *Store) DumpSize(ctx context.Context) (n int64, err error) {
	names, err := s.recordCollections(ctx)
	if err != nil {
		return 0, err
	}
	for _, name := range append(names, thingsName, receiptsName) {
		err := s.look(ctx, "counting", func(ctx context.Context) error {
			found, err := s.sure.Collection(name).EstimatedDocumentCount(ctx)
			n += found
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	head, err := s.Head(ctx)
	if err != nil {
		return 0, err
	}
	floor, err := s.Floor(ctx)
	for stream, at := range head {
		n += 2 * int64(at-floor[stream])
	}
	return n, err
}
