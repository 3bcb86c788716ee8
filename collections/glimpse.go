package collections

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/fieldstack/fieldstack/crdt"
)

// A glimpse is what a condition needs of a document: the fields that it looks at, as they
// were from a place in the log on. Thousands of devices that come back read the same part
// of the log, each to find in it the few documents that it wants: with glimpses all but
// the first of them pass over the others without reading them.
type glimpse struct {
	stream string  // that all its changes are of
	last   uint64  // number of the newest change that it holds
	states []state // never empty, oldest first
}

// state is how the fields were from a number of the log on, by top-level key; nil where
// the document was not there.
type state struct {
	from   uint64
	fields map[string]any
}

// glimpseKey names a document and the fields that are looked at.
type glimpseKey struct {
	Key
	watch string
}

// glimpses are those of the documents that were written to lately. Safe for concurrent
// use; the zero value has none.
type glimpses struct {
	mu sync.RWMutex
	of map[glimpseKey]*glimpse // replaced, never changed
}

// What is kept: so many glimpses, and of each so many states. One with a state of two
// short fields takes about 500 bytes.
const (
	mostGlimpses = 100_000
	mostStates   = 8
)

// watchName names a set of fields.
func watchName(fields map[string]bool) string {
	return strings.Join(slices.Sorted(maps.Keys(fields)), "\x00")
}

// watchedOf is what a sight looks at in a value.
func watchedOf(value map[string]any, s *sight) map[string]any {
	fields := make(map[string]any, len(s.watched))
	for key := range s.watched {
		fields[key] = value[key]
	}
	return fields
}

// passes reports whether a document whose newest change on a page is entry is nothing to
// a reader who was at a number before that page: it was out of their sight then, and at
// every moment since.
func (v *glimpse) passes(s *sight, entry *Entry, before uint64) bool {
	if v.stream != entry.Stream || v.last < entry.N || v.states[0].from > before {
		return false
	}
	for _, state := range slices.Backward(v.states) {
		if state.fields != nil && s.shows.Match(state.fields) {
			return false
		}
		if state.from <= before {
			break
		}
	}
	return true
}

// still notes that what a sight looks at was, from a number on, as it is in a record.
func (g *glimpses) still(record *Record, value map[string]any, s *sight, from uint64) {
	v := &glimpse{record.Last.Stream, record.Last.N, []state{{from, watchedOf(value, s)}}}
	key := glimpseKey{record.Key, s.watch}
	g.mu.Lock()
	defer g.mu.Unlock()
	if old := g.of[key]; old != nil && old.stream == v.stream && old.last >= from && old.states[0].from <= from {
		v = &glimpse{v.stream, max(old.last, v.last), old.states} // this goes on where that ends
	}
	g.put(key, v)
}

// put keeps a glimpse, in place of any others where there are too many. The caller holds
// the lock.
func (g *glimpses) put(key glimpseKey, v *glimpse) {
	if g.of == nil {
		g.of = map[glimpseKey]*glimpse{}
	}
	for other := range g.of {
		if len(g.of) < mostGlimpses {
			break
		}
		delete(g.of, other)
	}
	if more := len(v.states) - mostStates; more > 0 {
		v.states = slices.Clone(v.states[more:])
	}
	g.of[key] = v
}

// glimpsing makes a glimpse while the log of a document is replayed for a sight.
type glimpsing struct {
	s     *sight
	v     glimpse
	mixed bool // there are changes of several streams
}

// looksFrom begins with the document as it was at a number, before the changes that are
// replayed; what was before that is not known.
func (s *sight) looksFrom(n uint64, doc *crdt.Document) *glimpsing {
	l := &glimpsing{s: s}
	l.add(n, doc)
	return l
}

func (l *glimpsing) add(n uint64, doc *crdt.Document) {
	state := state{from: n}
	if doc.Exists() {
		state.fields = watchedOf(doc.Value(), l.s)
	}
	l.v.states = append(l.v.states, state)
}

// replayed takes in the document as a change left it.
func (l *glimpsing) replayed(entry *Entry, doc *crdt.Document) {
	l.mixed = l.mixed || l.v.stream != "" && l.v.stream != entry.Stream
	l.v.stream, l.v.last = entry.Stream, entry.N
	if l.s.decides(entry.Change) {
		l.add(entry.N, doc)
	}
}

// keep keeps what was seen.
func (g *glimpses) keep(key Key, l *glimpsing) {
	if l.mixed || l.v.stream == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.put(glimpseKey{key, l.s.watch}, &l.v)
}

// passing finds, of a page of the log, the entries about documents of which its reader
// surely need not hear. What they wrote themselves is not among them. Nil: there are none.
//
// A morning's devices look at hundreds of millions of entries here, so a document is
// looked up once, and its other entries find it by number.
func (p *pulling) passing(entries []Entry, before Position) []bool {
	if len(before) > 1 {
		return nil // a glimpse knows its place in one stream only
	}
	docs := make([]onPage, 0, len(entries))
	number := make(map[Key]int, len(entries))
	of := make([]int, len(entries)) // by entry: its document's number and one, 0: none
	for i := range entries {
		entry := &entries[i]
		if entry.Kind != EntryChange {
			continue
		}
		s := p.sight(entry.Type)
		if s == nil || s.watched == nil {
			continue
		}
		key := Key{entry.Type, entry.Change.Doc}
		n, known := number[key]
		if !known {
			n = len(docs)
			number[key] = n
			docs = append(docs, onPage{key: key, sight: s})
		}
		docs[n].newest, docs[n].own = entry, docs[n].own || entry.Change.Replica == p.own
		of[i] = n + 1
	}
	if !p.e.glimpses.judge(docs, before) {
		return nil
	}
	passing := make([]bool, len(entries))
	for i, n := range of {
		passing[i] = n > 0 && docs[n-1].passes
	}
	return passing
}

// onPage is a document on a page of the log.
type onPage struct {
	key    Key
	sight  *sight
	newest *Entry
	own    bool // one of its changes is of who reads
	passes bool
}

// judge finds which documents pass, and says whether any does.
func (g *glimpses) judge(docs []onPage, before Position) (any bool) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	for i := range docs {
		d := &docs[i]
		if d.own {
			continue
		}
		if v := g.of[glimpseKey{d.key, d.sight.watch}]; v != nil && v.passes(d.sight, d.newest, before[d.newest.Stream]) {
			d.passes, any = true, true
		}
	}
	return any
}
