package main

import (
	"cmp"
	"context"
	"strings"

	"github.com/fieldstack/fieldstack/admin/office"
	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/activity"
	"github.com/fieldstack/fieldstack/internal/hooks"
	"github.com/fieldstack/fieldstack/internal/settings"
)

// defaultMaxBackup is how large a backup that is brought in the browser may be, in MiB.
const defaultMaxBackup = 4096

// languages are those that pages can be in.
var languages = []string{"en", "de"}

// openOffice opens what watches over the server: settings and webhooks.
func (s *server) openOffice(ctx context.Context, c serverConfig) (err error) {
	store := s.engine.Store()
	if s.settings, err = settings.Open(ctx, settings.Config{Items: store, Languages: languages, Now: c.Now}); err != nil {
		return err
	}
	if !c.shared() {
		if err := s.openBackups(ctx, c); err != nil {
			return err
		}
	}
	s.hooks, err = hooks.Open(ctx, hooks.Config{
		Items: store, Log: s.engine, Owner: s.ownerNow, Now: c.Now, Journal: c.Log,
		Agent: "fieldstack", Chore: s.chore(c, "webhooks"),
		Private: func() bool { return c.PrivateHooks || s.settings.Values(context.Background()).PrivateHooks },
		Count: func(delivered, failed int) {
			s.activity.Add(activity.Counts{Delivered: uint64(delivered), Failed: uint64(failed)})
			s.metrics.Webhooks(delivered, failed)
		},
	})
	return err
}

// closeOffice ends what openOffice began.
func (s *server) closeOffice() {
	if s.hooks != nil {
		s.hooks.Close()
	}
	if s.backups != nil {
		s.backups.Close()
	}
}

// ownerNow gives an account as it is now, if it is an owner's that can sign in.
func (s *server) ownerNow(ctx context.Context, id string) (collections.Actor, error) {
	account, err := s.accounts.Account(ctx, operator, id)
	if err != nil {
		return collections.Actor{}, err
	}
	if account.Disabled || account.Role != collections.Owner {
		return collections.Actor{}, collections.Errorf(collections.Forbidden, "", "%s is no owner any more.", account.Name)
	}
	return collections.Actor{User: account.ID, Name: account.Name, Role: account.Role}, nil
}

// officeAsks is what the pages about the server ask.
func (s *server) officeAsks(c serverConfig) office.Asks {
	history := ""
	if c.Keep > 0 {
		history = c.Keep.String()
	}
	asks := office.Asks{
		Servers: s.roll, Shared: c.shared(),
		Activity: s.activity, Trail: s.accounts, Hooks: s.hooks, Settings: s.settings, MaxBackup: cmp.Or(c.MaxBackup, defaultMaxBackup<<20), Restart: s.startAnew,
		Facts: []office.Fact{
			{Name: office.FactHistory, Value: history, Flag: "--keep-history"},
			{Name: office.FactOrigins, Value: strings.Join(c.Origins, ", "), Flag: "--allow-origin"},
			{Name: office.FactData, Value: c.Data, Flag: "--data"},
		},
	}
	if s.backups != nil { // a nil service would be no nil interface
		asks.Backups = s.backups
	}
	return asks
}

// startAnew asks for the server to be closed and started again, which restores what is
// staged. It returns at once.
func (s *server) startAnew() {
	select {
	case s.restart <- struct{}{}:
	default:
	}
}
