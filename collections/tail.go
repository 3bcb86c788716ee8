package collections

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// lookEvery is how often the streams of other servers are looked at where nothing wakes
// the tail; looking costs one small read.
const lookEvery = 250 * time.Millisecond

// reachTime bounds how long a reader waits for what it was told of by another server. Only
// tests set it.
var reachTime = 5 * time.Second

// tail brings what other servers wrote into this one's feed, and what this one writes,
// each entry after those that it builds on. It also watches the holders of the streams,
// and has those taken over that fell silent.
type tail struct {
	e *Engine

	woken chan struct{} // has one when it is to look at once

	mu    sync.Mutex // guards all below, and that entries are published one after the other
	own   []Entry    // of this server, durable, not published yet
	at    Position   // what was published
	stamp crdt.Time  // the latest that was read in other streams

	holders map[string]*Hold  // as they were seen, by stream; only look uses it
	lag     map[string]uint64 // entries that could not be published when all was last read through; guarded by mu
	looked  time.Time         // when that was; guarded by mu
}

func newTail(e *Engine) *tail {
	return &tail{e: e, woken: make(chan struct{}, 1), at: Position{}, holders: map[string]*Hold{}, lag: map[string]uint64{}}
}

// begin starts at the level of every stream.
func (t *tail) begin(ctx context.Context) error {
	levels, err := t.levels(ctx)
	if err != nil {
		return err
	}
	t.at, t.looked = levels, t.e.now()
	t.e.feed.begin(levels)
	return nil
}

// wake makes the tail look at once.
func (t *tail) wake() {
	select {
	case t.woken <- struct{}{}:
	default:
	}
}

// offer publishes entries that this server wrote as soon as what they build on is: at
// once, mostly.
func (t *tail) offer(entries []Entry) {
	if len(entries) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.own = append(t.own, entries...)
	if t.publishOwn(); len(t.own) > 0 {
		t.wake()
	}
}

// publishOwn publishes what can be of this server's own entries; t.mu is held.
func (t *tail) publishOwn() (moved bool) {
	t.own = slices.DeleteFunc(t.own, func(e Entry) bool { return t.at.reaches(e.Place) }) // read from the store meanwhile
	n := t.ready(t.own)
	if n == 0 {
		return false
	}
	t.e.feed.publish(t.own[:n])
	t.own = slices.Delete(t.own, 0, n)
	return true
}

// run looks again and again until ctx ends.
func (t *tail) run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := t.look(ctx); err != nil && ctx.Err() == nil {
			t.e.log.Warn("reading what other servers wrote failed; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-t.woken:
		}
	}
}

// listen has the store wake the tail, where it can.
func (t *tail) listen(ctx context.Context) {
	waker, ok := t.e.store.(Waker)
	for ok && ctx.Err() == nil {
		err := waker.Wake(ctx, t.wake)
		if errors.Is(err, ErrNoWake) || ctx.Err() != nil {
			return
		}
		t.e.log.Warn("hearing of what other servers write failed; it is tried again", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(lookEvery):
		}
	}
}

// look reads what others wrote since the last time and publishes it, until nothing is
// left that can be.
func (t *tail) look(ctx context.Context) error {
	levels, err := t.levels(ctx)
	if err != nil {
		return err
	}
	for {
		moved, err := t.step(ctx, levels)
		if err != nil {
			return err
		}
		if !moved {
			break
		}
	}
	t.mu.Lock()
	t.looked = t.e.now()
	for stream, n := range levels {
		t.lag[stream] = n - min(n, t.at[stream])
	}
	t.mu.Unlock()
	return t.takeOver(ctx)
}

// levels reads how far each stream is to be read: the level its holder says, or its head
// where no server ever held it. It notes who is there.
func (t *tail) levels(ctx context.Context) (Position, error) {
	levels, err := t.e.store.Head(ctx)
	if err != nil {
		return nil, fmt.Errorf("collections: reading the heads of the log: %w", err)
	}
	return levels, eachItem(ctx, t.e.store, kindStream, func(item Item) error {
		if t.holders[item.Key] == nil {
			t.holders[item.Key] = t.e.own.claim(item.Key)
		}
		if err := t.holders[item.Key].note(&item); err != nil {
			return err
		}
		levels[item.Key] = t.holders[item.Key].seen.Level
		return nil
	})
}

