package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// people are the accounts of a data folder or of a running server.
type people interface {
	// list lists the accounts by name.
	list(ctx context.Context) ([]*auth.Account, error)
	// add makes an account and gives its role: that of n, or where n has none owner for
	// the first account and worker for the others.
	add(ctx context.Context, n auth.NewAccount) (collections.Role, error)
	update(ctx context.Context, id string, change auth.AccountChange) error
	// createToken makes an API token for an account and gives its text.
	createToken(ctx context.Context, account string, n auth.NewToken) (text string, err error)
	tokens(ctx context.Context) ([]*auth.Credential, error)
	revoke(ctx context.Context, id string) error
	close() error
}

func (f *targetFlags) openPeople(ctx context.Context) (people, error) {
	if f.server == "" {
		return f.openFolderPeople(ctx)
	}
	remote, err := f.openServer()
	return serverPeople{remote}, err
}

// withPeople opens the accounts that a command's flags name, for f.
func withPeople(flags *targetFlags, f func(cmd *cobra.Command, p people, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		p, err := flags.openPeople(cmd.Context())
		if err != nil {
			return err
		}
		return errors.Join(f(cmd, p, args), p.close())
	}
}

func accountID(ctx context.Context, p people, name string) (string, error) {
	accounts, err := p.list(ctx)
	if err != nil {
		return "", err
	}
	for _, a := range accounts {
		if a.Name == name {
			return a.ID, nil
		}
	}
	return "", fmt.Errorf("there is no account %q; 'fieldstack user list' shows those there are", name)
}
