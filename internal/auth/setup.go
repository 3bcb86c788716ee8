package auth

import (
	"context"
	"crypto/subtle"
	"net/netip"

	"github.com/fieldstack/fieldstack/collections"
)

// NeedsSetup reports whether there is no account yet.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	items, err := s.items.Items(ctx, kindAccount, "", 1)
	return len(items) == 0, err
}

// SetupToken is what SetUp asks for. Whoever starts the server shows it to the person
// in front of it; it is of no use once there is an account.
func (s *Service) SetupToken() string { return s.setup }

// SetUp makes the first account, an owner. Forbidden when there is one already.
func (s *Service) SetUp(ctx context.Context, token, name, password string, from netip.Addr) (*Account, error) {
	try, err := s.throttle.begin("\x00setup", from)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.setup)) != 1 {
		return nil, collections.Errorf(collections.Unauthorized, "token",
			"The set-up token is not right: copy the one the server printed when it started.")
	}
	try.succeeded()
	s.accounts.Lock()
	defer s.accounts.Unlock()
	needed, err := s.NeedsSetup(ctx)
	if err != nil {
		return nil, err
	}
	if !needed {
		return nil, collections.Errorf(collections.Forbidden, "", "This server is set up already: sign in.")
	}
	account, err := s.register(ctx, NewAccount{Name: name, Password: password, Role: collections.Owner})
	if err != nil {
		return nil, err
	}
	s.audit(ctx, AuditEntry{Who: account.Name, Area: AreaSignIn, Did: "set the server up", From: from.String()})
	return account, nil
}
