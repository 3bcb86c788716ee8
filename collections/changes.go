package collections

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// touched is a document and what the log has of it in one page.
type touched struct {
	key     Key
	entries []Entry
}

// scanPages is how many pages of the log one answer goes through at most that hold
// nothing for its reader.
const scanPages = 20

// changes sends what the log has after the cursor. Its cost follows from what it
// reads there, not from how many documents there are.
func (p *pulling) changes(ctx context.Context) (more bool, err error) {
	if !p.seesAny() {
		p.at.Position = p.e.feed.position()
		return false, nil
	}
	for range scanPages {
		more, err = p.changesPage(ctx)
		if err != nil || !more || len(p.answer.Changes)+len(p.answer.Documents)+len(p.answer.Forget) > 0 {
			break
		}
	}
	return more, err
}

// seesAny reports whether there is a type of which the reader sees something: who only
// sends need not read what others sent.
func (p *pulling) seesAny() bool {
	return slices.ContainsFunc(p.e.reg.names(), func(name string) bool { return p.sight(name) != nil })
}

// changesPage sends what one page of the log has.
func (p *pulling) changesPage(ctx context.Context) (more bool, err error) {
	head := p.e.feed.position()
	entries, err := p.e.entries(ctx, p.at.Position, head, p.limit)
	if err != nil || len(entries) == 0 {
		return false, err
	}
	before := p.at.Position
	passing := p.passing(entries, before)
	entries = p.fitting(entries, passing)
	p.at.Position = maps.Clone(before)
	for i := range entries {
		p.at.Position[entries[i].Stream] = entries[i].N
	}
	docs := p.group(entries, passing)
	keys := make([]Key, len(docs))
	for i, d := range docs {
		keys[i] = d.key
	}
	records, err := p.e.store.Records(ctx, keys)
	if err != nil {
		return false, fmt.Errorf("collections: reading documents: %w", err)
	}
	for i, d := range docs {
		if records[i] == nil {
			return false, fmt.Errorf("collections: the log has %s/%s and the store does not", d.key.Type, d.key.ID)
		}
		if err := p.tell(ctx, d, records[i], before); err != nil {
			return false, err
		}
	}
	return head.after(p.at.Position), nil
}

// entries reads the log after a position, from memory if it is there, and nothing
// beyond head: what is behind it may not be in place yet.
func (e *Engine) entries(ctx context.Context, after, head Position, limit int) ([]Entry, error) {
	if !head.after(after) {
		return nil, nil
	}
	entries, ok := e.feed.after(after, limit)
	if !ok {
		var err error
		if entries, err = e.merged(ctx, after, head, limit); err != nil {
			return nil, fmt.Errorf("collections: reading the log: %w", err)
		}
	}
	known := entries[:0:0]
	for _, entry := range entries {
		if entry.N <= head[entry.Stream] {
			known = append(known, entry)
		}
	}
	return known, nil
}

// merged reads the log after a position and up to head from the store: at most limit
// entries of each stream, each entry after those that it builds on.
func (e *Engine) merged(ctx context.Context, after, head Position, limit int) (entries []Entry, err error) {
	at := maps.Clone(after)
	if at == nil {
		at = Position{}
	}
	pages := map[string][]Entry{}
	for stream, n := range head {
		if n <= at[stream] {
			continue
		}
		page, err := e.store.Log(ctx, stream, at[stream], limit)
		if err != nil {
			return nil, err
		}
		pages[stream] = upTo(page, n)
	}
	for moved := true; moved; {
		moved = false
		for _, stream := range slices.Sorted(maps.Keys(pages)) {
			for page := pages[stream]; len(page) > 0 && !page[0].After.after(at); page = pages[stream] {
				entries, at[stream], pages[stream], moved = append(entries, page[0]), page[0].N, page[1:], true
			}
		}
	}
	return entries[:min(limit, len(entries))], nil
}

