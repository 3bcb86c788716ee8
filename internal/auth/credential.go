package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Kind says what a credential is for.
type Kind string

// The kinds of credentials.
const (
	Session Kind = "session" // a browser, after sign-in
	Token   Kind = "token"   // a program, until revoked
	Device  Kind = "device"  // an enrolled device
)

// How long credentials last.
const (
	SessionIdle     = 12 * time.Hour       // a session that is not used
	SessionAbsolute = 30 * 24 * time.Hour  // a session, however much it is used
	DeviceIdle      = 180 * 24 * time.Hour // a device that never calls
)

// The text of a credential is a prefix for its kind, its id and its secret, of fixed
// lengths. The prefixes let a secret scanner know one.
const (
	prefixLen   = len("fst_")
	idBytes     = 10
	idLen       = 16 // base32 of idBytes
	secretBytes = 20 // 160 bits
	secretLen   = 32
)

var prefixes = map[Kind]string{Session: "fss_", Token: "fst_", Device: "fsd_"}

// Credential is one credential without its secret.
type Credential struct {
	ID      string   `json:"id"`
	Kind    Kind     `json:"kind"`
	Account string   `json:"account"` // id
	Label   string   `json:"label,omitempty"`
	Scopes  []string `json:"scopes,omitempty"` // of a Token; none: all its account may
	Created int64    `json:"created"`          // ms since 1970 UTC
	Used    int64    `json:"used"`             // last use, to the minute
	Expires int64    `json:"expires,omitempty"`
}

// storedCredential is a credential with what never leaves this package.
type storedCredential struct {
	Credential
	Hash       []byte `json:"hash"`       // SHA-256 of the secret
	Generation uint64 `json:"generation"` // of the account, when issued
}

// expired says whether the credential is past, now in ms.
func (c *storedCredential) expired(now int64) bool {
	idle := map[Kind]time.Duration{Session: SessionIdle, Device: DeviceIdle}[c.Kind]
	return c.Expires != 0 && now >= c.Expires || idle != 0 && now >= c.Used+idle.Milliseconds()
}

// Identity is who a request proved to come from.
type Identity struct {
	Actor      collections.Actor
	Credential string // its id, for Watch and SignOut
	Kind       Kind
}

// issue makes a credential and gives its text, which is never to be had again.
func (s *Service) issue(ctx context.Context, account *storedAccount, c Credential) (text string, issued *Credential, err error) {
	if c.ID, err = s.secret(idBytes); err != nil {
		return "", nil, err
	}
	secret, err := s.secret(secretBytes)
	if err != nil {
		return "", nil, err
	}
	c.Account, c.Created = account.ID, s.millis()
	c.Used = c.Created
	if c.Kind == Session {
		c.Expires = c.Created + SessionAbsolute.Milliseconds()
	}
	hash := sha256.Sum256([]byte(secret))
	stored := storedCredential{Credential: c, Hash: hash[:], Generation: account.Generation}
	if err := s.save(ctx, itemKind(c.Kind), c.ID, 0, stored); err != nil {
		return "", nil, err
	}
	return prefixes[c.Kind] + c.ID + secret, &c, nil
}

// itemKind is where credentials of a kind are kept.
func itemKind(k Kind) string {
	if k == Session {
		return kindSession
	}
	return kindToken
}

// split takes the text of a credential apart.
func split(text string) (kind Kind, id, secret string, ok bool) {
	if len(text) != prefixLen+idLen+secretLen {
		return "", "", "", false
	}
	for k, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return k, text[prefixLen : prefixLen+idLen], text[prefixLen+idLen:], true
		}
	}
	return "", "", "", false
}

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
		s.log.Warn("auth: note the use of a credential", "error", err)
	}
}

// Tokens lists API and device tokens: one's own, or as an owner everybody's.
func (s *Service) Tokens(ctx context.Context, a collections.Actor) ([]*Credential, error) {
	all := mayManage(a) == nil
	list := []*Credential{}
	var bad error
	err := s.each(ctx, kindToken, func(item collections.Item) bool {
		var c storedCredential
		if bad = json.Unmarshal(item.Data, &c); bad != nil {
			return false
		}
		if (all || c.Account == a.User) && !c.expired(s.millis()) {
			list = append(list, &c.Credential)
		}
		return true
	})
	slices.SortFunc(list, func(a, b *Credential) int { return int(a.Created - b.Created) })
	return list, errors.Join(err, bad)
}

