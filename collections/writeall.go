package collections

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Write is one of a batch: added (Value whole), modified (Value is a patch) or removed.
type Write struct {
	ID     string
	Value  map[string]any
	From   map[string]any // of a patch: what its author began with, see [Engine.PatchFrom]; nil: what is there now
	Remove bool
	Modify bool
	Drawn  bool // the ID is one that [Engine.NewID] gave for this write, so that none is there
}

// WriteResult is what became of one Write. Document is nil where it was removed, or is
// out of the writer's sight now.
type WriteResult struct {
	ID       string    `json:"id"`
	Document *Document `json:"document,omitempty"`
	Error    *Error    `json:"error,omitempty"`
}

// WriteAll does many writes of one type, sharing commits; the result has one
// document or error for each, in order. One that is refused does not stop the others.
func (e *Engine) WriteAll(ctx context.Context, a Actor, typ string, writes []Write) ([]WriteResult, error) {
	if len(writes) > MaxChanges {
		return nil, Errorf(TooLarge, "", "A batch takes at most %d writes: send the rest with the next one.", MaxChanges)
	}
	if _, err := e.grant(a, typ); err != nil {
		return nil, err
	}
	keys, err := e.writeKeys(typ, writes)
	if err != nil {
		return nil, err
	}
	made := e.creations(keys, writes)
	results, docs := make([]WriteResult, len(writes)), make([]*working, len(writes))
	err = e.commit(ctx, toRead(keys, writes), func(r *round) error {
		for i, w := range writes {
			if w.fresh() {
				r.begin(keys[i])
			}
			results[i] = WriteResult{ID: keys[i].ID}
			to, err := r.write(a, keys[i], w, made[i])
			docs[i] = to
			if err != nil && !errors.As(err, &results[i].Error) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range results {
		if results[i].Error != nil || writes[i].Remove {
			continue
		}
		if results[i].Document, err = e.written(a, docs[i]); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// writeKeys names the documents of writes, with new ids for those that are added and
// have none.
func (e *Engine) writeKeys(typ string, writes []Write) ([]Key, error) {
	keys := make([]Key, len(writes))
	for i, w := range writes {
		keys[i] = Key{typ, w.ID}
		if w.fresh() && w.ID == "" {
			id, err := e.newID()
			if err != nil {
				return nil, err
			}
			keys[i].ID = id
		}
	}
	return keys, nil
}

// fresh reports whether the write makes a document whose id is drawn for it, so that
// there is none to be read.
func (w *Write) fresh() bool { return (w.ID == "" || w.Drawn) && !w.Modify && !w.Remove }

// toRead leaves out the documents that cannot be there yet.
func toRead(keys []Key, writes []Write) []Key {
	var there []Key
	for i := range writes {
		if !writes[i].fresh() {
			there = append(there, keys[i])
		}
	}
	return there
}

// write does one write in a round; made is what it creates, if it does.
func (r *round) write(a Actor, key Key, w Write, made creation) (*working, error) {
	switch {
	case !isUUID(key.ID):
		if w.Modify || w.Remove {
			return nil, notFound(key.ID)
		}
		return nil, Errorf(Invalid, "id", "A record's id is a UUID in lower case; %q is none. Leave it out to get one.", shorten(key.ID))
	case w.Remove:
		return r.draft(a, key, func(d *drafting) error {
			if !d.to.doc.Deleted() {
				d.edit().Delete()
			}
			return nil
		})
	case w.Modify:
		return r.draft(a, key, func(d *drafting) error { return d.patchAll(w.Value, w.From) })
	}
	return r.create(a, key, made, w.Value)
}

// NewID makes an id for a record that is about to be made.
func (e *Engine) NewID() (string, error) { return e.newID() }

// newID makes a UUIDv7 (RFC 9562): ids made one after the other sort that way.
func (e *Engine) newID() (string, error) {
	return e.ids.next(e.now(), e.random)
}

// ids makes document ids that sort in the order they are made, also within one
// millisecond and when the clock steps back: the 12 bits after the milliseconds count
// (RFC 9562, section 6.2, method 1), and carry into them. The zero value is ready; safe
// for concurrent use, though its random source need not be.
type ids struct {
	mu   sync.Mutex
	last uint64 // milliseconds << 12 | count of the id before
}

func (s *ids) next(now time.Time, random io.Reader) (string, error) {
	var b [16]byte
	s.mu.Lock()
	_, err := io.ReadFull(random, b[8:])
	s.last = max(s.last+1, uint64(now.UnixMilli())<<12)
	at := s.last
	s.mu.Unlock()
	if err != nil {
		return "", fmt.Errorf("collections: drawing an id: %w", err)
	}
	binary.BigEndian.PutUint64(b[:8], at>>12<<16|0x7000|at&0xfff)
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:], nil
}
