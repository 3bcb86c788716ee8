package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
)

// folderPeople are the accounts of a data folder.
type folderPeople struct {
	*folderTarget
	accounts *auth.Service
}

func (f *targetFlags) openFolderPeople(ctx context.Context) (*folderPeople, error) {
	folder, err := f.openFolder(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := auth.Open(ctx, auth.Config{Items: folder.engine.Store()})
	if err != nil {
		return nil, errors.Join(err, folder.close())
	}
	return &folderPeople{folder, accounts}, nil
}

func (f *folderPeople) list(ctx context.Context) ([]*auth.Account, error) {
	return f.accounts.Accounts(ctx, operator)
}

// add makes an account. Whoever holds the data folder may make the first owner
// without the link that serve prints; another first account would leave nobody who
// can let others in.
func (f *folderPeople) add(ctx context.Context, n auth.NewAccount) (collections.Role, error) {
	first, err := f.accounts.NeedsSetup(ctx)
	if err != nil {
		return "", err
	}
	if n.Role == "" {
		n.Role = collections.Worker
		if first {
			n.Role = collections.Owner
		}
	}
	if first && slices.Contains(collections.Roles(), n.Role) && n.Role != collections.Owner {
		return "", fmt.Errorf("the first account must be an owner's, who can add the others: add %q without --role, or an owner before", n.Name)
	}
	_, err = f.accounts.Create(ctx, operator, n)
	return n.Role, err
}

func (f *folderPeople) update(ctx context.Context, id string, change auth.AccountChange) error {
	_, err := f.accounts.Update(ctx, operator, id, change)
	return err
}

func (f *folderPeople) createToken(ctx context.Context, account string, n auth.NewToken) (string, error) {
	who, err := f.accounts.Account(ctx, operator, account)
	if err != nil {
		return "", err
	}
	text, _, err := f.accounts.CreateToken(ctx, &auth.Identity{Actor: collections.Actor{User: who.ID, Name: who.Name, Role: who.Role}}, n)
	return text, err
}

func (f *folderPeople) tokens(ctx context.Context) ([]*auth.Credential, error) {
	return f.accounts.Tokens(ctx, operator)
}

func (f *folderPeople) revoke(ctx context.Context, id string) error {
	return f.accounts.Revoke(ctx, operator, id)
}

func (f *folderPeople) close() error {
	f.accounts.Close()
	return f.folderTarget.close()
}
