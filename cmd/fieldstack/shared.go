package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/mongo"
	"github.com/fieldstack/fieldstack/internal/servers"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// shared reports whether other servers may have the store as well.
func (c serverConfig) shared() bool { return c.Store != "" || c.Opened != nil }

// checkStoreURI says what is wrong with what --store names.
func checkStoreURI(uri string) error {
	if isDatabase(uri) {
		return nil
	}
	return errors.New("--store: give the address of a MongoDB database, such as mongodb://db1,db2,db3/fieldstack?replicaSet=rs0; for a store in a folder, leave it out and name the folder with --data")
}

// openShared opens the store that several servers share.
func openShared(ctx context.Context, c serverConfig) (collections.Store, error) {
	if c.Opened != nil {
		return c.Opened, nil
	}
	return openStoreAt(ctx, c.Store, c.Log)
}

// newSelf says who this server is. Its ID no other has at any time, not even the one that
// ran here before it.
func newSelf(c serverConfig) servers.Server {
	host, err := os.Hostname()
	if err != nil {
		host = "server"
	}
	name := cmp.Or(c.Name, host)
	return servers.Server{
		ID: name + "." + strings.ToLower(rand.Text()[:8]), Name: name, Version: versionText(), Started: c.Now().UnixMilli(),
	}
}

// owner is by what name the server holds what one at a time may have; "" where it is alone.
func (c serverConfig) owner(self servers.Server) string {
	if !c.shared() {
		return ""
	}
	return self.ID
}

// chore makes a chore of those that one server does at a time; nil where it is alone.
func (s *server) chore(c serverConfig, name string) *collections.Chore {
	if !c.shared() {
		return nil
	}
	// The time of the process, not that of the configuration: it must not jump.
	return collections.NewChore(collections.ChoreConfig{Items: s.engine.Store(), Name: name, Owner: s.self.ID, Now: time.Now, Log: c.Log})
}

// nothingHeld is what closes when nothing was held.
type nothingHeld struct{}

func (nothingHeld) Close() error { return nil }

// holdFolder makes this process the only one on its folder, where no store in it does: each
// server has uploads of its own there.
func holdFolder(c serverConfig) (io.Closer, error) {
	if !c.shared() {
		return nothingHeld{}, nil
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder: %w", err)
	}
	lock, err := sqlite.Hold(filepath.Join(c.Data, "server"))
	if errors.Is(err, sqlite.ErrInUse) {
		return nil, fmt.Errorf("a server is running with the folder %s already: name another one with --data, for what this server has for itself", c.Data)
	}
	return lock, err
}

// enrol puts the server on the list of those that share the store.
func (s *server) enrol(ctx context.Context, c serverConfig) (err error) {
	s.self.Address = s.address
	s.roll, err = servers.Open(ctx, servers.Config{Items: s.engine.Store(), Self: s.self, Now: c.Now, Log: c.Log, Alone: !c.shared()})
	return err
}

// leaveRoll takes it off again.
func (s *server) leaveRoll() {
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	// Where it cannot be written, others see for themselves that it is gone.
	_ = s.roll.Close(ctx)
}

// aboutStore says in a few lines what the shared store is and what that means for safety.
func (s *server) aboutStore(c serverConfig) string {
	store, ok := s.store.(*mongo.Store)
	if !ok {
		return ""
	}
	return fmt.Sprintf("  Store         %s\n                %s\n  This server   %s\n\n%s\n", mongo.Shown(c.Store), store.Server(), s.self.Name, store.Server().Safety())
}
