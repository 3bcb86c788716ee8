package mongo

import (
	"cmp"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"

	"github.com/fieldstack/fieldstack/crdt"
)

// receipts gives those in batches, stream by stream, and then those that are kept by
// themselves. One that is in several places is given where Receipt finds it.
func (d *dumpPage) receipts() error {
	if !d.at.Kept {
		known, err := d.s.knownStreams(d.ctx)
		if err != nil {
			return err
		}
		slices.SortFunc(known, func(a, b streamDoc) int { return cmp.Compare(a.Name, b.Name) })
		for _, st := range known {
			if st.Name < d.at.In {
				continue
			}
			if st.Name != d.at.In {
				d.at = dumpMark{In: st.Name}
			}
			if err := d.receiptsOf(st.Name); err != nil || d.more {
				return err
			}
		}
		d.at, d.more = dumpMark{Kept: true}, true
		return nil
	}
	return d.keptReceipts()
}

// batchesPerPage is how many batches are read for a page of receipts.
const batchesPerPage = 100

// receiptsOf gives the receipts of the next batches of a stream.
func (d *dumpPage) receiptsOf(stream string) error {
	var batches []*batch
	err := d.s.callFor(d.ctx, d.s.listTimeout(), "reading the log", func(ctx context.Context) error {
		batches = nil
		found, err := d.s.sure.Collection(logName).Find(ctx,
			bson.D{{Key: "s", Value: stream}, {Key: "b", Value: bson.D{{Key: "$gt", Value: d.at.B}}}},
			options.Find().SetSort(bson.D{{Key: "b", Value: 1}}).SetLimit(batchesPerPage).SetProjection(bson.D{{Key: "d", Value: 0}}))
		if err != nil {
			return err
		}
		return found.All(ctx, &batches)
	})
	if err != nil {
		return err
	}
	d.more = len(batches) == batchesPerPage
	newest, err := d.newestWith(batches)
	if err != nil {
		return err
	}
	for _, b := range batches {
		d.at.B = b.B
		if len(b.Receipts) == 0 {
			continue
		}
		c, err := d.s.contentOf(d.ctx, b)
		if err != nil {
			return err
		}
		last := map[string]*receipt{}
		for i := range c.Receipts {
			r := &c.Receipts[i]
			last[receiptID(crdt.Replica(r.Replica), uint64(r.N))] = r
		}
		for name, r := range last {
			if newest[name] != b.Name {
				continue
			}
			back, err := r.receipt()
			if err != nil {
				return err
			}
			d.part.Receipts = append(d.part.Receipts, *back)
		}
	}
	return nil
}

// newestWith says of each receipt that some batches have which batch is the newest that
// has it: that is where it is read.
func (d *dumpPage) newestWith(batches []*batch) (map[string]string, error) {
	var names []string
	for _, b := range batches {
		names = append(names, b.Receipts...)
	}
	return d.s.newestOf(d.ctx, names)
}

func (s *Store) newestOf(ctx context.Context, names []string) (map[string]string, error) {
	newest := map[string]string{}
	if len(names) == 0 {
		return newest, nil
	}
	err := s.callFor(ctx, s.listTimeout(), "looking for receipts", func(ctx context.Context) error {
		found, err := s.sure.Collection(logName).Find(ctx, bson.D{{Key: "rk", Value: bson.D{{Key: "$in", Value: names}}}},
			options.Find().SetProjection(bson.D{{Key: "rk", Value: 1}}))
		if err != nil {
			return err
		}
		var batches []batch
		if err := found.All(ctx, &batches); err != nil {
			return err
		}
		for _, b := range batches {
			for _, name := range b.Receipts {
				newest[name] = max(newest[name], b.Name)
			}
		}
		return nil
	})
	return newest, err
}

// keptReceipts gives those that are in no batch.
func (d *dumpPage) keptReceipts() error {
	var page []keptReceipt
	err := d.s.callFor(d.ctx, d.s.listTimeout(), "reading receipts", func(ctx context.Context) error {
		page = nil
		found, err := d.s.sure.Collection(receiptsName).Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: d.at.After}}}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(int64(d.limit)))
		if err != nil {
			return err
		}
		return found.All(ctx, &page)
	})
	if err != nil {
		return err
	}
	d.more = len(page) == d.limit
	names := make([]string, len(page))
	for i := range page {
		names[i] = page[i].Name
	}
	inBatches, err := d.s.newestOf(d.ctx, names)
	if err != nil {
		return err
	}
	for i := range page {
		d.at.After = page[i].Name
		if inBatches[page[i].Name] != "" {
			continue
		}
		back, err := page[i].Kept.receipt()
		if err != nil {
			return err
		}
		d.part.Receipts = append(d.part.Receipts, *back)
	}
	return nil
}
