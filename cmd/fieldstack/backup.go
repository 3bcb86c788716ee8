package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
)

func backupCommand() *cobra.Command {
	var flags targetFlags
	var store string
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a consistent copy of everything, and verify it",
		Long: `backup writes all that a data folder holds (types, records, history, accounts) into
one FILE. With --server it does so while the server goes on working; the token must be
an owner's. The copy is read again from the first byte to the last before it takes the
place of a FILE that is there already.

Of MongoDB, named with --store, servers may go on working, too. What they write in the
meantime is in the copy or is not; all that was acknowledged before is. It reads all
there is: of a large database, take a backup of one moment by the server's own means
(mongodump --oplog, or a snapshot of its disks).`,
		Args: takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBackup(cmd.Context(), &flags, store, args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&store, "store", "", "a database instead of a data folder, such as mongodb://host/fieldstack")
	return cmd
}

func runBackup(ctx context.Context, flags *targetFlags, store, path string, out, progress io.Writer) error {
	part := path + ".part"
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already, from a backup that is under way or was cut off: remove it if none is", part)
	}
	if err != nil {
		return err
	}
	defer os.Remove(part)
	bar := newProgress(progress, "backing up", -1, progressbar.OptionShowBytes(true))
	if store != "" {
		err = backupStore(ctx, store, io.MultiWriter(file, bar))
	} else {
		err = copyStore(ctx, flags, io.MultiWriter(file, bar))
	}
	if err := errors.Join(err, file.Sync(), file.Close(), bar.Finish()); err != nil {
		return err
	}
	records, err := verifyBackup(ctx, part)
	if err != nil {
		return fmt.Errorf("the copy is not sound, and was not kept: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Backed up and verified: %s, with all history, in %s.\n", count(records, "record"), path)
	return err
}

// backupStore writes a store that is named by its URI.
func backupStore(ctx context.Context, where string, to io.Writer) error {
	store, err := openStoreAt(ctx, where, nil)
	if err != nil {
		return err
	}
	return errors.Join(store.Backup(ctx, to, nil), store.Close())
}

// copyStore writes the store that the flags name.
func copyStore(ctx context.Context, flags *targetFlags, to io.Writer) error {
	if flags.server != "" {
		remote, err := flags.openServer()
		if err != nil {
			return err
		}
		remote.http.Timeout = 0 // as long as it takes
		resp, err := remote.send(ctx, http.MethodGet, "/api/_backup", nil)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(to, resp.Body)
		return err
	}
	folder, err := flags.openFolder(ctx)
	if err != nil {
		return err
	}
	return errors.Join(folder.engine.Backup(ctx, operator, to, nil), folder.close())
}
