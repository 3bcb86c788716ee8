package collections

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// KindChore is the kind of the items that say which server has which chore.
const KindChore = "chore"

// choreBeat is how often the holder of a chore beats, and others look whether it does:
// several times in a [HoldLife].
const choreBeat = HoldLife / 5

// Chore is something that one of the servers on a store does at a time: whoever has its
// [Hold] does it, and the others wait for that one to go or to fall silent.
//
// What is done may be done twice for a moment: a server that was asleep believes that it
// holds what others took over meanwhile, until it beats again.
//
// A nil Chore is that of a server that has its store to itself.
type Chore struct {
	hold *Hold
	now  func() time.Time
	log  *slog.Logger
	name string
}

// ChoreConfig is what a Chore is made of. All is required but Log.
type ChoreConfig struct {
	Items Items
	Name  string           // of the chore
	Owner string           // this server, by a name that no other has at any time
	Now   func() time.Time // must not jump: time.Now, whose differences do not
	Log   *slog.Logger     // default: discarded
}

// NewChore makes a chore that is not run yet.
func NewChore(c ChoreConfig) *Chore {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Chore{hold: NewHold(c.Items, KindChore, c.Name, c.Owner, c.Now), now: c.Now, log: c.Log, name: c.Name}
}

// Run calls do whenever this server has the chore, until ctx ends; it returns when do has.
// The context of do ends when the chore is lost, or may be lost because the store does not
// answer. When do returns before that, the chore is free again. It is called once.
//
// Of a nil Chore it calls do once: nobody else could.
func (c *Chore) Run(ctx context.Context, do func(ctx context.Context)) {
	if c == nil {
		do(ctx)
		return
	}
	for ctx.Err() == nil {
		mine, err := c.hold.Try(ctx)
		if err != nil && ctx.Err() == nil {
			c.log.Warn("who has a chore cannot be read; it is tried again", "chore", c.name, "error", err)
		}
		if mine && err == nil {
			c.have(ctx, do)
		}
		if rest(ctx, choreBeat) != nil {
			return
		}
	}
}

// have does the chore while it is held, and lets go of it.
func (c *Chore) have(ctx context.Context, do func(ctx context.Context)) {
	doing, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer cancel() // ends the beats
		defer func() {
			if p := recover(); p != nil {
				c.log.Error("a chore failed; it is tried again", "chore", c.name, "error", fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		do(doing)
	}()
	lost := c.beat(doing)
	cancel()
	<-done
	if lost {
		return
	}
	// Its own context: the one of the server may be over, and the next waits less.
	letting, stop := context.WithTimeout(context.WithoutCancel(ctx), choreBeat)
	defer stop()
	if err := c.hold.Release(letting); err != nil && !errors.Is(err, ErrLost) {
		c.log.Warn("a chore could not be let go of; others take it soon", "chore", c.name, "error", err)
	}
}

// beat keeps the hold until ctx ends, and reports whether it was lost before.
func (c *Chore) beat(ctx context.Context) (lost bool) {
	for kept := c.now(); ; {
		if rest(ctx, choreBeat) != nil {
			return false
		}
		keeping, stop := context.WithTimeout(ctx, choreBeat)
		err := c.hold.Keep(keeping)
		stop()
		switch {
		case err == nil:
			kept = c.now()
		case errors.Is(err, ErrLost):
			c.log.Warn("another server took a chore over", "chore", c.name)
			return true
		case ctx.Err() == nil && c.now().Sub(kept) >= HoldLife-2*choreBeat:
			// Before others may think that it is free.
			c.log.Warn("a chore is left, because the store does not answer", "chore", c.name, "error", err)
			return true
		}
	}
}

// rest waits, or returns ctx's error.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Chores lists which server was last seen to have which chore, by the chore's name.
// One that died is named until another takes over.
func Chores(ctx context.Context, items interface {
	Items(ctx context.Context, kind, after string, limit int) ([]Item, error)
}) (map[string]string, error) {
	list, err := items.Items(ctx, KindChore, "", maxPage)
	if err != nil {
		return nil, fmt.Errorf("collections: listing chores: %w", err)
	}
	owners := map[string]string{}
	for _, item := range list {
		is, err := readHolding(item)
		if err != nil {
			return nil, err
		}
		if is.Owner != "" {
			owners[item.Key] = is.Owner
		}
	}
	return owners, nil
}

func readHolding(item Item) (is holding, err error) {
	if err := json.Unmarshal(item.Data, &is); err != nil {
		return is, fmt.Errorf("collections: reading who holds %s %s: %w", item.Kind, item.Key, err)
	}
	return is, nil
}
