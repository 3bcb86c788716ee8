package servers

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Items is where the list is kept; [collections.Store] is one. The contract of each
// method is the one stated there.
type Items interface {
	Item(ctx context.Context, kind, key string) (*collections.Item, error)
	Items(ctx context.Context, kind, after string, limit int) ([]collections.Item, error)
	PutItem(ctx context.Context, item collections.Item) error
	DeleteItem(ctx context.Context, kind, key string) error
}

// kindServer is the kind of the items that hold what servers say of themselves, by ID.
const kindServer = "server"

// How often a server writes, after how long without that it is silent, and for how long a
// silent one is shown.
const (
	usualEvery = 3 * time.Second
	silence    = collections.HoldLife
	keepSilent = time.Hour
)

// maxServers is how many servers are shown.
const maxServers = 1000

// Server is what a server says of itself.
type Server struct {
	ID      string `json:"id"`      // that no other has at any time; the owner of its chores
	Name    string `json:"name"`    // for people
	Address string `json:"address"` // that it listens on
	Version string `json:"version"`
	Started int64  `json:"started"` // ms since 1970 UTC, by its own clock
}

// Seen is a server as this one sees it.
type Seen struct {
	Server
	Here   bool     // it is this one
	Heard  int64    // when it was last heard of, ms since 1970 UTC by the clock here
	Silent bool     // it was not, for longer than a server that runs leaves
	Chores []string // what it does for all of them, by name
}

// Config is what a Roll is made of. Items, Self and Now are required.
type Config struct {
	Items Items
	Self  Server
	Now   func() time.Time
	Log   *slog.Logger  // default: discarded
	Every time.Duration // between two signs of life; default 3 s
	Alone bool          // no other server has the store
}

// Roll is the list of servers.
type Roll struct {
	Config

	mu    sync.Mutex // guards heard
	heard map[string]beat

	rev  uint64 // of this server's item; of the goroutine that writes it
	stop func()
	work sync.WaitGroup
}

// beat is when something that a server wrote was first seen.
type beat struct {
	rev uint64
	at  time.Time
}

// Open puts this server on the list and keeps it there until Close.
func Open(ctx context.Context, c Config) (*Roll, error) {
	if c.Items == nil || c.Self.ID == "" || c.Now == nil {
		return nil, errors.New("servers: the store, this server and the time must be given")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Every = cmp.Or(c.Every, usualEvery)
	r := &Roll{Config: c, heard: map[string]beat{}}
	ctx, r.stop = context.WithCancel(context.WithoutCancel(ctx))
	if c.Alone {
		return r, nil
	}
	if err := r.write(ctx); err != nil {
		return nil, err
	}
	r.work.Go(func() { r.beats(ctx) })
	return r, nil
}

// Close takes this server off the list.
func (r *Roll) Close(ctx context.Context) error {
	r.stop()
	r.work.Wait()
	if r.Alone {
		return nil
	}
	if err := r.Items.DeleteItem(ctx, kindServer, r.Self.ID); err != nil {
		return fmt.Errorf("servers: leave the list: %w", err)
	}
	return nil
}

// beats writes and looks until ctx ends.
func (r *Roll) beats(ctx context.Context) {
	tick := time.NewTicker(r.Every)
	defer tick.Stop()
	for {
		_, err := r.look(ctx)
		if err != nil && ctx.Err() == nil {
			r.Log.Warn("servers: who else is there cannot be told", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := r.write(ctx); err != nil && ctx.Err() == nil {
			r.Log.Warn("servers: a sign of life could not be written", "error", err)
		}
	}
}

// write writes that this server is there.
func (r *Roll) write(ctx context.Context) error {
	data, err := json.Marshal(r.Self)
	if err == nil {
		err = r.Items.PutItem(ctx, collections.Item{Kind: kindServer, Key: r.Self.ID, Rev: r.rev, Data: data})
	}
	if err == nil {
		r.rev++
		return nil
	}
	if errors.Is(err, collections.ErrStale) { // our own, whose answer was lost; or it was taken off
		return r.readRev(ctx)
	}
	return fmt.Errorf("servers: write: %w", err)
}

func (r *Roll) readRev(ctx context.Context) error {
	item, err := r.Items.Item(ctx, kindServer, r.Self.ID)
	switch {
	case err == nil:
		r.rev = item.Rev
	case errors.Is(err, collections.ErrNotFound):
		r.rev = 0
	default:
		return fmt.Errorf("servers: read: %w", err)
	}
	return nil
}

// List lists the servers by name, this one too.
func (r *Roll) List(ctx context.Context) ([]Seen, error) {
	if r.Alone {
		return []Seen{{Server: r.Self, Here: true, Heard: r.Now().UnixMilli()}}, nil
	}
	list, err := r.look(ctx)
	if err != nil {
		return nil, err
	}
	chores, err := collections.Chores(ctx, r.Items)
	if err != nil {
		return nil, fmt.Errorf("servers: %w", err)
	}
	for i := range list {
		for chore, owner := range chores {
			if owner == list[i].ID {
				list[i].Chores = append(list[i].Chores, chore)
			}
		}
		slices.Sort(list[i].Chores)
	}
	slices.SortFunc(list, func(a, b Seen) int { return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID)) })
	return list, nil
}

// look reads the list, and lets go of those that have been silent for long.
func (r *Roll) look(ctx context.Context) ([]Seen, error) {
	items, err := r.Items.Items(ctx, kindServer, "", maxServers)
	if err != nil {
		return nil, fmt.Errorf("servers: list: %w", err)
	}
	var list []Seen
	for _, item := range items {
		s := Seen{Here: item.Key == r.Self.ID}
		if err := json.Unmarshal(item.Data, &s.Server); err != nil {
			return nil, fmt.Errorf("servers: read %s: %w", item.Key, err)
		}
		quiet, at := r.note(item)
		if s.Heard, s.Silent = at.UnixMilli(), quiet > silence && !s.Here; quiet > keepSilent && !s.Here {
			if err := r.Items.DeleteItem(ctx, kindServer, item.Key); err != nil {
				return nil, fmt.Errorf("servers: let go of %s: %w", item.Key, err)
			}
			continue
		}
		list = append(list, s)
	}
	return list, nil
}

// note notes when an item moved, and gives for how long it has not, and since when.
func (r *Roll) note(item collections.Item) (quiet time.Duration, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Now()
	last := r.heard[item.Key]
	if last.rev != item.Rev {
		last = beat{item.Rev, now}
		r.heard[item.Key] = last
	}
	quiet = now.Sub(last.at)
	if quiet > keepSilent {
		delete(r.heard, item.Key)
	}
	return quiet, last.at
}
