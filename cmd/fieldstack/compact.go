package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
)

func compactCommand() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{
		Use:   "compact",
		Short: "Let go of history that is older than it is kept",
		Long: `compact folds history that is older than --keep-history into the records, and ends
what was in the trash for as long. No record changes by it. A running server does the
same in the background, with the --keep-history that it was started with; this is for a
data folder that none is running on. It can be stopped at any time and goes on the next
time.

A device that was away for longer is told so when it comes back: what it had not sent is
put on top of the records as they are by then.`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCompact(cmd.Context(), &flags, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&flags.data, "data", defaultData, "the data folder, while no server is running on it")
	addKeepHistory(cmd.Flags(), &flags.keep)
	return cmd
}

func runCompact(ctx context.Context, flags *targetFlags, out, progress io.Writer) error {
	folder, err := flags.openFolder(ctx)
	if err != nil {
		return err
	}
	bar := newProgress(progress, "folding history", -1)
	did, err := folder.engine.Fold(ctx, func(done, total int) {
		bar.ChangeMax(total)
		_ = bar.Set(done)
	})
	if err := errors.Join(err, bar.Finish(), folder.close()); err != nil {
		return err
	}
	return sayFolded(out, did)
}

// sayFolded says what a fold did.
func sayFolded(out io.Writer, did collections.Folded) error {
	if did == (collections.Folded{}) {
		_, err := fmt.Fprintln(out, "There is no history that is old enough to go.")
		return err
	}
	_, err := fmt.Fprintf(out, "Let go of %s; folded %s, and took %s from the trash for good.\n",
		entries(did.Entries), count(did.Documents, "record"), count(did.Purged, "record"))
	return err
}

// entries counts lines of the log.
func entries(n uint64) string {
	if n == 1 {
		return "1 entry of the log"
	}
	return fmt.Sprintf("%d entries of the log", n)
}
