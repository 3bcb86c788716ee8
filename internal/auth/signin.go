package auth

import (
	"context"
	"errors"
	"net/netip"

	"github.com/fieldstack/fieldstack/collections"
)

// errWrong is the one answer to a sign-in that is not right, whatever is not right.
var errWrong = collections.Errorf(collections.Unauthorized, "",
	"The name or the password is not right: try again, or ask an owner for a new password.")

// SignIn begins a session and gives its text. Each sign-in makes a new one. The
// error is Unauthorized, the same for an unknown name, a wrong password and a
// disabled account, or a *Throttled.
func (s *Service) SignIn(ctx context.Context, name, password string, from netip.Addr) (text string, who *Identity, err error) {
	account, err := s.prove(ctx, name, password, from)
	if err != nil {
		return "", nil, err
	}
	text, c, err := s.issue(ctx, account, Credential{Kind: Session})
	if err != nil {
		return "", nil, err
	}
	s.audit(ctx, AuditEntry{Who: account.Name, Area: AreaSignIn, Did: "signed in", From: from.String()})
	return text, identify(account, c), nil
}

func identify(account *storedAccount, c *Credential) *Identity {
	e := &entry{account: account, credential: storedCredential{Credential: *c}}
	return e.identity()
}

// prove finds the account that a name and a password belong to.
func (s *Service) prove(ctx context.Context, name, password string, from netip.Addr) (*storedAccount, error) {
	if len(name) > 4*MaxName || len(password) > 4*MaxPassword {
		return nil, errWrong // no account can have these; what it costs tells nothing
	}
	try, err := s.begin(ctx, foldName(name), from)
	if err != nil {
		return nil, err
	}
	account, rev, err := s.named(ctx, name)
	if err != nil {
		return nil, err
	}
	hash := ""
	if account != nil && !account.Disabled {
		hash = account.Password
	}
	ok, err := s.hasher.matches(ctx, password, hash)
	if err != nil {
		return nil, err
	}
	if !ok {
		s.audit(ctx, AuditEntry{Who: clip(name), Area: AreaSignIn, Did: "was refused at sign-in", From: from.String()})
		return nil, errWrong
	}
	try.succeeded(ctx)
	s.rehash(ctx, account, rev, password)
	return account, nil
}

// rehash brings a hash made at an earlier cost to today's.
func (s *Service) rehash(ctx context.Context, account *storedAccount, rev uint64, password string) {
	if !s.hasher.outdated(account.Password) {
		return
	}
	hash, err := s.hasher.hash(ctx, password)
	if err == nil {
		account.Password = hash
		err = s.save(ctx, kindAccount, account.ID, rev, account)
	}
	if err != nil && !errors.Is(err, collections.ErrStale) {
		s.log.WarnContext(ctx, "auth: bring a password hash up to date", "error", err)
	}
}

// ChangePassword sets one's own password, which takes the one of now. It ends all
// credentials of the account and gives a new session for the one who did it.
func (s *Service) ChangePassword(ctx context.Context, who *Identity, old, new string, from netip.Addr) (text string, err error) {
	if who.Kind != Session {
		return "", collections.Errorf(collections.Forbidden, "", "A token may not change the password: sign in with it first.")
	}
	if _, err := s.prove(ctx, who.Actor.Name, old, from); err != nil {
		if isCode(err, collections.Unauthorized) {
			return "", collections.Errorf(collections.Forbidden, "old", "The password of now is not right: type it again.")
		}
		return "", err
	}
	s.accounts.Lock()
	defer s.accounts.Unlock()
	account, rev, err := s.account(ctx, who.Actor.User)
	if err != nil {
		return "", err
	}
	if _, err := s.apply(ctx, account, AccountChange{Password: &new}); err != nil {
		return "", err
	}
	if err := s.replace(ctx, account, rev); err != nil {
		return "", err
	}
	s.audit(ctx, AuditEntry{Who: account.Name, Area: AreaAccounts, Did: "changed the password", From: from.String()})
	text, _, err = s.issue(ctx, account, Credential{Kind: Session})
	return text, err
}

// clip keeps a name that anybody may have typed short enough to write down.
func clip(name string) string {
	if r := []rune(name); len(r) > MaxName {
		return string(r[:MaxName]) + "…"
	}
	return name
}
