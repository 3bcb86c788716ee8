package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/internal/sqlite"
)

func backupCommand() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write a consistent copy of everything, and verify it",
		Long: `backup writes all that a data folder holds (types, records, history, accounts) into
one FILE. With --server it does so while the server goes on working; the token must be
an owner's. The copy is read again from the first byte to the last before it counts.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runBackup(cmd.Context(), &flags, args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags.add(cmd)
	return cmd
}

func runBackup(ctx context.Context, flags *targetFlags, path string, out, progress io.Writer) error {
	part := path + ".part"
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("the backup is written to %s first: %w", part, err)
	}
	defer os.Remove(part)
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetWriter(progress), progressbar.OptionSetDescription("backing up"),
		progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish())
	err = copyStore(ctx, flags, io.MultiWriter(file, bar))
	if err := errors.Join(err, file.Sync(), file.Close(), bar.Finish()); err != nil {
		return err
	}
	report, err := sqlite.Verify(ctx, part)
	if err != nil {
		return fmt.Errorf("the copy is not sound, and was not kept: %w", err)
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	fmt.Fprintf(out, "Backed up and verified: %d records and %d changes of history, in %s.\n", report.Records, report.Entries, path)
	return nil
}

// copyStore writes the store that the flags name.
func copyStore(ctx context.Context, flags *targetFlags, to io.Writer) error {
	if flags.server != "" {
		remote := newRemote(flags.server, flags.token)
		remote.http.Timeout = 0 // as long as it takes
		resp, err := remote.send(ctx, http.MethodGet, "/api/_backup", nil)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		_, err = io.Copy(to, resp.Body)
		return err
	}
	if _, err := os.Stat(filepath.Join(flags.data, databaseFile)); err != nil {
		return fmt.Errorf("there is no fieldstack in %s; name its folder with --data: %w", flags.data, err)
	}
	engine, err := openEngine(ctx, flags.data)
	if err != nil {
		return err
	}
	return errors.Join(engine.Backup(ctx, operator, to, nil), engine.Close(context.WithoutCancel(ctx)))
}

func restoreCommand() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a data folder out of a backup, after verifying it",
		Long: `restore reads FILE from the first byte to the last, and makes it the store of a data
folder that has none yet. Devices notice that the server's history is another one than
it was, and fetch everything anew; what they have not sent yet, they still send.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRestore(cmd.Context(), args[0], data, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&data, "data", defaultData, "the data folder to make")
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
	bar := progressbar.NewOptions64(info.Size(), progressbar.OptionSetWriter(progress), progressbar.OptionSetDescription("restoring"),
		progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish())
	source := progressbar.NewReader(file, bar)
	to := filepath.Join(data, databaseFile)
	if err := sqlite.Restore(ctx, sqlite.Options{Path: to}, &source); err != nil {
		return err
	}
	report, err := sqlite.Verify(ctx, to)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Restored and verified: %d records and %d changes of history, in %s.\n", report.Records, report.Entries, data)
	return nil
}
