package backups

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/fieldstack/fieldstack/collections"
)

// Receive takes in a backup that somebody brings: write writes it. It is read from the
// first byte to the last before it is listed under the name that is given back; Invalid
// says that it is none that can be restored here, and then nothing is kept. Owners only.
func (s *Service) Receive(ctx context.Context, a collections.Actor, write func(io.Writer) error) (name string, err error) {
	if err := mayKeep(a); err != nil {
		return "", err
	}
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return "", fmt.Errorf("backups: receive: %w", err)
	}
	file, err := os.CreateTemp(s.Folder, ".receiving-*.part")
	if err != nil {
		return "", fmt.Errorf("backups: receive: %w", err)
	}
	defer removeDatabase(file.Name()) //nolint:errcheck // what is left has no name of a backup
	err = write(file)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", err
	}
	if _, err := s.Inspect(ctx, file.Name()); err != nil {
		s.Log.Warn("a backup that was brought is not sound", "error", err)
		return "", collections.Errorf(collections.Invalid, "file", "This file is no backup of this program, is damaged, or was made by a newer version: nothing was changed. Choose a file that the page of backups gave.")
	}
	return s.place(file.Name(), Received)
}

// StartRestore makes a backup of what is here, in the background, and then has the next
// start of the server restore another, and calls restart. Exists when a backup is being
// made; where making one fails nothing is restored, and Progress says so. Owners only.
func (s *Service) StartRestore(ctx context.Context, a collections.Actor, name string, restart func()) error {
	if _, _, err := s.Look(ctx, a, name); err != nil {
		return err
	}
	if !s.begin() {
		return collections.Errorf(collections.Exists, "", "A backup is being made: wait until it is listed.")
	}
	s.work.Go(func() {
		err := s.make(s.works, a, ByHand)
		if err == nil {
			err = s.stage(a, name)
		}
		if s.end(err); err == nil {
			restart()
		}
	})
	return nil
}
