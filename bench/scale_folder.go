package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/auth"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// people is how many accounts a store of this benchmark has besides its owner: readers
// and devices come from each of them, because an account may have only so many streams.
const people = 200

// folder is a data folder: a type, an owner, workers and their tokens.
type folder struct {
	path   string
	Owner  string
	Tokens []string // of the workers
}

// newFolder makes a folder anew, with the program's own commands where it has them.
func newFolder(ctx context.Context, program, path string) (*folder, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	f := &folder{path: path}
	var err error
	if f.Owner, err = prepare(ctx, program, f.data(), path); err != nil {
		return nil, err
	}
	if err := f.addPeople(ctx); err != nil {
		return nil, err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return f, os.WriteFile(filepath.Join(path, "folder.json"), text, 0o600)
}

// openFolder gives a folder that was made before.
func openFolder(path string) (*folder, error) {
	text, err := os.ReadFile(filepath.Join(path, "folder.json"))
	if err != nil {
		return nil, fmt.Errorf("the work load makes the stores, and has not: %w", err)
	}
	f := &folder{path: path}
	return f, json.Unmarshal(text, f)
}

func (f *folder) data() string { return filepath.Join(f.path, "data") }

// file is the store.
func (f *folder) file() string { return filepath.Join(f.data(), "fieldstack.db") }

// addPeople makes the workers and a token for each, in the store itself: a password a
// worker would take longer than all else.
func (f *folder) addPeople(ctx context.Context) (err error) {
	store, err := sqlite.Open(ctx, sqlite.Options{Path: f.file()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	accounts, err := auth.Open(ctx, auth.Config{Items: store, Cost: auth.Cost{Memory: 64, Time: 1, Threads: 1}})
	if err != nil {
		return err
	}
	defer accounts.Close()
	for i := range people {
		a, err := accounts.Create(ctx, docsOwner, auth.NewAccount{Name: fmt.Sprintf("worker-%03d", i), Password: fmt.Sprintf("a long password %03d!", i), Role: collections.Worker})
		if err != nil {
			return err
		}
		who := &auth.Identity{Kind: auth.Session, Actor: collections.Actor{User: a.ID, Name: a.Name, Role: a.Role}}
		token, _, err := accounts.CreateToken(ctx, who, auth.NewToken{Label: "bench"})
		if err != nil {
			return err
		}
		f.Tokens = append(f.Tokens, token)
	}
	return nil
}

// serve starts the server on the folder.
func (f *folder) serve(ctx context.Context, program string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p, _, err := startTimed(ctx, address, "/healthz", nil, program, "serve", "--data", f.data(), "--listen", address, "--log-level", "error")
	return p, err
}

// startTimed starts a server and tells how long it took to its first answer.
func startTimed(ctx context.Context, address, ready string, env []string, program string, args ...string) (*process, time.Duration, error) {
	begun := time.Now()
	p, err := launch(address, env, program, args...)
	if err != nil {
		return nil, 0, err
	}
	for ctx.Err() == nil {
		resp, err := http.Get(p.url + ready)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return p, time.Since(begun), nil
			}
		}
		sleep(ctx, 2*time.Millisecond)
	}
	p.stop()
	return nil, 0, fmt.Errorf("%s did not answer at %s: %w", program, address, context.Cause(ctx))
}
