package auth

import (
	"context"
	"errors"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// storedName says who has a folded name.
type storedName struct {
	Account string `json:"account"`
	Taken   int64  `json:"taken"` // ms since 1970 UTC
}

// NewAccount is what an account is made of.
type NewAccount struct {
	Name     string
	Password string
	Role     collections.Role
}

// Create makes an account. Owners only. Exists when the name, or a twin of it, is taken.
func (s *Service) Create(ctx context.Context, a collections.Actor, n NewAccount) (*Account, error) {
	if err := mayManage(a); err != nil {
		return nil, err
	}
	s.accounts.Lock()
	defer s.accounts.Unlock()
	account, err := s.register(ctx, n)
	if err != nil {
		return nil, err
	}
	s.audit(ctx, AuditEntry{Who: a.Name, Area: AreaAccounts, Did: "created the account", About: account.Name, Detail: string(account.Role)})
	return account, nil
}

// register writes a new account: first its name, which nobody can then take, then itself.
func (s *Service) register(ctx context.Context, n NewAccount) (*Account, error) {
	id, err := s.secret(idBytes)
	if err != nil {
		return nil, err
	}
	return s.registerAs(ctx, id, n)
}

// registerAs does it under an id. collections.ErrStale: there is such an account.
func (s *Service) registerAs(ctx context.Context, id string, n NewAccount) (*Account, error) {
	name, err := checkName(n.Name)
	if err != nil {
		return nil, err
	}
	if err := checkRole(n.Role); err != nil {
		return nil, err
	}
	if err := checkPassword(name, n.Password); err != nil {
		return nil, err
	}
	hash, err := s.hasher.hash(ctx, n.Password)
	if err != nil {
		return nil, err
	}
	if err := s.takeName(ctx, name, id); err != nil {
		return nil, err
	}
	now := s.millis()
	account := storedAccount{
		Account:  Account{ID: id, Name: name, Role: n.Role, Created: now, Updated: now},
		Password: hash, Generation: 1,
	}
	if err := s.save(ctx, kindAccount, id, 0, account); err != nil {
		return nil, err
	}
	return &account.Account, nil
}

// takeName claims a name. A claim whose account was never written, because the
// process ended in between, may be taken over after a while.
func (s *Service) takeName(ctx context.Context, name, id string) error {
	const abandoned = time.Minute
	taken := collections.Errorf(collections.Exists, "name", "The name %q is taken: choose another.", name)
	var claim storedName
	rev, err := s.load(ctx, kindName, foldName(name), &claim)
	switch {
	case errors.Is(err, collections.ErrNotFound):
	case err != nil:
		return err
	case claim.Account == id:
		return nil // by another server, for the same first account
	default:
		_, _, err := s.account(ctx, claim.Account)
		if err == nil || s.millis()-claim.Taken < abandoned.Milliseconds() {
			return taken
		}
		if !isCode(err, collections.NotFound) {
			return err
		}
	}
	err = s.save(ctx, kindName, foldName(name), rev, storedName{Account: id, Taken: s.millis()})
	if errors.Is(err, collections.ErrStale) {
		return taken
	}
	return err
}

func checkRole(r collections.Role) error {
	switch r {
	case collections.Owner, collections.Designer, collections.Editor, collections.Worker:
		return nil
	}
	return collections.Errorf(collections.Invalid, "role",
		"There is no role %q: use owner, designer, editor or worker.", r)
}
