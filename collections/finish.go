package collections

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

// empty reports whether a finished round has nothing to commit: repeats change
// nothing, and so may a second look at a document.
func (r *round) empty() bool {
	parts := len(r.purged) + len(r.entries) + len(r.records) + len(r.receipts) + len(r.replicas) + len(r.items) + len(r.after)
	return parts == 0 && r.state.self.N == r.com.state.self.N
}

// finish turns the documents that moved on into records, each with what the latest
// version of its type, and the other documents, find wrong with it. Looking at one may
// touch others, which then follow.
func (r *round) finish() error {
	r.holders = r.findHolders()
	for i := 0; i < len(r.revised); i++ {
		if err := r.record(r.revised[i]); err != nil {
			return err
		}
	}
	for _, w := range r.revised {
		if w.unmoved() {
			continue
		}
		r.records = append(r.records, RecordWrite{Base: w.next.Rev - 1, Record: *w.next})
	}
	r.writeSerials()
	r.markLevel()
	r.settleRefused()
	return nil
}

// record makes the record of a document.
func (r *round) record(w *working) error {
	next := Record{Key: w.key}
	if w.record != nil {
		next = *w.record
	}
	next.Rev++
	next.Value, next.Meta = w.doc.Encode()
	next.Deleted = w.doc.Deleted()
	next.Words = schema.RecordWords(w.doc.Value())
	if w.record == nil {
		next.Created, next.CreatedBy = w.first.At, w.first.By
	}
	if w.last != nil {
		next.Updated, next.UpdatedBy, next.Last = w.last.At, w.last.By, w.last.Place
	}
	w.next = &next
	if err := r.keepBase(w); err != nil {
		return err
	}
	return r.inspect(w)
}

// unmoved reports whether a document that was only looked at again is as it was found.
func (w *working) unmoved() bool {
	return w.last == nil && !w.folded && w.record != nil && w.record.Version == w.next.Version &&
		slices.EqualFunc(w.record.Problems, w.next.Problems, schema.Problem.Equal)
}

// batch is what the round commits.
func (r *round) batch() *Batch {
	b := &Batch{Stream: mainStream, Entries: r.entries, Records: r.records, Items: r.items}
	for _, key := range slices.SortedFunc(maps.Keys(r.receipts), receiptKey.compare) {
		b.Receipts = append(b.Receipts, *r.receipts[key])
	}
	for _, replica := range slices.Sorted(maps.Keys(r.replicas)) {
		b.Replicas = append(b.Replicas, *r.replicas[replica])
	}
	if r.state.self.N != r.com.state.self.N {
		b.Replicas = append(b.Replicas, r.state.self)
	}
	return b
}

// compare orders receipts by replica and number: the same round, the same batch.
func (k receiptKey) compare(other receiptKey) int {
	if c := cmp.Compare(k.replica, other.replica); c != 0 {
		return c
	}
	return cmp.Compare(k.n, other.n)
}

// markLevel remembers now and then how far records and log are level: up to where
// this round began, because the one before it was finished whole.
func (r *round) markLevel() {
	base := r.com.state.head
	if due := len(r.entries) > 0 && base-r.state.level >= levelEvery; !due && !r.levels {
		return
	}
	data, err := json.Marshal(levelMark{N: base})
	if err != nil {
		panic("collections: a level mark is always JSON: " + err.Error())
	}
	r.item(Item{Kind: kindEngine, Key: keyLevel, Rev: r.state.mark, Data: data})
	r.state.level, r.state.mark = base, r.state.mark+1
}
