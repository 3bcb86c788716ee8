package collections

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
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
	b := &Batch{Stream: r.com.stream(), Term: r.com.term, Entries: r.entries, Records: r.records, Items: r.items}
	if len(b.Entries) > 0 {
		b.Entries[0].After = r.buildsOn()
	}
	for _, key := range slices.SortedFunc(maps.Keys(r.receipts), receiptKey.compare) {
		b.Receipts = append(b.Receipts, *r.receipts[key])
	}
	lasts := r.lastOfReplicas()
	for _, replica := range slices.Sorted(maps.Keys(r.replicas)) {
		state := *r.replicas[replica]
		state.Last = cmp.Or(lasts[replica], state.Last)
		b.Replicas = append(b.Replicas, state)
	}
	if r.state.self.N != r.com.state.self.N {
		r.state.self.Last = cmp.Or(lasts[r.state.self.Replica], r.state.self.Last)
		b.Replicas = append(b.Replicas, r.state.self)
	}
	return b
}

// lastOfReplicas is where each replica's last change of this round is in the log.
func (r *round) lastOfReplicas() map[crdt.Replica]Place {
	lasts := map[crdt.Replica]Place{}
	for i := range r.entries {
		if c := r.entries[i].Change; c != nil {
			lasts[c.Replica] = r.entries[i].Place
		}
	}
	return lasts
}

// buildsOn is what of other streams the round's entries build on, beyond what entries of
// this stream said before: the last entries of the documents and the replicas that they
// move on. What those build on stands with them.
func (r *round) buildsOn() Position {
	after := Position{}
	note := func(p Place) {
		if p.N > 0 && p.Stream != r.com.stream() && p.N > max(after[p.Stream], r.com.after[p.Stream]) {
			after[p.Stream] = p.N
		}
	}
	for _, w := range r.revised {
		if w.record != nil && w.last != nil {
			note(w.record.Last)
		}
	}
	for _, state := range r.replicas {
		note(state.Last)
	}
	if len(after) == 0 {
		return nil
	}
	return after
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
	if r.com.e.several() {
		return // the hold of the stream says it
	}
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
