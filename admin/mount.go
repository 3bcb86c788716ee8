package admin

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"time"

	"github.com/fieldstack/fieldstack/admin/jobs"
	"github.com/fieldstack/fieldstack/admin/office"
	"github.com/fieldstack/fieldstack/admin/people"
	"github.com/fieldstack/fieldstack/admin/presence"
	"github.com/fieldstack/fieldstack/admin/records"
	"github.com/fieldstack/fieldstack/admin/transfer"
	"github.com/fieldstack/fieldstack/admin/ui"
	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/internal/web"
	"github.com/fieldstack/fieldstack/templates"
)

// Config is what the pages are made of. Version and Random have defaults, all else is
// required.
type Config struct {
	Types    Types
	Records  records.Asks
	Accounts Accounts
	Tokens   Tokens
	Views    *views.Store    // saved views of records
	Jobs     *jobs.Runner    // what takes longer than a request; whoever made it closes it
	Transfer transfer.Engine // what imports and exports ask
	Uploads  Uploads         // where files that are sent are kept, and how large they may be
	Office   office.Asks     // what the pages about the server ask; its Types may be left out
	People   people.Asks     // what the pages about who may do what ask; Random is Config's

	Now     func() time.Time
	Random  io.Reader // of passwords; default crypto/rand
	Version string    // of the program, shown at the foot; default "dev"
	Stories bool      // show the stories of the pages, to anybody, at /admin/_stories
}

// Uploads says where files that are sent are kept for as long as they are worked with,
// and how large they may be.
type Uploads struct {
	Folder    string // of the pages' own: it is emptied when they are mounted
	MaxImport int64  // bytes of a file with records or a type
}

// pages is what the handlers share. It holds no state of its own.
type pages struct {
	Config
	*ui.Kit
	hub *presence.Hub // who has which page open
}

// Mount registers the pages on a server that does not serve yet. An error means a
// mistake in the program.
func Mount(server *web.Server, c Config) error {
	if c.Types == nil || c.Records == nil || c.Accounts == nil || c.Tokens == nil || c.Views == nil || c.Jobs == nil || c.Transfer == nil || c.People.Engine == nil || c.People.Accounts == nil || c.Now == nil || c.Uploads.Folder == "" || c.Uploads.MaxImport <= 0 {
		return errors.New("admin: types, records, accounts, tokens, transfers, uploads, people and the time must be given")
	}
	c.Office.Types = c.Types
	if err := c.Office.Check(); err != nil {
		return err
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	c.People.Random = c.Random
	c.Version = cmp.Or(c.Version, "dev")
	static, err := templates.LoadStatic()
	if err != nil {
		return err
	}
	kit := &ui.Kit{Server: server, Static: static, Now: c.Now, Version: c.Version, Name: c.serverName, Language: c.language, Attention: records.AttentionBadge(c.Records)}
	p := &pages{Config: c, Kit: kit, hub: presence.New()}
	routes, err := p.routes()
	if err != nil {
		return err
	}
	if c.Stories {
		routes = append(p.storybook(), routes...)
	}
	return server.Register(routes...)
}

// serverName is what the owner calls this server.
func (c Config) serverName() string { return c.Office.Settings.Values(context.Background()).Name }

// language is what the owner chose for who has chosen none.
func (c Config) language() string { return c.Office.Settings.Values(context.Background()).Language }
