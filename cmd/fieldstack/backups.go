package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fieldstack/fieldstack/internal/backups"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// backupFolder is where the backups of a data folder are.
func backupFolder(data string) string { return filepath.Join(data, "backups") }

// openBackups opens the backups that the server makes by itself and on its pages.
func (s *server) openBackups(ctx context.Context, c serverConfig) (err error) {
	s.backups, err = backups.Open(ctx, backups.Config{
		Folder: backupFolder(c.Data), Source: s.engine, Inspect: inspectBackup, Now: c.Now, Log: c.Log,
		Plan: func() (string, int) {
			v := s.settings.Values(context.Background())
			return v.BackupAt, v.Kept()
		},
	})
	return err
}

// inspectBackup reads all of a backup and says what is in it.
func inspectBackup(ctx context.Context, path string) (*backups.Report, error) {
	if parts, err := isParts(path); parts || err != nil {
		if err != nil {
			return nil, err
		}
		return inspectParts(ctx, path)
	}
	report, err := sqlite.Verify(ctx, path)
	if err != nil {
		return nil, err
	}
	contents, err := sqlite.ReadContents(ctx, path)
	if err != nil {
		return nil, err
	}
	r := &backups.Report{Epoch: report.Epoch, Records: report.Records, Entries: report.Entries}
	for _, c := range contents {
		r.Types = append(r.Types, backups.Count{Type: c.Type, Records: c.Records, Trash: c.Trash})
		r.Newest = max(r.Newest, c.Newest)
	}
	return r, nil
}

// applyRestore restores the backup that was chosen for this start, if one was.
func applyRestore(ctx context.Context, c serverConfig) (*backups.Applied, error) {
	folder := backupFolder(c.Data)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	database := filepath.Join(c.Data, databaseFile)
	lock, err := sqlite.Hold(database)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	return backups.Apply(ctx, folder, database, c.Now(), restoreTo)
}

// restoreTo makes a database out of a backup, with a history of its own.
func restoreTo(ctx context.Context, from, to string) error {
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	defer file.Close()
	parts, err := isParts(from)
	if err == nil && parts {
		_, err = restorePartsTo(ctx, to, file)
		return err
	}
	if err == nil {
		err = sqlite.Restore(ctx, sqlite.Options{Path: to}, file)
	}
	if err != nil {
		return fmt.Errorf("restoring %s: %w", filepath.Base(from), err)
	}
	return nil
}