// step reads a page of every stream that moved and publishes what it can of it, and of
// what this server wrote meanwhile.
func (t *tail) step(ctx context.Context, levels Position) (moved bool, err error) {
	at, bounds := t.bounds(levels)
	pages := map[string][]Entry{}
	for _, stream := range slices.Sorted(maps.Keys(bounds)) {
		if bounds[stream] <= at[stream] {
			continue
		}
		page, err := t.e.store.Log(ctx, stream, at[stream], logPage)
		if err != nil {
			return false, fmt.Errorf("collections: reading the stream %s: %w", stream, err)
		}
		pages[stream] = upTo(page, bounds[stream])
	}
	if err := t.learn(ctx, pages); err != nil {
		return false, err
	}
	return t.publish(pages), nil
}

// bounds says what was published, and how far each stream is to be read from the store:
// up to its level, and of what this server wrote itself, up to what waits in memory. What
// it wrote is not in memory where a commit had failed at first, or was another server's.
func (t *tail) bounds(levels Position) (at, bounds Position) {
	bounds = maps.Clone(levels)
	mine, _, level := t.e.own.held()
	if mine != "" {
		bounds[mine] = level
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.own {
		if place := t.own[i].Place; place.N <= bounds[place.Stream] {
			bounds[place.Stream] = place.N - 1
		}
	}
	return maps.Clone(t.at), bounds
}

// upTo cuts a page off behind a number.
func upTo(page []Entry, n uint64) []Entry {
	end, _ := slices.BinarySearchFunc(page, n+1, func(e Entry, n uint64) int { return int(int64(e.N) - int64(n)) })
	return page[:end]
}

// learn makes the registry know every version and rule that the entries tell of or were
// written under, before anybody reads them.
func (t *tail) learn(ctx context.Context, pages map[string][]Entry) error {
	stale := false
	for _, page := range pages {
		for i := range page {
			entry := &page[i]
			stale = stale || entry.Kind != EntryChange || t.e.reg.version(entry.Type, entry.Change.Version) == nil
		}
	}
	if !stale {
		return nil
	}
	return t.e.reg.reload(ctx)
}

// publish merges the pages into the feed: an entry goes when those before it in its
// stream and those that it builds on have gone.
func (t *tail) publish(pages map[string][]Entry) (moved bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for again := true; again; {
		again = t.publishOwn()
		for _, stream := range slices.Sorted(maps.Keys(pages)) {
			if n := t.ready(pages[stream]); n > 0 {
				t.e.feed.publish(pages[stream][:n])
				pages[stream] = pages[stream][n:]
				again = true
			}
		}
		moved = moved || again
	}
	return moved
}

// ready counts the entries at the start of a page that can go, and notes them as gone;
// t.mu is held.
func (t *tail) ready(page []Entry) (n int) {
	for ; n < len(page); n++ {
		entry := &page[n]
		if entry.N != t.at[entry.Stream]+1 || entry.After.after(t.at) {
			break
		}
		t.at[entry.Stream] = entry.N
		if entry.Change != nil {
			t.stamp = max(t.stamp, entry.Change.Stamp)
		}
	}
	return n
}

// latest is the latest stamp that was read in other streams.
func (t *tail) latest() crdt.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.stamp
}

// has reports whether an entry is in the records, as far as this server knows: it is of
// its own stream, or was read in another one, up to its level.
func (t *tail) has(p Place) bool {
	if name, _, _ := t.e.own.held(); p.N == 0 || p.Stream == name {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at.reaches(p)
}

// reach waits until the feed has a position that another server told of. Unavailable: it
// did not come in time, and the caller tries again.
func (t *tail) reach(ctx context.Context, p Position) error {
	if !p.after(t.e.feed.position()) {
		return nil
	}
	head, err := t.e.store.Head(ctx)
	if err != nil || p.after(head) {
		return err // a place that is not there: whoever comes with it starts anew
	}
	t.wake()
	ctx, cancel := context.WithTimeout(ctx, reachTime)
	defer cancel()
	for p.after(t.e.feed.position()) {
		if err := t.e.feed.wait(ctx, t.e.feed.position()); err != nil {
			return Errorf(Unavailable, "", "This server has not heard yet of what another one told you: try again in a moment.")
		}
	}
	return nil
}
