package collections

import (
	"context"
	"slices"

	"github.com/fieldstack/fieldstack/crdt"
)

// trails say which of the entries that the feed has in memory are of which document and
// of which stream, so that what was written to one lately is found without looking at all
// that was: there it lies between what was written to all others. Entries are numbered
// as they came into memory.
type trails struct {
	kept    uint64                  // entries that were ever in memory
	of      map[Key][]uint64        // by document: its entries, oldest first
	streams map[string]*streamTrail // by name
}

// streamTrail has the entries of one stream, which are consecutive.
type streamTrail struct {
	first   uint64 // number of the oldest in its stream
	numbers []uint64
}

func keyOf(entry *Entry) (key Key, ok bool) {
	if entry.Kind != EntryChange {
		return Key{}, false
	}
	return Key{entry.Type, entry.Change.Doc}, true
}

// add notes the entry that is put in memory next.
func (t *trails) add(entry *Entry) {
	if t.of == nil {
		t.of, t.streams = map[Key][]uint64{}, map[string]*streamTrail{}
	}
	t.kept++
	stream := t.streams[entry.Stream]
	if stream == nil || stream.first+uint64(len(stream.numbers)) != entry.N {
		stream = &streamTrail{first: entry.N}
		t.streams[entry.Stream] = stream
	}
	stream.numbers = append(stream.numbers, t.kept)
	if key, ok := keyOf(entry); ok {
		t.of[key] = append(t.of[key], t.kept)
	}
}

// drop forgets the oldest entry, which memory lets go of.
func (t *trails) drop(entry *Entry) {
	if stream := t.streams[entry.Stream]; stream.first == entry.N {
		stream.first++
		stream.numbers = stream.numbers[1:]
	}
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

// number finds the entry at a place.
func (t *trails) number(place Place) (number uint64, has bool) {
	stream := t.streams[place.Stream]
	if stream == nil || place.N < stream.first || place.N-stream.first >= uint64(len(stream.numbers)) {
		return 0, false
	}
	return stream.numbers[place.N-stream.first], true
}

// index is where in recent an entry is; f.mu is held.
func (f *feed) index(number uint64) int {
	return len(f.recent) - 1 - int(f.trails.kept-number)
}

// trail gives the entries of a document that memory has, oldest first. f.mu is held.
func (f *feed) trail(key Key) []Entry {
	numbers := f.trails.of[key]
	entries := make([]Entry, len(numbers))
	for i, n := range numbers {
		entries[i] = f.recent[f.index(n)].Entry
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

// sinceOf calls do for a document's entries after a position that memory has, and says
// whether memory has them all.
func (f *feed) sinceOf(key Key, p Position, do func(*Entry)) (all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, entry := range f.trail(key) {
		if !p.reaches(entry.Place) {
			do(&entry)
		}
	}
	_, all = f.start(p)
	return all
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
