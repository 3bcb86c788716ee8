package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/sqlite"
	"github.com/fieldstack/fieldstack/schema"
)

// operator is who works on a data folder: whoever can open it may do all.
var operator = collections.Actor{User: "operator", Name: "operator", Role: collections.Owner}

// openFolder opens the data folder that the flags name.
func (f *targetFlags) openFolder(ctx context.Context) (*folderTarget, error) {
	if !f.begins && !holdsStore(f.data) {
		return nil, fmt.Errorf("there is no fieldstack in %s; name its folder with --data, or a running server with --server", f.data)
	}
	engine, err := openEngine(ctx, f.data, f.keep)
	if errors.Is(err, sqlite.ErrInUse) {
		return nil, fmt.Errorf("a server is running on %s: stop it first, or work through it with --server and --token (%w)", f.data, err)
	}
	if err != nil {
		return nil, err
	}
	return &folderTarget{engine}, nil
}

// holdsStore reports whether a data folder has a store in it, as far as can be seen.
func holdsStore(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, databaseFile))
	return !errors.Is(err, fs.ErrNotExist)
}

// folderTarget works on a data folder.
type folderTarget struct{ engine *collections.Engine }

func (f *folderTarget) latest(ctx context.Context, typ string) (*schema.Schema, int, error) {
	t, err := f.engine.Type(ctx, operator, typ, 0)
	if hasCode(err, collections.NotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	return t.Schema, t.Version, nil
}

func (f *folderTarget) types(ctx context.Context) ([]typeVersion, error) {
	types, err := f.engine.Types(ctx, operator)
	list := make([]typeVersion, len(types))
	for i, t := range types {
		list[i] = typeVersion{t.Name, t.Version, t.Schema}
	}
	return list, err
}

func (f *folderTarget) saveDraft(ctx context.Context, typ string, text []byte) error {
	draft := collections.Draft{Name: typ, Schema: text}
	if had, err := f.engine.Draft(ctx, operator, typ); err == nil {
		draft.Rev = had.Rev
	} else if !hasCode(err, collections.NotFound) {
		return err
	}
	_, err := f.engine.SaveDraft(ctx, operator, draft)
	return err
}

func (f *folderTarget) publishDraft(ctx context.Context, typ string) (int, error) {
	t, _, err := f.engine.Publish(ctx, operator, typ, nil)
	if err != nil {
		return 0, err
	}
	return t.Version, nil
}

func (f *folderTarget) write(ctx context.Context, typ string, writes []collections.Write) ([]collections.WriteResult, error) {
	return f.engine.WriteAll(ctx, operator, typ, writes)
}

func (f *folderTarget) page(ctx context.Context, typ, after string) ([]map[string]any, string, error) {
	page, err := f.engine.List(ctx, operator, typ, collections.ListRequest{After: after, Limit: 500})
	if err != nil {
		return nil, "", err
	}
	docs := make([]map[string]any, len(page.Documents))
	for i, d := range page.Documents {
		docs[i] = map[string]any{"id": d.ID, "value": d.Value}
	}
	return docs, page.Next, nil
}

func (f *folderTarget) close() error { return f.engine.Close(context.Background()) }

func hasCode(err error, code collections.Code) bool {
	var e *collections.Error
	return errors.As(err, &e) && e.Code == code
}