// fitting cuts entries to what an answer should hold in bytes; one always fits.
func (p *pulling) fitting(entries []Entry, passing []bool) []Entry {
	size := 0
	for i := range entries {
		if c := entries[i].Change; c != nil && (passing == nil || !passing[i]) {
			size += len(crdt.AppendChange(nil, entries[i].Change))
		}
		if size > pullBytes && i > 0 {
			return entries[:i]
		}
	}
	return entries
}

// group sorts entries by document, those first that were touched first, and leaves
// out the types that the reader does not see, and documents that pass.
func (p *pulling) group(entries []Entry, passing []bool) []*touched {
	var docs []*touched
	at := map[Key]*touched{}
	for i, entry := range entries {
		if entry.Kind == EntryRules {
			p.regrant[entry.Type] = true
		}
		if entry.Kind != EntryChange || passing != nil && passing[i] || p.sight(entry.Type) == nil {
			continue
		}
		key := Key{entry.Type, entry.Change.Doc}
		d := at[key]
		if d == nil {
			d = &touched{key: key}
			at[key] = d
			docs = append(docs, d)
		}
		d.entries = append(d.entries, entry)
	}
	return docs
}

// tell sends what happened to one document: its changes where the reader surely has
// it, else the whole of it; that it is to be forgotten where the reader may have it and
// may not see it any more; and nothing where the reader never saw it.
//
// The reader surely has a document that it saw at the cursor and at every moment since.
// It is not enough to look at the cursor and at now: an earlier answer may have been
// ahead of its own cursor, because records are read as they are now.
func (p *pulling) tell(ctx context.Context, d *touched, record *Record, before Position) error {
	s := p.sight(d.key.Type)
	if s.watched == nil {
		return p.tellChanges(d, record, s)
	}
	value, err := valueOf(record)
	if err != nil {
		return err
	}
	moved, err := p.mayHaveMoved(ctx, d, record, s)
	if err != nil {
		return err
	}
	if !moved {
		p.e.glimpses.still(record, value, s, before[record.Last.Stream])
	}
	switch shows := s.shows.Match(value); {
	case shows && moved:
		return p.sendDocument(record, s)
	case shows:
		return p.tellChanges(d, record, s)
	case !moved:
		return nil
	}
	saw, err := p.saw(ctx, record, s, before)
	if saw || p.wroteIt(d) {
		p.answer.Forget = append(p.answer.Forget, d.key)
	}
	return err
}

// tellChanges sends a document's changes, or the whole of it where that is smaller or
// where a change is nothing without its hidden part.
func (p *pulling) tellChanges(d *touched, record *Record, s *sight) error {
	var wires []*ChangeWire
	var by []string
	var at []int64
	size := 0
	for _, entry := range d.entries {
		if entry.Change.Replica == p.own && p.sent[entry.Change.N] {
			continue
		}
		if p.e.floor.Load().N > 0 && has(entry.Change.Ops, crdt.OpCreate) {
			// The reader may still have a document of that id that is gone for good here.
			return p.sendDocument(record, s)
		}
		seen := redactChange(entry.Change, s.grant.Hidden)
		if seen == nil {
			return p.sendDocument(record, s)
		}
		wires, by, at = append(wires, &ChangeWire{seen}), append(by, entry.By), append(at, entry.At)
		size += len(crdt.AppendChange(nil, seen))
	}
	if len(wires) > 1 && size > wireSize(record.Value, record.Meta) {
		return p.sendDocument(record, s)
	}
	p.answer.Changes = append(p.answer.Changes, wires...)
	p.answer.By, p.answer.At = append(p.answer.By, by...), append(p.answer.At, at...)
	return nil
}

// wroteIt reports whether the reader itself is among the authors, and so has it.
func (p *pulling) wroteIt(d *touched) bool {
	return slices.ContainsFunc(d.entries, func(entry Entry) bool { return entry.Change.Replica == p.own })
}
