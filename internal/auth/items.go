package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/collections"
)

// Items is where accounts and credentials live; [collections.Store] is one. The
// contract of each method is the one stated there.
type Items interface {
	Item(ctx context.Context, kind, key string) (*collections.Item, error)
	Items(ctx context.Context, kind, after string, limit int) ([]collections.Item, error)
	PutItem(ctx context.Context, item collections.Item) error
	DeleteItem(ctx context.Context, kind, key string) error
}

// The kinds of items this package owns.
const (
	kindAccount = "account"      // by account id
	kindName    = "account-name" // by folded name: who has it
	kindSession = "session"      // by credential id
	kindToken   = "token"        // by credential id: API and device tokens
	kindCode    = "enrol"        // by SHA-256 of the code
	kindAudit   = "audit"        // newest first
	kindChanges = "auth"         // one item whose Rev counts revocations
	kindFirst   = "auth-first"   // one item: the id that the first account has
	kindSetup   = "auth-setup"   // by SHA-256 of a set-up token of a server on the store
	kindLeaving = "auth-leaving" // one item: owners that are about to lead no more
	kindTries   = "auth-tries"   // by SHA-256 of what is throttled
)

// load reads one item into value and gives its Rev; the error is
// collections.ErrNotFound when it is not there.
func (s *Service) load(ctx context.Context, kind, key string, value any) (rev uint64, err error) {
	item, err := s.items.Item(ctx, kind, key)
	if err != nil {
		if errors.Is(err, collections.ErrNotFound) {
			return 0, collections.ErrNotFound
		}
		return 0, fmt.Errorf("auth: read %s: %w", kind, err)
	}
	if err := json.Unmarshal(item.Data, value); err != nil {
		return 0, fmt.Errorf("auth: read %s: %w", kind, err)
	}
	return item.Rev, nil
}

// save writes one item over the given Rev, 0 for a new one. It is
// collections.ErrStale when somebody else wrote it meanwhile.
func (s *Service) save(ctx context.Context, kind, key string, rev uint64, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("auth: write %s: %w", kind, err)
	}
	err = s.items.PutItem(ctx, collections.Item{Kind: kind, Key: key, Rev: rev, Data: data})
	if err != nil && !errors.Is(err, collections.ErrStale) {
		return fmt.Errorf("auth: write %s: %w", kind, err)
	}
	return err
}

// each calls f for every item of a kind, in the order of their keys, until f says no.
func (s *Service) each(ctx context.Context, kind string, f func(collections.Item) (more bool)) error {
	const page = 500
	for after := ""; ; {
		items, err := s.items.Items(ctx, kind, after, page)
		if err != nil {
			return fmt.Errorf("auth: list %s: %w", kind, err)
		}
		for _, item := range items {
			if !f(item) {
				return nil
			}
			after = item.Key
		}
		if len(items) < page {
			return nil
		}
	}
}
