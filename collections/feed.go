package collections

import (
	"context"
	"maps"
	"sync"

	"github.com/fieldstack/fieldstack/crdt"
)

// feed knows the head of the log, wakes those who wait for it to move, and keeps the
// newest entries at hand, so that live readers do not all ask the store for the same.
//
// Nobody reads past its head: an entry is published after everything that tells of
// it (the registry above all) is in place.
type feed struct {
	mu     sync.Mutex
	head   Position
	recent []recentEntry // the newest of the main stream, consecutive, up to its head
	bytes  int           // of recent
	moved  chan struct{} // closed and replaced when the head moves
	closed bool
}

// recentEntry is an entry with what its change takes, roughly.
type recentEntry struct {
	Entry
	bytes int
}

func newFeed() *feed { return &feed{head: Position{}, moved: make(chan struct{})} }

// start sets where the log is when the engine opens.
func (f *feed) start(head Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head = maps.Clone(head)
}

// publish makes entries of the main stream known and wakes all who wait.
func (f *feed) publish(entries []Entry) {
	if len(entries) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, entry := range entries {
		f.keep(entry)
	}
	f.head[mainStream] = entries[len(entries)-1].N
	close(f.moved)
	f.moved = make(chan struct{})
}

// keep puts an entry at hand and lets go of the oldest that are too many.
func (f *feed) keep(entry Entry) {
	r := recentEntry{Entry: entry}
	if entry.Change != nil {
		r.bytes = len(crdt.AppendChange(nil, entry.Change))
	}
	f.recent = append(f.recent, r)
	f.bytes += r.bytes
	for len(f.recent) > feedEntries || f.bytes > feedBytes {
		f.bytes -= f.recent[0].bytes
		f.recent[0] = recentEntry{} // the array lives on until append moves the rest
		f.recent = f.recent[1:]
	}
}

// close wakes all who wait, for good.
func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.moved)
	}
}

// position is the head. The caller owns it.
func (f *feed) position() Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.head)
}

// after gives at most limit entries after a position, if memory still has them all.
// Their
// changes are shared: read only.
func (f *feed) after(p Position, limit int) (entries []Entry, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	head, at := f.head[mainStream], p[mainStream]
	if at >= head {
		return nil, true
	}
	if len(f.recent) == 0 || f.recent[0].N > at+1 {
		return nil, false
	}
	rest := f.recent[at+1-f.recent[0].N:]
	entries = make([]Entry, min(limit, len(rest)))
	for i := range entries {
		entries[i] = rest[i].Entry
	}
	return entries, true
}

// since calls do for the entries after place n that memory has, and says whether it has
// them all. do must be quick.
func (f *feed) since(n uint64, do func(*Entry)) (all bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.recent) == 0 {
		return f.head[mainStream] <= n
	}
	first := f.recent[0].N
	start := uint64(0)
	if n >= first {
		start = min(n+1-first, uint64(len(f.recent)))
	}
	for i := range f.recent[start:] {
		do(&f.recent[int(start)+i].Entry)
	}
	return first <= n+1
}

// wait returns when the head is past p, or ctx ends (its error), or the feed was
// closed (errStopping).
func (f *feed) wait(ctx context.Context, p Position) error {
	for {
		f.mu.Lock()
		moved, closed, past := f.moved, f.closed, f.head.after(p)
		f.mu.Unlock()
		switch {
		case past:
			return nil
		case closed:
			return errStopping
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// after reports whether p has an entry of some stream that q does not.
func (p Position) after(q Position) bool {
	for stream, n := range p {
		if n > q[stream] {
			return true
		}
	}
	return false
}
