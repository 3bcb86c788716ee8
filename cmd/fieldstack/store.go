package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/mongo"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// isDatabase reports whether a store is named by the URI of a MongoDB server, and not by
// a data folder.
func isDatabase(where string) bool {
	return strings.HasPrefix(where, "mongodb://") || strings.HasPrefix(where, "mongodb+srv://")
}

// shownStore is how a store is named to people: without a password.
func shownStore(where string) string {
	if isDatabase(where) {
		return mongo.Shown(where)
	}
	return where
}

// openStoreAt opens the store that is named by a URI or by a data folder, and makes it
// where there is none. log may be nil. Of a folder the error wraps [sqlite.ErrInUse] while
// another process has it.
func openStoreAt(ctx context.Context, where string, log *slog.Logger) (collections.Store, error) {
	if isDatabase(where) {
		if log == nil {
			log = slog.New(slog.DiscardHandler)
		}
		return opened(mongo.Open(ctx, mongo.Options{URI: where, Log: log}))
	}
	if scheme, _, ok := strings.Cut(where, "://"); ok {
		return nil, fmt.Errorf("a store is a data folder or a database such as mongodb://host/fieldstack: there is no %s://", scheme)
	}
	return opened(sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(where, databaseFile), Log: log}))
}

// opened is a store, and none where there is an error.
func opened[S collections.Store](s S, err error) (collections.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}
