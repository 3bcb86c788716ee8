package auth

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
)

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
		s.audit(ctx, AuditEntry{Who: account.Name, Area: AreaTokens, Did: "created a token", About: n.Label, Detail: c.ID})
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
	s.audit(ctx, AuditEntry{Who: a.Name, Area: AreaTokens, Did: "revoked a " + string(c.Kind), About: c.Label, Detail: id})
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

// Credentials lists all that proves somebody to be who they are, browsers' sessions too:
// one's own, or as an owner everybody's. Those past are left out.
func (s *Service) Credentials(ctx context.Context, a collections.Actor) ([]*Credential, error) {
	list, err := s.Tokens(ctx, a)
	if err != nil {
		return nil, err
	}
	all := mayManage(a) == nil
	var bad error
	err = s.each(ctx, kindSession, func(item collections.Item) bool {
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
