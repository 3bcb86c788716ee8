package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/copying"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

func restoreCommand() *cobra.Command {
	var data, store string
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a data folder out of a backup, after verifying it",
		Long: `restore reads FILE from the first byte to the last, and makes it the store of a data
folder that has none yet. Devices notice that the server's history is another one than
it was, and fetch everything anew; what they have not sent yet, they still send.

With --store it makes a database of a backup of MongoDB, and such a backup can become a
data folder as well. (To move a store and keep its history, use copy.)`,
		Args: takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if store != "" {
				return restoreStore(cmd.Context(), args[0], store, cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			return runRestore(cmd.Context(), args[0], data, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&data, "data", defaultData, "the data folder to make")
	cmd.Flags().StringVar(&store, "store", "", "a database to make instead of a data folder, such as mongodb://host/fieldstack")
	return cmd
}

func runRestore(ctx context.Context, path, data string, out, progress io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if holdsStore(data) {
		return fmt.Errorf("there is a fieldstack in %s already, which is left as it is: name another folder with --data, or move that one away first", data)
	}
	bar := newProgress(progress, "restoring", info.Size(), progressbar.OptionShowBytes(true))
	source := progressbar.NewReader(file, bar)
	to := filepath.Join(data, databaseFile)
	parts, err := isParts(path)
	if err != nil {
		return err
	}
	if parts {
		_, err = restorePartsTo(ctx, to, &source)
	} else {
		err = sqlite.Restore(ctx, sqlite.Options{Path: to}, &source)
	}
	_ = bar.Finish()
	if errors.Is(err, sqlite.ErrDamaged) || errors.Is(err, collections.ErrBadDump) {
		return fmt.Errorf("%s is damaged or is no backup; nothing was restored, try an older one (%w)", path, err)
	}
	if err != nil {
		return err
	}
	report, err := sqlite.Verify(ctx, to)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Restored and verified: %s, with all history, in %s.\n", count(report.Records, "record"), data)
	return err
}

// restoreStore makes a database of a backup that is a file of parts.
func restoreStore(ctx context.Context, path, where string, out, progress io.Writer) error {
	parts, err := isParts(path)
	if err != nil {
		return err
	}
	if !parts {
		return fmt.Errorf("%s is a backup of a data folder: restore it to one with --data, and then 'fieldstack copy' it to %s", path, shownStore(where))
	}
	// It is read to its end first: what is in the database then is all of it.
	if _, err := inspectParts(ctx, path); err != nil {
		return fmt.Errorf("%s is damaged; nothing was restored, try an older one (%w)", path, err)
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	store, err := openStoreAt(ctx, where, nil)
	if err != nil {
		return err
	}
	bar := newProgress(progress, "restoring", info.Size(), progressbar.OptionShowBytes(true))
	source := progressbar.NewReader(file, bar)
	report, err := restoreParts(ctx, store, &source)
	err = errors.Join(err, bar.Finish(), store.Close())
	if errors.Is(err, copying.ErrHolds) {
		return fmt.Errorf("%s holds something already, which is left as it is: name another --store, or remove it first (%w)", shownStore(where), err)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Restored and verified: %s, with all history, in %s.\n", count(int(report.Records), "record"), shownStore(where))
	return err
}
