package backups

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fieldstack/fieldstack/collections"
)

// Staged is the backup that the next start restores.
type Staged struct {
	Name  string `json:"name"`
	By    string `json:"by"` // sign-in name of who said so
	At    int64  `json:"at"` // when, ms since 1970 UTC
	Aside string `json:"aside,omitempty"`
}

const (
	stagedFile = "restore-next.json"
	readyFile  = "restore-ready.db"
	failedFile = "restore-failed.txt"
)

// Stage reads all of a backup and has the next start of the server restore it. Owners
// only.
func (s *Service) Stage(ctx context.Context, a collections.Actor, name string) error {
	if _, _, err := s.Look(ctx, a, name); err != nil {
		return err
	}
	return s.stage(a, name)
}

// stage notes what the next start restores.
func (s *Service) stage(a collections.Actor, name string) error {
	_ = os.Remove(filepath.Join(s.Folder, failedFile))
	return writeStaged(s.Folder, Staged{Name: name, By: a.Name, At: s.Now().UnixMilli()})
}

// Unstage takes that back. Owners only.
func (s *Service) Unstage(a collections.Actor) error {
	if err := mayKeep(a); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(s.Folder, stagedFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("backups: take a restore back: %w", err)
	}
	return nil
}

// Staged tells what the next start restores; nil: nothing.
func (s *Service) Staged() (*Staged, error) { return readStaged(s.Folder) }

// Failed tells why the last restore did not come about, "" if it did.
func (s *Service) Failed() string {
	text, err := os.ReadFile(filepath.Join(s.Folder, failedFile))
	if err != nil {
		return ""
	}
	return string(text)
}

func readStaged(folder string) (*Staged, error) {
	text, err := os.ReadFile(filepath.Join(folder, stagedFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	staged := &Staged{}
	if err == nil {
		err = json.Unmarshal(text, staged)
	}
	if err != nil {
		return nil, fmt.Errorf("backups: read what is to be restored: %w", err)
	}
	return staged, nil
}

// writeStaged writes durably, over what is there.
func writeStaged(folder string, staged Staged) error {
	text, err := json.Marshal(staged)
	if err != nil {
		return fmt.Errorf("backups: note what is to be restored: %w", err)
	}
	file, err := os.CreateTemp(folder, ".staged-*.part")
	if err != nil {
		return fmt.Errorf("backups: note what is to be restored: %w", err)
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), filepath.Join(folder, stagedFile))
	}
	return errors.Join(err, syncFolder(folder))
}

// Applied is what Apply did.
type Applied struct {
	Staged
	Fault string // why it was not restored; then everything is as it was
}

// Apply restores what is staged in the folder of backups, if anything is, while no
// server runs on the database. restore makes a verified database at a path, with a
// history of its own, out of the file at another. What was there is moved into a folder
// beside the database, named in Aside. It is called before each start; broken off at
// any moment, the next call finishes it. An error means that it could not be told
// whether the database is there: the server must not start on an empty one.
func Apply(ctx context.Context, folder, database string, now time.Time, restore func(ctx context.Context, from, to string) error) (*Applied, error) {
	staged, err := readStaged(folder)
	if staged == nil || err != nil {
		return nil, err
	}
	ready := filepath.Join(folder, readyFile)
	if staged.Aside == "" {
		if err := removeDatabase(ready); err != nil {
			return nil, fmt.Errorf("backups: restore: %w", err)
		}
		if err := restore(ctx, filepath.Join(folder, staged.Name), ready); err != nil {
			return giveUp(folder, staged, err)
		}
		// From here on it is certain to succeed, if only after more than one start.
		staged.Aside = filepath.Join(filepath.Dir(database), "before-restore-"+now.UTC().Format(stampLayout))
		if err := writeStaged(folder, *staged); err != nil {
			return nil, err
		}
	}
	if _, err := os.Lstat(ready); err == nil {
		if err := swap(ready, database, staged.Aside); err != nil {
			return nil, fmt.Errorf("backups: restore: %w", err)
		}
	}
	if err := errors.Join(removeDatabase(ready), os.Remove(filepath.Join(folder, stagedFile)), syncFolder(folder)); err != nil {
		return nil, fmt.Errorf("backups: restore: %w", err)
	}
	return &Applied{Staged: *staged}, nil
}

// giveUp leaves everything as it was and keeps why.
func giveUp(folder string, staged *Staged, cause error) (*Applied, error) {
	fault := fmt.Sprintf("The backup %s was not restored, and everything is as it was: %s", staged.Name, cause)
	err := errors.Join(os.WriteFile(filepath.Join(folder, failedFile), []byte(fault), 0o600), os.Remove(filepath.Join(folder, stagedFile)), removeDatabase(filepath.Join(folder, readyFile)))
	return &Applied{Staged: *staged, Fault: fault}, err
}

// besides are the files of a database beside the one that has its name.
var besides = []string{"-wal", "-shm", "-journal"}

// swap moves a database aside and another into its place. The one that is there is the
// old one as long as the other is not in its place.
func swap(ready, database, aside string) error {
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return err
	}
	// The log beside the database first: without it nothing of what it holds is lost as
	// long as both are in one folder again, and the database alone would be an old one.
	for _, end := range append(besides, "") {
		from := database + end
		if _, err := os.Lstat(from); errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err := os.Rename(from, filepath.Join(aside, filepath.Base(from))); err != nil {
			return err
		}
	}
	if err := errors.Join(syncFolder(aside), syncFolder(filepath.Dir(database))); err != nil {
		return err
	}
	if err := os.Rename(ready, database); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(database))
}

// removeDatabase removes a database that is not in use, if it is there.
func removeDatabase(path string) error {
	var err error
	for _, end := range append([]string{""}, append(besides, ".lock")...) {
		if gone := os.Remove(path + end); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

// syncFolder makes what happened to the names in a folder durable, where the system can.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil && !strings.Contains(err.Error(), "not supported") && !errors.Is(err, os.ErrInvalid) && !errors.Is(err, os.ErrPermission) {
		return err
	}
	return nil
}
