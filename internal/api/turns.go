package api

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// turns lets only so many syncs in at once, so many more wait for their turn, and tells
// the others when to come back: when all devices of a morning come at the same moment,
// those that are in get an answer, instead of all getting none.
type turns struct {
	running  chan struct{} // has one for each that is in
	most     int64         // that wait
	patience time.Duration // after which who waits is told to come back
	now      func() time.Time

	waiting atomic.Int64
	turned  atomic.Uint64 // who were told to come back
	took    atomic.Int64  // ns that a sync takes, about
}

// How many syncs are in and wait. Many of those that are in
// wait for the disk together, which costs the server nothing: it reads for only a few at
// a time (collections).
const (
	syncsAtOnce  = 256
	syncsWaiting = 1_024
	syncPatience = 15 * time.Second
)

func newTurns(running, waiting int, patience time.Duration, now func() time.Time) *turns {
	return &turns{running: make(chan struct{}, running), most: int64(waiting), patience: patience, now: now}
}

// take waits for a turn; who has it calls done. The error is Unavailable, with when to
// come back, or ctx's.
func (t *turns) take(ctx context.Context) (done func(), err error) {
	select {
	case t.running <- struct{}{}:
		return t.begun(), nil
	default:
	}
	if t.waiting.Add(1) > t.most {
		t.waiting.Add(-1)
		return nil, t.later()
	}
	defer t.waiting.Add(-1)
	late := time.NewTimer(t.patience)
	defer late.Stop()
	select {
	case t.running <- struct{}{}:
		return t.begun(), nil
	case <-late.C:
		return nil, t.later()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (t *turns) begun() (done func()) {
	start := t.now()
	return func() {
		old := t.took.Load()
		t.took.Store(old + (int64(t.now().Sub(start))-old)/16)
		<-t.running
	}
}

// later is the answer to who has to come back: after the time that all who are in or
// wait will take, and not all of them at once.
func (t *turns) later() error {
	all := float64(cap(t.running)) + float64(t.most)
	wait := time.Duration(float64(t.took.Load()) * all / float64(cap(t.running)))
	const least, most, spread = time.Second, 30 * time.Second, 8
	wait = max(least, min(most, wait)) + time.Duration(t.turned.Add(1)%spread)*time.Second
	return &busy{collections.Errorf(collections.Unavailable, "", "Many devices sync at this moment: try again in %d seconds.", int(wait/time.Second)), wait}
}

// busy is an error that says when to come back.
type busy struct {
	shown *collections.Error
	wait  time.Duration
}

func (b *busy) Error() string { return b.shown.Error() }

// Unwrap gives the error that is shown.
func (b *busy) Unwrap() error { return b.shown }

// RetryAfter is what the HTTP header of that name says.
func (b *busy) RetryAfter() time.Duration { return b.wait }
