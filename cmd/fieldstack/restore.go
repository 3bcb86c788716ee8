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

	"github.com/fieldstack/fieldstack/internal/sqlite"
)

func restoreCommand() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a data folder out of a backup, after verifying it",
		Long: `restore reads FILE from the first byte to the last, and makes it the store of a data
folder that has none yet. Devices notice that the server's history is another one than
it was, and fetch everything anew; what they have not sent yet, they still send.`,
		Args: takes(1, 1),
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
	if holdsStore(data) {
		return fmt.Errorf("there is a fieldstack in %s already, which is left as it is: name another folder with --data, or move that one away first", data)
	}
	bar := newProgress(progress, "restoring", info.Size(), progressbar.OptionShowBytes(true))
	source := progressbar.NewReader(file, bar)
	to := filepath.Join(data, databaseFile)
	err = sqlite.Restore(ctx, sqlite.Options{Path: to}, &source)
	_ = bar.Finish()
	if errors.Is(err, sqlite.ErrDamaged) {
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
