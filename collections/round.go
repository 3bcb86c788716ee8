package collections

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/fieldstack/fieldstack/crdt"
)

// round is what the members of one commit have made up so far: what they read sees
// what those before them wrote. It belongs to the committer's goroutine.
type round struct {
	com   *committer
	ctx   context.Context // for reads of the store
	now   int64           // ms since 1970 UTC, the same for all of the round
	state committed       // as it will be

	docs    map[Key]*working
	revised []*working // to be written, in the order they were first touched

	entries  []Entry
	receipts map[receiptKey]*Receipt
	replicas map[crdt.Replica]*ReplicaState
	items    []Item
	refused  map[string]*keptRefusal // of this round, by the keys of their items
	numbered map[string]bool         // of state.serials: those that moved
	purged   map[Key]bool            // documents that go for good, before all else is written; true: each with its base
	levels   bool                    // mark the records level with the log, however little came since
	holders  *holders                // made by finish
	records  []RecordWrite           // made by finish

	after  []func()
	later  []*job
	counts Stats
	moves  int // counts what was changed, so that a failed job can be told from a harmful one
}

// receiptKey names a receipt.
type receiptKey struct {
	replica crdt.Replica
	n       uint64
}

// working is one document in a round.
type working struct {
	key    Key
	record *Record        // as stored; nil: there is none. Read only
	doc    *crdt.Document // as it will be; changed through the round only

	before      map[string]any // the value as stored
	valid       *Type          // the version under which doc was found valid as it is, nil: not looked at
	grown       int            // bytes of the changes this round tried on it
	revised     bool
	folded      bool            // its meta is written anew, though nothing came
	first, last *Entry          // of this round's entries about it; nil: none
	next        *Record         // made by finish
	inspected   bool            // next has its problems
	again       bool            // it is looked at again, as if it had come or gone just now
	yields      map[string]bool // unique fields, as JSON Pointers, whose value is another's
}

// newRound reads what the jobs said they want.
func newRound(c *committer, jobs []*job) *round {
	r := &round{
		com: c, ctx: c.ctx, now: c.e.now().UnixMilli(), state: c.state,
		docs: map[Key]*working{}, receipts: map[receiptKey]*Receipt{}, replicas: map[crdt.Replica]*ReplicaState{},
		numbered: map[string]bool{}, refused: map[string]*keptRefusal{}, purged: map[Key]bool{},
	}
	r.state.serials = maps.Clone(c.state.serials)
	if c.e.several() {
		// Other servers count on too, and nothing is stamped before what they wrote.
		clear(r.state.serials)
		r.state.clock.Observe(c.e.tail.latest())
	}
	var keys []Key
	asked := map[Key]bool{}
	for _, j := range jobs {
		for _, key := range j.keys {
			if !asked[key] {
				asked[key] = true
				keys = append(keys, key)
			}
		}
	}
	r.fetch(keys)
	return r
}

// fetch reads many documents at once, to save time. What cannot be read is left out:
// whoever wants it asks again, and the error is theirs alone.
func (r *round) fetch(keys []Key) {
	if len(keys) == 0 {
		return
	}
	records, err := r.com.e.store.Records(r.ctx, keys)
	if err != nil {
		return
	}
	for i, key := range keys {
		_, _ = r.take(key, records[i])
	}
}

// take makes a stored record a document of the round; nil: there is none.
func (r *round) take(key Key, record *Record) (*working, error) {
	if w := r.docs[key]; w != nil {
		return w, nil
	}
	w := &working{key: key, record: record, doc: crdt.NewDocument()}
	if record != nil {
		doc, err := crdt.Decode(record.Value, record.Meta)
		if err != nil {
			return nil, fmt.Errorf("collections: document %s/%s is damaged: %w", key.Type, key.ID, err)
		}
		w.doc, w.before = doc, doc.Value()
		if record.Last.Stream != r.com.stream() {
			// Another server wrote it, by another clock: what comes now comes after it.
			r.state.clock.Observe(crdt.NewTime(record.Updated+1, 0))
		}
	}
	r.docs[key] = w
	return w, nil
}

// document gives a document as this round has it; one that is not there is an empty
// one with a nil record.
func (r *round) document(key Key) (*working, error) {
	if w := r.docs[key]; w != nil {
		return w, nil
	}
	record, err := r.com.e.store.Record(r.ctx, key.Type, key.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("collections: reading %s/%s: %w", key.Type, key.ID, err)
	}
	return r.take(key, record)
}

// begin gives the round a document that is known not to be there.
func (r *round) begin(key Key) {
	if r.docs[key] == nil {
		r.docs[key] = &working{key: key, doc: crdt.NewDocument()}
	}
}

// revise makes the round write the document anew, with the problems that the latest
// version of its type finds in it, though no change came: after a publication.
func (r *round) revise(key Key) error {
	w, err := r.document(key)
	if err == nil && w.record != nil {
		r.touch(w)
	}
	return err
}

// touch puts a document on the list of those to be written.
func (r *round) touch(w *working) {
	r.moves++
	if !w.revised {
		w.revised = true
		r.revised = append(r.revised, w)
	}
}

// wrote notes that an entry of the log is about a document.
func (r *round) wrote(w *working, entry *Entry) {
	r.touch(w)
	if w.first == nil {
		w.first = entry
	}
	w.last = entry
}

// entry appends a line to the log; the round fills in Place and, where it is zero, At.
func (r *round) entry(entry Entry) *Entry {
	r.moves++
	r.state.head++
	entry.Place = Place{Stream: r.com.stream(), N: r.state.head}
	if entry.At == 0 {
		entry.At = r.now
	}
	r.entries = append(r.entries, entry)
	return &entry
}

// item writes an item in the same commit, as Store.PutItem would.
func (r *round) item(item Item) {
	r.moves++
	r.items = append(r.items, item)
}

// then calls do in the committer's goroutine once the round is durable, before any
// reader hears of it: the place to swap the registry.
func (r *round) then(do func()) {
	r.moves++
	r.after = append(r.after, do)
}

// receipt finds what became of a change, in this round or before it; ErrNotFound.
func (r *round) receipt(replica crdt.Replica, n uint64) (*Receipt, error) {
	if receipt := r.receipts[receiptKey{replica, n}]; receipt != nil {
		return receipt, nil
	}
	return r.com.e.store.Receipt(r.ctx, replica, n)
}

// remember keeps a receipt.
func (r *round) remember(receipt Receipt) {
	r.moves++
	r.receipts[receiptKey{receipt.Replica, receipt.N}] = &receipt
}

// replica gives a copy of what is known of a replica; one that never wrote has only
// its name.
func (r *round) replica(replica crdt.Replica) (ReplicaState, error) {
	if state := r.replicas[replica]; state != nil {
		return *state, nil
	}
	state, err := r.com.e.store.Replica(r.ctx, replica)
	switch {
	case errors.Is(err, ErrNotFound):
		return ReplicaState{Replica: replica}, nil
	case err != nil:
		return ReplicaState{}, fmt.Errorf("collections: reading replica %s: %w", replica, err)
	}
	return *state, nil
}

// move keeps where a replica is now.
func (r *round) move(state ReplicaState) {
	r.moves++
	r.replicas[state.Replica] = &state
}