// NewToken is what an API token is made of.
type NewToken struct {
	Label   string   // says what it is for
	Scopes  []string // "read", "write", "type:<name>"; none: all its account may
	Expires int64    // ms since 1970 UTC, 0: never
}

// CreateToken makes an API token for one's own account and gives its text once.
// A token cannot make tokens, so none widens itself.
func (s *Service) CreateToken(ctx context.Context, who *Identity, n NewToken) (text string, c *Credential, err error) {
	if err := s.mayIssue(who); err != nil {
		return "", nil, err
	}
	if err := checkToken(n, s.millis()); err != nil {
		return "", nil, err
	}
	if len(n.Scopes) == 0 {
		n.Scopes = nil // to the engine, none and an empty list are two things
	}
	account, _, err := s.account(ctx, who.Actor.User)
	if err != nil {
		return "", nil, err
	}
	text, c, err = s.issue(ctx, account, Credential{Kind: Token, Label: n.Label, Scopes: n.Scopes, Expires: n.Expires})
	if err == nil {
		s.audit(ctx, AuditEntry{Who: account.Name, Did: "created a token", About: n.Label, Detail: c.ID})
	}
	return text, c, err
}

func (s *Service) mayIssue(who *Identity) error {
	if who.Kind == Token {
		return collections.Errorf(collections.Forbidden, "", "A token may not make credentials: sign in with a password.")
	}
	return nil
}

// Revoke ends a token or a session: one's own, or any as an owner. NotFound for one
// that is not there or not to be seen.
func (s *Service) Revoke(ctx context.Context, a collections.Actor, id string) error {
	c, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	if c == nil || c.Account != a.User && mayManage(a) != nil || a.Scopes != nil {
		return collections.Errorf(collections.NotFound, "", "There is no token %q here: GET /api/_tokens lists those there are.", clip(id))
	}
	if err := s.end(ctx, c.Kind, id); err != nil {
		return err
	}
	s.audit(ctx, AuditEntry{Who: a.Name, Did: "revoked a " + string(c.Kind), About: c.Label, Detail: id})
	return nil
}

// SignOut ends the credential that somebody came with.
func (s *Service) SignOut(ctx context.Context, who *Identity) error {
	if err := s.end(ctx, who.Kind, who.Credential); err != nil {
		return err
	}
	s.audit(ctx, AuditEntry{Who: who.Actor.Name, Did: "signed out"})
	return nil
}

func (s *Service) find(ctx context.Context, id string) (*storedCredential, error) {
	for _, kind := range []string{kindToken, kindSession} {
		var c storedCredential
		_, err := s.load(ctx, kind, id, &c)
		if err == nil {
			return &c, nil
		}
		if !errors.Is(err, collections.ErrNotFound) {
			return nil, err
		}
	}
	return nil, nil
}

func (s *Service) end(ctx context.Context, kind Kind, id string) error {
	if err := s.items.DeleteItem(ctx, itemKind(kind), id); err != nil {
		return err
	}
	return s.revokedOne(ctx, id)
}

func checkToken(n NewToken, now int64) error {
	if err := checkLabel(n.Label); err != nil {
		return err
	}
	if len(n.Scopes) > 100 {
		return collections.Errorf(collections.Invalid, "scopes", "There are %d scopes: use at most 100.", len(n.Scopes))
	}
	for _, scope := range n.Scopes {
		if scope != "read" && scope != "write" && (!strings.HasPrefix(scope, "type:") || len(scope) > 80) {
			return collections.Errorf(collections.Invalid, "scopes",
				"There is no scope %q: use read, write or type: with a type's name.", scope)
		}
	}
	if n.Expires != 0 && n.Expires <= now {
		return collections.Errorf(collections.Invalid, "expires", "The expiry is in the past: give a later one, or none.")
	}
	return nil
}

func checkLabel(label string) error {
	if n := len(label); n == 0 || n > 100 {
		return collections.Errorf(collections.Invalid, "label", "The label has %d bytes: use 1 to 100, to know it again later.", n)
	}
	return nil
}
