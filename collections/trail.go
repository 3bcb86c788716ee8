package collections

import (
	"context"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// trails say which of the entries that the feed has in memory are of which document, so
// that what was written to one lately is found without reading the log: there it lies
// between what was written to all others.
type trails struct {
	kept uint64           // entries that were ever in memory
	of   map[Key][]uint64 // by document: its entries, numbered by kept, oldest first
}

func keyOf(entry *Entry) (key Key, ok bool) {
	if entry.Kind != EntryChange {
		return Key{}, false
	}
	return Key{entry.Type, entry.Change.Doc}, true
}

// add notes the entry that is put in memory next.
func (t *trails) add(entry *Entry) {
	t.kept++
	key, ok := keyOf(entry)
	if !ok {
		return
	}
	if t.of == nil {
		t.of = map[Key][]uint64{}
	}
	t.of[key] = append(t.of[key], t.kept)
}

// drop forgets the oldest entry, which memory lets go of.
func (t *trails) drop(entry *Entry) {
	key, ok := keyOf(entry)
	if !ok {
		return
	}
	if rest := t.of[key][1:]; len(rest) > 0 {
		t.of[key] = rest
		return
	}
	delete(t.of, key)
}

// trail gives the entries of a document that memory has, oldest first. f.mu is held.
func (f *feed) trail(key Key) []Entry {
	numbers := f.trails.of[key]
	entries := make([]Entry, len(numbers))
	first := f.trails.kept - uint64(len(f.recent)) + 1
	for i, n := range numbers {
		entries[i] = f.recent[n-first].Entry
	}
	return entries
}

// ofDocument gives a document's entries after a place, if memory surely has them all. It
// does not know how places of several streams follow on each other, so with these it has
// none.
func (f *feed) ofDocument(key Key, after Place) (entries []Entry, all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.head) > 1 || len(f.recent) == 0 || f.recent[0].N > after.N+1 {
		return nil, false
	}
	entries = f.trail(key)
	return slices.DeleteFunc(entries, func(entry Entry) bool { return entry.N <= after.N }), true
}

// sinceCreation gives all entries of a document that was created so lately that memory
// has them.
func (f *feed) sinceCreation(record *Record) (entries []Entry, all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.head) > 1 {
		return nil, false
	}
	entries = f.trail(record.Key)
	if len(entries) == 0 || f.recent[0].At >= record.Created || entries[0].At != record.Created || entries[0].By != record.CreatedBy || !has(entries[0].Change.Ops, crdt.OpCreate) {
		return nil, false
	}
	return entries, true
}

// laterOfDocument is eachOfDocument, from memory where that has all.
func (e *Engine) laterOfDocument(ctx context.Context, key Key, after Place, do func(*Entry) (more bool, err error)) error {
	entries, all := e.feed.ofDocument(key, after)
	if !all {
		return e.eachOfDocument(ctx, key, after, do)
	}
	return eachOf(entries, do)
}

func eachOf(entries []Entry, do func(*Entry) (more bool, err error)) error {
	for i := range entries {
		if more, err := do(&entries[i]); err != nil || !more {
			return err
		}
	}
	return nil
}
