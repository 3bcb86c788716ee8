package collections

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fieldstack/fieldstack/crdt"
)

// Config is what an engine is made of. Store is required; the engine closes it.
type Config struct {
	Store  Store
	Now    func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Log    *slog.Logger     // default: discarded

	// Observer is told what the engine did; may be nil.
	Observer Observer

	// KeepHistory is how long the log tells how documents came about, and so how long a
	// device may be away and find its work merged rather than made anew; 0: for ever.
	// What is older is folded away in the background.
	KeepHistory time.Duration

	// Server is this server's name among several that share the store, which no other has
	// at any time; "": it has the store to itself. Where several share it history is kept
	// for ever, whatever KeepHistory says.
	Server string
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Server != "" {
		c.KeepHistory = 0
	}
	if c.Observer == nil {
		c.Observer = blind{}
	}
	return c
}

// Engine is one server's engine. Safe for concurrent use.
type Engine struct {
	store  Store
	now    func() time.Time
	random io.Reader
	log    *slog.Logger
	keep   time.Duration // how long history is kept; 0: for ever
	tell   Observer

	epoch string        // of the store's history
	self  atomic.Uint64 // the replica that the server itself writes with

	reg      *registry     // types and rules, in memory
	com      *committer    // the one writer
	feed     *feed         // the head of the log and what was committed last
	shared   shared        // what live readers are told at the same time
	own      *ownStream    // the stream that this server holds; nil: it has the store to itself
	tail     *tail         // reads what other servers write; nil likewise
	refused  *refused      // which refused changes are kept
	needing  needing       // how many records need attention
	pulls    chan struct{} // has one for each answer that is being made
	stats    stats
	ids      ids
	glimpses glimpses // what conditions need of what was written lately

	devices devices // what they told about themselves and is not written yet

	floor   atomic.Pointer[floorMark] // as the committer last wrote it
	folding sync.Mutex                // one fold at a time

	chores     sync.WaitGroup // what goes on in the background
	stop       func()         // asks it to end
	closeStore func() error   // once
}

// Open brings the store level with its log, reads the types and starts the committer.
// When it fails, the store is still the caller's to close.
func Open(ctx context.Context, c Config) (*Engine, error) {
	c = c.withDefaults()
	e := &Engine{
		store: c.Store, now: c.Now, random: c.Random, log: c.Log, keep: c.KeepHistory, tell: c.Observer,
		reg: newRegistry(c.Store), feed: newFeed(), pulls: make(chan struct{}, 2+2*runtime.GOMAXPROCS(0)),
	}
	if err := checkWhole(ctx, c.Store); err != nil {
		return nil, err
	}
	var err error
	if e.epoch, err = c.Store.Epoch(ctx); err != nil {
		return nil, fmt.Errorf("collections: reading the epoch: %w", err)
	}
	if c.Server != "" {
		e.own = newOwnStream(e, c.Server)
		e.tail = newTail(e)
	} else if err := e.useReplicaOf(ctx, mainStream); err != nil {
		return nil, err
	}
	if err := e.reg.load(ctx); err != nil {
		return nil, err
	}
	if err := e.loadRefused(ctx); err != nil {
		return nil, err
	}
	left, err := e.leftToRevalidate(ctx)
	if err != nil {
		return nil, err
	}
	// The committer outlives the call that opens the engine.
	e.com = newCommitter(context.WithoutCancel(ctx), e)
	if err := e.com.refresh(); err != nil {
		return nil, err
	}
	if err := e.beginFeed(ctx); err != nil {
		return nil, err
	}
	e.closeStore = sync.OnceValue(c.Store.Close)
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	e.stop = stop
	go e.com.loop()
	e.chores.Go(func() { e.finishRevalidation(background, left) })
	e.chores.Go(func() { e.keepDevices(background) })
	if e.several() {
		e.chores.Go(func() { e.own.keep(background) })
		e.chores.Go(func() { e.tail.run(background) })
		e.chores.Go(func() { e.tail.listen(background) })
		e.chores.Go(func() { e.hearRefusals(background) })
	}
	if e.keep > 0 {
		e.chores.Go(func() { e.foldNowAndThen(background) })
	}
	return e, nil
}

// replica is the one that the server itself writes with.
func (e *Engine) replica() crdt.Replica { return crdt.Replica(e.self.Load()) }

// several reports whether other servers may write to the store as well.
func (e *Engine) several() bool { return e.own != nil }

// beginFeed has the feed begin at what is there now.
func (e *Engine) beginFeed(ctx context.Context) error {
	if e.several() {
		if err := e.own.say(ctx); err != nil {
			return err
		}
		return e.tail.begin(ctx)
	}
	head, err := e.store.Head(ctx)
	if err != nil {
		return fmt.Errorf("collections: reading the head of the log: %w", err)
	}
	e.feed.begin(head)
	return nil
}

// Close refuses new work (Unavailable), finishes what is under way, wakes those who
// wait, and closes the store. If ctx ends first, the store stays open and Close may
// be called again; once it is done, more calls do nothing.
func (e *Engine) Close(ctx context.Context) error {
	e.stop()
	e.com.close()
	select {
	case <-e.com.done:
	case <-ctx.Done():
		return fmt.Errorf("collections: closing: writes are still under way: %w", ctx.Err())
	}
	e.chores.Wait()
	e.feed.close()
	if e.several() {
		if err := e.own.release(ctx); err != nil {
			e.log.Warn("letting go of this server's stream failed: others take it over in a while", "error", err)
		}
	}
	return e.closeStore()
}

// Backup writes a consistent copy of the store. Owner only.
func (e *Engine) Backup(ctx context.Context, a Actor, w io.Writer, progress func(done, total int64)) error {
	if a.Role != Owner || a.Scopes != nil {
		return Errorf(Forbidden, "", "Only the owner may take a backup.")
	}
	return e.store.Backup(ctx, w, progress)
}

// Store gives the store, for those who keep accounts in it. They use Items only.
func (e *Engine) Store() Store { return e.store }
