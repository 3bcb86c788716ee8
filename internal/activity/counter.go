package activity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Items is where hours are kept; [collections.Store] is one. The contract of each
// method is the one stated there.
type Items interface {
	Item(ctx context.Context, kind, key string) (*collections.Item, error)
	Items(ctx context.Context, kind, after string, limit int) ([]collections.Item, error)
	PutItem(ctx context.Context, item collections.Item) error
	DeleteItem(ctx context.Context, kind, key string) error
}

// Config is what a Counter is made of. Items is required.
type Config struct {
	Items Items
	Now   func() time.Time // default time.Now
	Log   *slog.Logger     // default: discarded
	Every time.Duration    // between writes; default a minute
}

const (
	kindHour = "activity"           // by keyOf
	keep     = 400 * 24 * time.Hour // a year, and time to look at it
	tries    = 20                   // of writing an hour that others write as well
)

// Counter counts.
type Counter struct {
	items Items
	now   func() time.Time
	log   *slog.Logger

	mu      sync.Mutex // guards waiting
	waiting map[int64]*counting

	flushing sync.Mutex // one flush at a time
	swept    int64      // hour of the last sweep

	stop func()
	done chan struct{}
}

// counting is an hour in the making.
type counting struct {
	Counts
	devices map[uint64]bool
}

// Open makes a Counter that writes now and then until it is closed. It writes nothing
// itself.
func Open(ctx context.Context, c Config) (*Counter, error) {
	if c.Items == nil {
		return nil, errors.New("activity: no store given")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Every == 0 {
		c.Every = time.Minute
	}
	a := &Counter{items: c.Items, now: c.Now, log: c.Log, waiting: map[int64]*counting{}, done: make(chan struct{})}
	ctx, a.stop = context.WithCancel(context.WithoutCancel(ctx))
	go a.writeNowAndThen(ctx, c.Every)
	return a, nil
}

// Close writes what waits.
func (a *Counter) Close(ctx context.Context) error {
	a.stop()
	<-a.done
	return a.Flush(ctx)
}

// Add counts.
func (a *Counter) Add(c Counts) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current().Counts.add(c)
}

// Synced counts a round trip of a device.
func (a *Counter) Synced(device uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := a.current()
	h.Syncs++
	if device != 0 && len(h.devices) < maxDevices {
		h.devices[device] = true
	}
}

// current gives the hour that it is. The caller holds mu.
func (a *Counter) current() *counting {
	start := hourOf(a.now())
	if a.waiting[start] == nil {
		a.waiting[start] = &counting{devices: map[uint64]bool{}}
	}
	return a.waiting[start]
}

// hour gives what an hour in the making is now.
func (c *counting) hour(start int64) Hour {
	h := Hour{Start: start}
	devices := make([]uint64, 0, len(c.devices))
	for device := range c.devices {
		devices = append(devices, device)
	}
	h.join(Hour{Counts: c.Counts, Devices: devices})
	return h
}

// writeNowAndThen flushes until ctx ends.
func (a *Counter) writeNowAndThen(ctx context.Context, every time.Duration) {
	defer close(a.done)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.Flush(ctx); err != nil && ctx.Err() == nil {
				a.log.Warn("activity: counts could not be written; they wait", "error", err)
			}
		}
	}
}

// Flush adds what waits to what the store has. What could not be written waits on.
func (a *Counter) Flush(ctx context.Context) error {
	a.flushing.Lock()
	defer a.flushing.Unlock()
	a.mu.Lock()
	taken := a.waiting
	a.waiting = map[int64]*counting{}
	a.mu.Unlock()
	var failed error
	for start, c := range taken {
		if err := a.write(ctx, c.hour(start)); err != nil {
			failed = errors.Join(failed, err)
			a.putBack(start, c)
		}
	}
	return errors.Join(failed, a.sweep(ctx))
}

// putBack lets counts wait that were taken to be written.
func (a *Counter) putBack(start int64, c *counting) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if since := a.waiting[start]; since != nil {
		c.Counts.add(since.Counts)
		for device := range since.devices {
			c.devices[device] = true
		}
	}
	a.waiting[start] = c
}

// write adds an hour's counts to those that the store has.
func (a *Counter) write(ctx context.Context, h Hour) error {
	for range tries {
		item := &collections.Item{Kind: kindHour, Key: keyOf(h.Start)}
		stored, err := a.items.Item(ctx, kindHour, item.Key)
		sum := h
		switch {
		case err == nil:
			item = stored
			var before Hour
			if err := json.Unmarshal(stored.Data, &before); err != nil {
				return fmt.Errorf("activity: read %s: %w", item.Key, err)
			}
			before.join(h)
			sum = before
		case !errors.Is(err, collections.ErrNotFound):
			return fmt.Errorf("activity: read %s: %w", item.Key, err)
		}
		if item.Data, err = json.Marshal(sum); err != nil {
			return fmt.Errorf("activity: write %s: %w", item.Key, err)
		}
		if err = a.items.PutItem(ctx, *item); err == nil {
			return nil
		}
		if !errors.Is(err, collections.ErrStale) {
			return fmt.Errorf("activity: write %s: %w", item.Key, err)
		}
	}
	return fmt.Errorf("activity: %s is written by others all the time", keyOf(h.Start))
}

// sweep removes, once an hour, what is older than it is kept.
func (a *Counter) sweep(ctx context.Context) error {
	now := hourOf(a.now())
	if now == a.swept {
		return nil
	}
	oldest := keyOf(now - keep.Milliseconds())
	items, err := a.items.Items(ctx, kindHour, "", 1000)
	for _, item := range items {
		if item.Key >= oldest {
			break
		}
		err = errors.Join(err, a.items.DeleteItem(ctx, kindHour, item.Key))
	}
	if err != nil {
		return fmt.Errorf("activity: remove old counts: %w", err)
	}
	a.swept = now
	return nil
}
