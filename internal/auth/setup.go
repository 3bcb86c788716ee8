package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"net/netip"
	"time"

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
	try, err := s.begin(ctx, "\x00setup", from)
	if err != nil {
		return nil, err
	}
	ok, err := s.isSetupToken(ctx, token)
	if err != nil {
		return nil, err
	}
	if needed, err := s.NeedsSetup(ctx); err == nil && !needed {
		return nil, setUpAlready()
	}
	if !ok {
		return nil, collections.Errorf(collections.Unauthorized, "token",
			"The set-up token is not right: copy the one the server printed when it started.")
	}
	try.succeeded(ctx)
	s.accounts.Lock()
	defer s.accounts.Unlock()
	needed, err := s.NeedsSetup(ctx)
	if err != nil {
		return nil, err
	}
	if !needed {
		return nil, setUpAlready()
	}
	account, err := s.registerFirst(ctx, NewAccount{Name: name, Password: password, Role: collections.Owner})
	if err != nil {
		return nil, err
	}
	s.audit(ctx, AuditEntry{Who: account.Name, Area: AreaSignIn, Did: "set the server up", From: from.String()})
	if err := s.sweepKind(ctx, kindSetup, func([]byte) bool { return true }); err != nil {
		s.log.Warn("auth: forget set-up tokens, which are of no use any more", "error", err)
	}
	return account, nil
}

// registerFirst makes the first account. All servers that would make one give it the same
// id, so that only one of them can write it.
func (s *Service) registerFirst(ctx context.Context, n NewAccount) (*Account, error) {
	id, err := s.firstID(ctx)
	if err != nil {
		return nil, err
	}
	account, err := s.registerAs(ctx, id, n)
	if !errors.Is(err, collections.ErrStale) {
		return account, err
	}
	// The name that was claimed for it leads to somebody else's account: it is let go of.
	first, _, err := s.account(ctx, id)
	if err == nil && foldName(first.Name) != foldName(n.Name) {
		err = s.items.DeleteItem(ctx, kindName, foldName(n.Name))
	}
	if err != nil {
		return nil, err
	}
	return nil, setUpAlready()
}

func setUpAlready() error {
	return collections.Errorf(collections.Forbidden, "", "This server is set up already: sign in.")
}

// firstID gives the id that the first account is to have.
func (s *Service) firstID(ctx context.Context) (string, error) {
	id, err := s.secret(idBytes)
	if err != nil {
		return "", err
	}
	err = s.save(ctx, kindFirst, "first", 0, id)
	if errors.Is(err, collections.ErrStale) {
		_, err = s.load(ctx, kindFirst, "first", &id)
	}
	return id, err
}

// setupLife is how long the link of another server works, should that one have ended
// without taking it back.
const setupLife = 24 * time.Hour

// storedSetup stands for a set-up token of a server on the store.
type storedSetup struct {
	Made int64 `json:"made"` // ms since 1970 UTC
}

func setupKey(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// offerSetup lets the other servers know by which token this one can be set up: whoever
// opens the link that it prints may come to any of them.
func (s *Service) offerSetup(ctx context.Context) error {
	if !s.shared {
		return nil
	}
	needed, err := s.NeedsSetup(ctx)
	if err != nil || !needed {
		return err
	}
	return s.save(ctx, kindSetup, setupKey(s.setup), 0, storedSetup{Made: s.millis()})
}

// withdrawSetup takes that back.
func (s *Service) withdrawSetup() {
	if !s.shared {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	if err := s.items.DeleteItem(ctx, kindSetup, setupKey(s.setup)); err != nil {
		s.log.Warn("auth: take a set-up token back", "error", err)
	}
}

// isSetupToken reports whether the token is this server's, or of another one on the store.
func (s *Service) isSetupToken(ctx context.Context, token string) (bool, error) {
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.setup)) == 1 {
		return true, nil
	}
	if !s.shared || len(token) != len(s.setup) {
		return false, nil
	}
	var other storedSetup
	_, err := s.load(ctx, kindSetup, setupKey(token), &other)
	if errors.Is(err, collections.ErrNotFound) {
		return false, nil
	}
	return err == nil && s.millis()-other.Made < setupLife.Milliseconds(), err
}
