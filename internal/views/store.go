package views

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/fieldstack/fieldstack/collections"
)

// Items is where views are kept; [collections.Store] is one. The contract of each method
// is the one stated there.
type Items interface {
	Item(ctx context.Context, kind, key string) (*collections.Item, error)
	Items(ctx context.Context, kind, after string, limit int) ([]collections.Item, error)
	PutItem(ctx context.Context, item collections.Item) error
	DeleteItem(ctx context.Context, kind, key string) error
}

// The kinds of items this package owns.
const (
	kindView   = "view"        // by folder and id
	kindLayout = "view-layout" // by account, type and view
)

// Store keeps views and layouts. Safe for concurrent use, if its random source is.
type Store struct {
	items  Items
	random io.Reader
}

// New gives a store; random is what ids are drawn from.
func New(items Items, random io.Reader) *Store { return &Store{items, random} }

func (s *Store) newID() (string, error) {
	b := make([]byte, 8)
	if _, err := io.ReadFull(s.random, b); err != nil {
		return "", fmt.Errorf("views: draw an id: %w", err)
	}
	return hex.EncodeToString(b), nil
}

func (s *Store) load(ctx context.Context, key string) (*View, error) {
	item, err := s.items.Item(ctx, kindView, key)
	if err != nil {
		if errors.Is(err, collections.ErrNotFound) {
			return nil, collections.ErrNotFound
		}
		return nil, fmt.Errorf("views: read: %w", err)
	}
	return viewOf(*item)
}

func viewOf(item collections.Item) (*View, error) {
	v := &View{}
	if err := json.Unmarshal(item.Data, v); err != nil {
		return nil, fmt.Errorf("views: read %s: %w", item.Key, err)
	}
	v.Rev = item.Rev
	return v, nil
}

// put writes a view over the one with its Rev; collections.ErrStale when that is not the
// one there is. The indexes that it asks for are there before it is.
func (s *Store) put(ctx context.Context, folder string, v *View) (*View, error) {
	if err := s.index(ctx, v); err != nil {
		return nil, err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("views: write: %w", err)
	}
	err = s.items.PutItem(ctx, collections.Item{Kind: kindView, Key: folder + v.ID, Rev: v.Rev, Data: data})
	if err != nil {
		if errors.Is(err, collections.ErrStale) {
			return nil, collections.ErrStale
		}
		return nil, fmt.Errorf("views: write: %w", err)
	}
	v.Rev++
	return v, nil
}

func (s *Store) remove(ctx context.Context, key string) error {
	if err := s.items.DeleteItem(ctx, kindView, key); err != nil {
		return fmt.Errorf("views: take away: %w", err)
	}
	return nil
}
