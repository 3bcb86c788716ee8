package main

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// serverPeople are the accounts of a running server.
type serverPeople struct{ *remote }

func (r serverPeople) list(ctx context.Context) ([]*auth.Account, error) {
	var answer struct{ Accounts []*auth.Account }
	err := r.call(ctx, http.MethodGet, "/api/_accounts", nil, &answer)
	return answer.Accounts, err
}

// add makes an account, which is never the first: somebody has made the token.
func (r serverPeople) add(ctx context.Context, n auth.NewAccount) (collections.Role, error) {
	role := cmp.Or(n.Role, collections.Worker)
	return role, r.call(ctx, http.MethodPost, "/api/_accounts", map[string]any{"name": n.Name, "password": n.Password, "role": role}, nil)
}

func (r serverPeople) update(ctx context.Context, id string, c auth.AccountChange) error {
	body := map[string]any{}
	if c.Role != nil {
		body["role"] = *c.Role
	}
	if c.Disabled != nil {
		body["disabled"] = *c.Disabled
	}
	if c.Password != nil {
		body["password"] = *c.Password
	}
	return r.call(ctx, http.MethodPatch, "/api/_accounts/"+url.PathEscape(id), body, nil)
}

func (r serverPeople) createToken(context.Context, string, auth.NewToken) (string, error) {
	return "", errors.New("a token cannot make tokens: make one in the admin pages, or with --data on the data folder while the server is stopped")
}

func (r serverPeople) tokens(ctx context.Context) ([]*auth.Credential, error) {
	var answer struct{ Tokens []*auth.Credential }
	err := r.call(ctx, http.MethodGet, "/api/_tokens", nil, &answer)
	return answer.Tokens, err
}

func (r serverPeople) revoke(ctx context.Context, id string) error {
	return r.call(ctx, http.MethodDelete, "/api/_tokens/"+url.PathEscape(id), nil, nil)
}

func (r serverPeople) close() error { return nil }
