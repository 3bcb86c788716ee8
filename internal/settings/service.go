package settings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Items is where settings are kept; [collections.Store] is one. The contract of each
// method is the one stated there.
type Items interface {
	Item(ctx context.Context, kind, key string) (*collections.Item, error)
	PutItem(ctx context.Context, item collections.Item) error
}

// Config is what a Service is made of. Items is required.
type Config struct {
	Items     Items
	Languages []string         // that pages can be in
	Now       func() time.Time // default time.Now
}

const (
	kind  = "settings"
	key   = "server"
	fresh = time.Second            // how old what is in memory may be
	soon  = 500 * time.Millisecond // in which the store is to answer: every page waits for it
	tries = 10                     // of writing what others write as well
)

// Service reads and changes the settings.
type Service struct {
	Config

	mu     sync.Mutex // guards all below
	values Values
	read   time.Time
}

// Open reads the settings.
func Open(ctx context.Context, c Config) (*Service, error) {
	if c.Items == nil {
		return nil, errors.New("settings: no store given")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Service{Config: c}
	values, _, err := s.stored(ctx)
	s.values, s.read = values, c.Now()
	return s, err
}

// Values gives the settings as they are. When they cannot be read just now, they are as
// they were.
func (s *Service) Values(ctx context.Context) Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.Now(); now.Sub(s.read) >= fresh {
		reading, stop := context.WithTimeout(ctx, soon)
		defer stop()
		if values, _, err := s.stored(reading); err == nil {
			s.values = values
		}
		s.read = now
	}
	return s.values
}

// stored reads the settings and the Rev of their item.
func (s *Service) stored(ctx context.Context) (v Values, rev uint64, err error) {
	item, err := s.Items.Item(ctx, kind, key)
	if errors.Is(err, collections.ErrNotFound) {
		return Values{}, 0, nil
	}
	if err == nil {
		rev, err = item.Rev, json.Unmarshal(item.Data, &v)
	}
	if err != nil {
		return v, 0, fmt.Errorf("settings: read: %w", err)
	}
	return v, rev, nil
}

// Update makes to of the settings in what differs from from, which is how the actor saw
// them, and gives them as they are then. Exists names the member that somebody else set
// to something else meanwhile; then nothing is written. Owners only.
func (s *Service) Update(ctx context.Context, a collections.Actor, from, to Values) (Values, error) {
	if a.Role != collections.Owner || a.Scopes != nil {
		return Values{}, collections.Errorf(collections.Forbidden, "", "Only an owner may change the settings: ask one.")
	}
	if err := to.check(s.Languages); err != nil {
		return Values{}, err
	}
	for range tries {
		now, rev, err := s.stored(ctx)
		if err != nil {
			return Values{}, err
		}
		if clash := now.merge(from, to); clash != "" {
			return now, collections.Errorf(collections.Exists, clash, "Somebody else changed this meanwhile: look at what is there now, and change it again if it is still wrong.")
		}
		data, err := json.Marshal(now)
		if err == nil {
			err = s.Items.PutItem(ctx, collections.Item{Kind: kind, Key: key, Rev: rev, Data: data})
		}
		if errors.Is(err, collections.ErrStale) {
			continue
		}
		if err != nil {
			return Values{}, fmt.Errorf("settings: write: %w", err)
		}
		s.mu.Lock()
		s.values, s.read = now, s.Now()
		s.mu.Unlock()
		return now, nil
	}
	return Values{}, collections.Errorf(collections.Unavailable, "", "The settings are being changed by others all the time: try again in a moment.")
}

// Spoken lists the languages that pages can be in. The caller owns the result.
func (s *Service) Spoken() []string { return slices.Clone(s.Languages) }
