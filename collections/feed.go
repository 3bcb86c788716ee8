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
// it (the registry above all) is in place, and after the entries of other streams that it
// builds on.
type feed struct {
	mu     sync.Mutex
	head   Position
	recent []recentEntry // the newest, in the order in which they were published; of each stream consecutive, up to its head
	bytes  int           // of recent
	count  uint64        // of entries published
	trails trails        // of recent, by document
	moved  chan struct{} // closed and replaced when the head moves
	closed bool
}

// recentEntry is an entry with what its change takes, roughly.
type recentEntry struct {
	Entry
	bytes int
}

func newFeed() *feed { return &feed{head: Position{}, moved: make(chan struct{})} }

// begin sets where the log is when the engine opens.
func (f *feed) begin(head Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.head = maps.Clone(head)
}

// publish makes entries known, each the next of its stream, and wakes all who wait.
func (f *feed) publish(entries []Entry) {
	if len(entries) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, entry := range entries {
		f.keep(entry)
		f.head[entry.Stream] = entry.N
	}
	f.count += uint64(len(entries))
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
	f.trails.add(&r.Entry)
	f.bytes += r.bytes
	for len(f.recent) > feedEntries || f.bytes > feedBytes {
		f.bytes -= f.recent[0].bytes
		f.trails.drop(&f.recent[0].Entry)
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

// published counts the entries that were published since the engine was opened.
func (f *feed) published() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count
}

// after gives at most limit entries after a position, in the order in which they were
// published, if memory still has them all. Their changes are shared: read only.
func (f *feed) after(p Position, limit int) (entries []Entry, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	start, all := f.start(p)
	if !all {
		return nil, false
	}
	for i := start; i < len(f.recent) && len(entries) < limit; i++ {
		if !p.reaches(f.recent[i].Place) {
			entries = append(entries, f.recent[i].Entry)
		}
	}
	return entries, true
}

// start is where in recent the entries after p begin, and whether they are all there;
// f.mu is held.
func (f *feed) start(p Position) (at int, all bool) {
	at = len(f.recent)
	for stream, n := range f.head {
		if n <= p[stream] {
			continue
		}
		number, has := f.trails.number(Place{Stream: stream, N: p[stream] + 1})
		if !has {
			return 0, false
		}
		at = min(at, f.index(number))
	}
	return at, true
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
