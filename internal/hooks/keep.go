package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// The kinds of items this package owns.
const (
	kindHook     = "hook"          // by id
	kindState    = "hook-state"    // by id of the hook
	kindDelivery = "hook-delivery" // by id of the hook, newest first: a page of deliveries each
)

// State is how far a hook has got.
type State struct {
	Cursor   string `json:"cursor"`           // everything before it was taken
	Failures int    `json:"failures"`         // in a row, of the message after Cursor
	Since    int64  `json:"since,omitempty"`  // of the first of them, ms since 1970 UTC
	Next     int64  `json:"next,omitempty"`   // when it is tried again
	Fault    string `json:"fault,omitempty"`  // what went wrong last, a sentence
	Past     string `json:"past,omitempty"`   // cursor after the change that is not taken
	Halfway  string `json:"half,omitempty"`   // id of the last message taken of the change after Cursor
	Paused   string `json:"paused,omitempty"` // why nothing is sent, a sentence; "": something is
	Taken    int64  `json:"taken,omitempty"`  // when the last message was taken
}

// load reads an item into value and gives its Rev; collections.ErrNotFound.
func (s *Service) load(ctx context.Context, kind, key string, value any) (uint64, error) {
	item, err := s.Items.Item(ctx, kind, key)
	if errors.Is(err, collections.ErrNotFound) {
		return 0, collections.ErrNotFound
	}
	if err == nil {
		err = json.Unmarshal(item.Data, value)
	}
	if err != nil {
		return 0, fmt.Errorf("hooks: read %s: %w", kind, err)
	}
	return item.Rev, nil
}

// save writes an item over the one with that Rev, 0 for none; collections.ErrStale.
func (s *Service) save(ctx context.Context, kind, key string, rev uint64, value any) error {
	data, err := json.Marshal(value)
	if err == nil {
		err = s.Items.PutItem(ctx, collections.Item{Kind: kind, Key: key, Rev: rev, Data: data})
	}
	if err != nil && !errors.Is(err, collections.ErrStale) {
		return fmt.Errorf("hooks: write %s: %w", kind, err)
	}
	return err
}

// all reads all hooks, by id.
func (s *Service) all(ctx context.Context) ([]*stored, error) {
	items, err := s.Items.Items(ctx, kindHook, "", 1000)
	if err != nil {
		return nil, fmt.Errorf("hooks: list: %w", err)
	}
	list := make([]*stored, len(items))
	for i, item := range items {
		list[i] = &stored{}
		if err := json.Unmarshal(item.Data, list[i]); err != nil {
			return nil, fmt.Errorf("hooks: read %s: %w", item.Key, err)
		}
	}
	return list, nil
}

// hook reads one hook; NotFound.
func (s *Service) hook(ctx context.Context, id string) (*stored, uint64, error) {
	h := &stored{}
	rev, err := s.load(ctx, kindHook, id, h)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, 0, collections.Errorf(collections.NotFound, "", "There is no such webhook: it may have been removed.")
	}
	return h, rev, err
}

// state reads how far a hook has got.
func (s *Service) state(ctx context.Context, id string) (State, uint64, error) {
	var st State
	rev, err := s.load(ctx, kindState, id, &st)
	if errors.Is(err, collections.ErrNotFound) {
		return st, 0, nil
	}
	return st, rev, err
}
