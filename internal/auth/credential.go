package auth

import (
	"context"
	"crypto/sha256"
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
	Label      string // what the credential is called, "" for nothing
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
