package collections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/crdt"
)

// kindBase is the kind of the items that keep a document as it was before the oldest
// entry that the log still has of it, by type and id. History is read upon it. Only
// documents that are older than the floor and were written to since have one.
const kindBase = "base"

// base is a document at a place in the log.
type base struct {
	N     uint64          `json:"n"`  // it holds the document's entries up to here
	At    int64           `json:"at"` // ms since 1970 UTC: history before this was folded away
	Value json.RawMessage `json:"value"`
	Meta  []byte          `json:"meta"`

	rev uint64 // of the item; 0: there is none, and the log has all of the document
}

func baseKey(key Key) string { return key.Type + "/" + key.ID }

// base reads what the document's log builds on; nothing when the log has all of it.
func (e *Engine) base(ctx context.Context, key Key) (*base, error) {
	item, err := e.store.Item(ctx, kindBase, baseKey(key))
	if errors.Is(err, ErrNotFound) {
		return &base{}, nil
	}
	b := &base{}
	if err == nil {
		b.rev = item.Rev
		err = json.Unmarshal(item.Data, b)
	}
	if err != nil {
		return nil, fmt.Errorf("collections: reading what the history of %s/%s builds on: %w", key.Type, key.ID, err)
	}
	return b, nil
}

// at is when the oldest history that the log still has begins.
func (b *base) at() int64 {
	if b == nil {
		return 0
	}
	return b.At
}

// document gives the document at the base's place. The caller owns it.
func (b *base) document() (*crdt.Document, error) {
	if b.rev == 0 {
		return crdt.NewDocument(), nil
	}
	return crdt.Decode(b.Value, b.Meta)
}

// has reports whether the base's document holds an entry.
func (b *base) has(p Place) bool { return p.Stream == mainStream && p.N <= b.N }

// item gives the item that keeps b in the place of what is there.
func (b *base) item(key Key) Item {
	data, err := json.Marshal(b)
	if err != nil {
		panic("collections: a base is always JSON: " + err.Error())
	}
	return Item{Kind: kindBase, Key: baseKey(key), Rev: b.rev, Data: data}
}

// keepBase keeps a document as it is stored, before the round writes to it for the
// first time since the floor passed its last entry: that entry will be gone from the log.
func (r *round) keepBase(w *working) error {
	if w.record == nil || w.last == nil || r.state.floor.N == 0 || !r.state.floor.has(w.record.Last) {
		return nil
	}
	b, err := r.com.e.base(r.ctx, w.key)
	if err != nil {
		return err
	}
	if b.rev > 0 && b.N >= w.record.Last.N {
		return nil // it was kept, and the record was not written: the server stopped
	}
	b.N, b.At, b.Value, b.Meta = w.record.Last.N, w.record.Updated, w.record.Value, w.record.Meta
	r.item(b.item(w.key))
	return nil
}
