package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

var errSignedOut = collections.Errorf(collections.Unauthorized, "",
	"You are not signed in, or no longer: sign in and try again.")

// Authenticate says who the text of a credential proves to be. Unauthorized for one
// that is unknown, expired or revoked, or whose account is disabled.
func (s *Service) Authenticate(ctx context.Context, text string) (*Identity, error) {
	kind, id, secret, ok := split(text)
	if !ok {
		return nil, errSignedOut
	}
	e, err := s.known(ctx, kind, id)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(hash[:], e.credential.Hash) != 1 {
		return nil, errSignedOut
	}
	s.touch(ctx, e)
	return e.identity(), nil
}

// Check says again whether an identity still holds, for a connection that stays open.
func (s *Service) Check(ctx context.Context, who *Identity) (*Identity, error) {
	e, err := s.known(ctx, who.Kind, who.Credential)
	if err != nil {
		return nil, err
	}
	s.touch(ctx, e)
	return e.identity(), nil
}

// known finds a credential that holds, with its account. It reads the store only
// when something was revoked since it last did.
func (s *Service) known(ctx context.Context, kind Kind, id string) (*entry, error) {
	e, version := s.live.get(id)
	if e == nil {
		var err error
		if e, err = s.read(ctx, kind, id); err != nil {
			return nil, err
		}
		s.live.put(id, e, version)
	}
	if e.credential.Kind != kind || s.expired(e) || e.account.Disabled ||
		e.credential.Generation != e.account.Generation {
		return nil, errSignedOut
	}
	return e, nil
}

func (s *Service) expired(e *entry) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.credential.expired(s.millis())
}

func (s *Service) read(ctx context.Context, kind Kind, id string) (*entry, error) {
	e := &entry{}
	rev, err := s.load(ctx, itemKind(kind), id, &e.credential)
	if errors.Is(err, collections.ErrNotFound) {
		return nil, errSignedOut
	}
	if err != nil {
		return nil, err
	}
	e.rev = rev
	account, _, err := s.account(ctx, e.credential.Account)
	if isCode(err, collections.NotFound) {
		return nil, errSignedOut
	}
	if err != nil {
		return nil, err
	}
	e.account = account
	return e, nil
}

// touch notes the use of a credential, at most once a minute. That it was used is
// worth less than the request it came with: a failure is logged, no more.
func (s *Service) touch(ctx context.Context, e *entry) {
	e.mu.Lock()
	now := s.millis()
	if now-e.credential.Used < time.Minute.Milliseconds() {
		e.mu.Unlock()
		return
	}
	e.credential.Used = now
	copied, rev := e.credential, e.rev
	e.rev++
	e.mu.Unlock()
	err := s.save(ctx, itemKind(copied.Kind), copied.ID, rev, copied)
	if err == nil {
		return
	}
	s.live.drop(copied.ID) // read anew: another process wrote it, or nobody knows
	if !errors.Is(err, collections.ErrStale) {
		s.log.WarnContext(ctx, "auth: note the use of a credential", "error", err)
	}
}

// SignOut ends the credential that somebody came with.
func (s *Service) SignOut(ctx context.Context, who *Identity) error {
	if err := s.end(ctx, who.Kind, who.Credential); err != nil {
		return err
	}
	s.audit(ctx, AuditEntry{Who: who.Actor.Name, Area: AreaSignIn, Did: "signed out"})
	return nil
}

func (s *Service) end(ctx context.Context, kind Kind, id string) error {
	if err := s.items.DeleteItem(ctx, itemKind(kind), id); err != nil {
		return err
	}
	return s.revokedOne(ctx, id)
}
