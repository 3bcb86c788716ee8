package auth

import (
	"context"
	"errors"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// leavingLife is for how long an owner who is about to lead no more is not counted on:
// longer than a request may take.
const leavingLife = 2 * time.Minute

// storedLeaving names owners who are about to lead no more, by account id.
type storedLeaving map[string]leavingAs

type leavingAs struct {
	Generation uint64 `json:"generation"` // of the account before
	At         int64  `json:"at"`         // ms since 1970 UTC
}

// keepAnOwner refuses to lose leaving when nobody else leads, and notes that this one is
// about to: two servers that each would take one of the last two cannot both write that.
func (s *Service) keepAnOwner(ctx context.Context, leaving *storedAccount) error {
	for range casTries {
		noted := storedLeaving{}
		rev, err := s.load(ctx, kindLeaving, "owners", &noted)
		if err != nil && !errors.Is(err, collections.ErrNotFound) {
			return err
		}
		// After the note was read: who is in neither leads on.
		if err := s.othersLead(ctx, leaving, noted); err != nil {
			return err
		}
		for id, l := range noted {
			if s.leavingIsPast(l) {
				delete(noted, id)
			}
		}
		noted[leaving.ID] = leavingAs{leaving.Generation, s.millis()}
		if err = s.save(ctx, kindLeaving, "owners", rev, noted); !errors.Is(err, collections.ErrStale) {
			return err
		}
	}
	return collections.Errorf(collections.Unavailable, "", "Accounts are being changed by others all the time: try again in a moment.")
}

// casTries is how often what others write as well is written again.
const casTries = 10

func (s *Service) leavingIsPast(l leavingAs) bool {
	return s.millis()-l.At >= leavingLife.Milliseconds()
}

// othersLead refuses when nobody leads but leaving and those who are noted.
func (s *Service) othersLead(ctx context.Context, leaving *storedAccount, noted storedLeaving) error {
	all, err := s.allAccounts(ctx)
	if err != nil {
		return err
	}
	for _, account := range all {
		l, leaves := noted[account.ID]
		leaves = leaves && l.Generation == account.Generation && !s.leavingIsPast(l)
		if account.ID != leaving.ID && account.leads() && !leaves {
			return nil
		}
	}
	return collections.Errorf(collections.Invalid, "role",
		"%s is the last owner: make somebody else an owner first.", leaving.Name)
}
