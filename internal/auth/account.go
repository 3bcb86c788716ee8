package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

// Account is one person.
type Account struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"` // sign-in name as registered; never changes
	Role     collections.Role `json:"role"`
	Disabled bool             `json:"disabled"`
	Created  int64            `json:"created"` // ms since 1970 UTC
	Updated  int64            `json:"updated"`
}

// storedAccount is an account with what never leaves this package.
type storedAccount struct {
	Account
	Password string `json:"password"` // PHC string
	// Generation counts the changes that end credentials: one issued under an
	// earlier generation is void.
	Generation uint64 `json:"generation"`
}

// AccountChange is what may change of an account; nil members stay.
type AccountChange struct {
	Role     *collections.Role
	Disabled *bool
	Password *string
}

// Accounts lists all accounts by name. Owners only.
func (s *Service) Accounts(ctx context.Context, a collections.Actor) ([]*Account, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	stored, err := s.allAccounts(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]*Account, len(stored))
	for i := range stored {
		list[i] = &stored[i].Account
	}
	slices.SortFunc(list, func(a, b *Account) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Account reads one account: one's own, or any as an owner.
func (s *Service) Account(ctx context.Context, a collections.Actor, id string) (*Account, error) {
	if id != a.User {
		if err := mayManage(a); err != nil {
			return nil, err
		}
	}
	account, _, err := s.account(ctx, id)
	if err != nil {
		return nil, err
	}
	return &account.Account, nil
}

// Update changes an account's role, password or whether it is disabled. Owners only.
// Each of these ends all credentials of the account.
func (s *Service) Update(ctx context.Context, a collections.Actor, id string, change AccountChange) (*Account, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	s.accounts.Lock()
	defer s.accounts.Unlock()
	account, rev, err := s.account(ctx, id)
	if err != nil {
		return nil, err
	}
	led := account.leads()
	did, err := s.apply(ctx, account, change)
	if err != nil {
		return nil, err
	}
	if len(did) == 0 {
		return &account.Account, nil
	}
	if led && !account.leads() {
		if err := s.keepAnOwner(ctx, account); err != nil {
			return nil, err
		}
	}
	if err := s.replace(ctx, account, rev); err != nil {
		return nil, err
	}
	for _, what := range did {
		s.audit(ctx, AuditEntry{Who: a.Name, Area: AreaAccounts, Did: what, About: account.Name})
	}
	return &account.Account, nil
}

// apply puts the change into account and says what it did, nothing for no difference.
func (s *Service) apply(ctx context.Context, account *storedAccount, change AccountChange) (did []string, err error) {
	if change.Role != nil && *change.Role != account.Role {
		if err := checkRole(*change.Role); err != nil {
			return nil, err
		}
		did = append(did, fmt.Sprintf("changed the role from %s to %s", account.Role, *change.Role))
		account.Role = *change.Role
	}
	if change.Disabled != nil && *change.Disabled != account.Disabled {
		account.Disabled = *change.Disabled
		if account.Disabled {
			did = append(did, "disabled the account")
		} else {
			did = append(did, "enabled the account")
		}
	}
	if change.Password != nil {
		if err := checkPassword(account.Name, *change.Password); err != nil {
			return nil, err
		}
		if account.Password, err = s.hasher.hash(ctx, *change.Password); err != nil {
			return nil, err
		}
		did = append(did, "set a new password")
	}
	return did, nil
}

// replace writes a changed account and ends its credentials.
func (s *Service) replace(ctx context.Context, account *storedAccount, rev uint64) error {
	account.Generation++
	account.Updated = s.millis()
	err := s.save(ctx, kindAccount, account.ID, rev, account)
	if errors.Is(err, collections.ErrStale) {
		return collections.Errorf(collections.Exists, "", "Somebody else changed the account at the same moment: look again.")
	}
	if err != nil {
		return err
	}
	return s.revokedMany(ctx)
}

// leads reports an owner who can sign in.
func (a *storedAccount) leads() bool { return a.Role == collections.Owner && !a.Disabled }

func (s *Service) account(ctx context.Context, id string) (*storedAccount, uint64, error) {
	var account storedAccount
	rev, err := s.load(ctx, kindAccount, id, &account)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, 0, collections.Errorf(collections.NotFound, "", "There is no such account: GET /api/_accounts lists those there are.")
	}
	return &account, rev, err
}

// named finds the account that has a name, nil for none.
func (s *Service) named(ctx context.Context, name string) (*storedAccount, uint64, error) {
	var claim storedName
	_, err := s.load(ctx, kindName, foldName(name), &claim)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	account, rev, err := s.account(ctx, claim.Account)
	if isCode(err, collections.NotFound) || err == nil && foldName(account.Name) != foldName(name) {
		return nil, 0, nil
	}
	return account, rev, err
}

func (s *Service) allAccounts(ctx context.Context) ([]*storedAccount, error) {
	var all []*storedAccount
	var bad error
	err := s.each(ctx, kindAccount, func(item collections.Item) bool {
		var account storedAccount
		if bad = json.Unmarshal(item.Data, &account); bad != nil {
			return false
		}
		all = append(all, &account)
		return true
	})
	return all, errors.Join(err, bad)
}

func isCode(err error, code collections.Code) bool {
	var e *collections.Error
	return errors.As(err, &e) && e.Code == code
}
