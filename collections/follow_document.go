package collections

import (
	"container/list"
	"context"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// followedDoc is a document as the log has made it up to where a follower is.
type followedDoc struct {
	doc   *crdt.Document
	value map[string]any
	upto  Place // entries of this stream up to here are in it
}

// passed reports whether the entry is in the document already.
func (d *followedDoc) passed(entry *Entry) bool {
	return entry.Stream == d.upto.Stream && entry.N <= d.upto.N || d.doc.Seen()[entry.Change.Replica] >= entry.Change.N
}

// followedDocs are the documents that a follower met last: who types into a record for
// an hour makes many changes, and its history is read once. As a follower reads the log
// without gaps, what it has is never behind.
type followedDocs struct {
	at    map[Key]*list.Element
	order *list.List // of *followedItem, the one met last in front
	bytes int        // of all, about
}

type followedItem struct {
	key   Key
	doc   *followedDoc
	bytes int
}

func newFollowedDocs() *followedDocs {
	return &followedDocs{at: map[Key]*list.Element{}, order: list.New()}
}

func (k *followedDocs) get(key Key) *followedDoc {
	if element := k.at[key]; element != nil {
		return element.Value.(*followedItem).doc
	}
	return nil
}

// keep remembers a document of about so many bytes, and lets go of those that were not
// met for long. The one met last always stays.
func (k *followedDocs) keep(key Key, doc *followedDoc, bytes int) {
	element := k.at[key]
	if element == nil {
		element = k.order.PushFront(&followedItem{key: key, doc: doc})
		k.at[key] = element
	}
	k.order.MoveToFront(element)
	item := element.Value.(*followedItem)
	k.bytes += bytes - item.bytes
	item.bytes = bytes
	for k.order.Len() > 1 && (k.order.Len() > followedKept || k.bytes > followBytes) {
		oldest := k.order.Remove(k.order.Back()).(*followedItem)
		delete(k.at, oldest.key)
		k.bytes -= oldest.bytes
	}
}

// document gives an entry's document as it was before it. Where history does not reach
// back as far any more it is the record as it is now; nil: there is none.
func (f *Follower) document(ctx context.Context, entry *Entry) (*followedDoc, error) {
	key := Key{entry.Type, entry.Change.Doc}
	if known := f.known.get(key); known != nil {
		return known, nil
	}
	for {
		from, err := f.e.base(ctx, key)
		if err != nil {
			return nil, err
		}
		doc, err := from.document()
		if err != nil {
			return nil, fmt.Errorf("collections: what the history of %s/%s builds on is damaged: %w", key.Type, key.ID, err)
		}
		told := &followedDoc{doc: doc, upto: Place{mainStream, from.N}}
		err = f.e.eachOfDocument(ctx, key, Place{}, func(earlier *Entry) (more bool, err error) {
			if earlier.Stream == entry.Stream && earlier.N >= entry.N {
				return false, nil
			}
			if !told.passed(earlier) {
				_, err = doc.Apply(earlier.Change)
			}
			return err == nil, err
		})
		now, again := f.e.base(ctx, key)
		switch {
		case again != nil:
			return nil, again
		case now.rev != from.rev:
			continue // folded meanwhile
		case from.has(entry.Place) || f.e.floor.Load().has(entry.Place):
			return f.asItIs(ctx, key)
		case err != nil:
			return nil, err
		}
		told.value = doc.Value()
		return told, nil
	}
}

// asItIs gives the record as it is now, as one that every entry so far is in.
func (f *Follower) asItIs(ctx context.Context, key Key) (*followedDoc, error) {
	record, err := f.e.store.Record(ctx, key.Type, key.ID)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("collections: read %s/%s: %w", key.Type, key.ID, err)
	}
	doc, err := crdt.Decode(record.Value, record.Meta)
	if err != nil {
		return nil, fmt.Errorf("collections: document %s/%s is damaged: %w", key.Type, key.ID, err)
	}
	return &followedDoc{doc: doc, value: doc.Value(), upto: record.Last}, nil
}

// isWrong reports whether a document needs attention for what it holds by itself.
func (f *Follower) isWrong(d *followedDoc, typ string) bool {
	if !d.doc.Exists() || d.doc.Deleted() {
		return false
	}
	return needsAttention(problemsOf(f.e.reg.latest(typ), d.doc), d.doc.Disagreements())
}

// alarm reports whether a document that did not need attention before an entry does
// after it, also for what only a look at other documents tells, if nothing came since.
func (f *Follower) alarm(ctx context.Context, d *followedDoc, entry *Entry, wasWrong bool) (bool, error) {
	if !f.options.Alarms || wasWrong || d.doc.Deleted() {
		return false, nil
	}
	if f.isWrong(d, entry.Type) {
		return true, nil
	}
	record, err := f.e.store.Record(ctx, entry.Type, entry.Change.Doc)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("collections: read %s/%s: %w", entry.Type, entry.Change.Doc, err)
	}
	return record.Attention && record.Last == entry.Place, nil
}
