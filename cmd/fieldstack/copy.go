package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/internal/copying"
	"github.com/fieldstack/fieldstack/internal/sqlite"
)

// copyFlags say what is copied where.
type copyFlags struct {
	from, to string
	anyway   bool
}

func copyCommand() *cobra.Command {
	var flags copyFlags
	cmd := &cobra.Command{
		Use:   "copy --from STORE --to STORE",
		Short: "Move everything to another store: a data folder, or MongoDB",
		Long: `copy moves all that a store holds (types, records, history, accounts, settings) to
another one, and verifies it. A STORE is a data folder, or a database such as
mongodb://host/fieldstack. The target must hold nothing yet.

It is a move: devices go on with the copy as with the store they know, and notice
nothing. So do not serve the source any more once a server runs on the copy; two that
go on from one history lose what the other does. (For a second store with a history of
its own, use backup and restore.)

No server may run on the source. A copy that was cut off goes on where it was when the
same command is given again; until it is verified, no server starts on the target.
Backups, which are files beside the store, stay where they are.`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runCopy(cmd.Context(), flags, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&flags.from, "from", "", "what is copied: a data folder, or mongodb://…")
	cmd.Flags().StringVar(&flags.to, "to", "", "where to: a data folder that is made, or mongodb://…")
	cmd.Flags().BoolVar(&flags.anyway, "anyway", false, "copy a database that servers write to; what they write meanwhile may not be in the copy")
	return cmd
}

func runCopy(ctx context.Context, flags copyFlags, out, progress io.Writer) error {
	if err := flags.check(); err != nil {
		return err
	}
	from, err := flags.openFrom(ctx, progress)
	if err != nil {
		return err
	}
	to, err := openCopyStore(ctx, flags.to)
	if err != nil {
		return errors.Join(err, from.Close())
	}
	bar := &copyBar{to: progress}
	report, err := copying.Copy(ctx, copying.Config{From: from, To: to, Live: flags.anyway && isDatabase(flags.from), Progress: bar.show})
	err = errors.Join(flags.explain(err), bar.finish(), to.Close(), from.Close())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `Copied and verified: %s, %s, and all else, from %s to %s.
Devices go on with the copy. Do not serve %s any more.
`, count(int(report.Records), "record"), entries(uint64(report.Entries)), shownStore(flags.from), shownStore(flags.to), shownStore(flags.from))
	return err
}

// check refuses what cannot be meant.
func (f copyFlags) check() error {
	if f.from == "" || f.to == "" {
		return errors.New("say what is copied with --from and where to with --to: each a data folder, or a database such as mongodb://host/fieldstack")
	}
	if samePlace(f.from, f.to) {
		return fmt.Errorf("--from and --to are both %s: name another store to copy to", shownStore(f.to))
	}
	if !isDatabase(f.from) && !holdsStore(f.from) {
		return fmt.Errorf("there is no fieldstack in %s: name what is copied with --from", shownStore(f.from))
	}
	return nil
}

// samePlace reports whether two names are of the same store, as far as can be told.
func samePlace(a, b string) bool {
	if isDatabase(a) || isDatabase(b) {
		return shownStore(a) == shownStore(b)
	}
	return resolved(a) == resolved(b)
}

// resolved is the one name that a folder has.
func resolved(folder string) string {
	if path, err := filepath.Abs(folder); err == nil {
		folder = path
	}
	if path, err := filepath.EvalSymlinks(folder); err == nil {
		folder = path
	}
	return folder
}

// openFrom opens the source, when nobody else writes to it.
func (f copyFlags) openFrom(ctx context.Context, progress io.Writer) (copying.Target, error) {
	from, err := openCopyStore(ctx, f.from)
	if err != nil {
		return nil, err
	}
	size, err := from.DumpSize(ctx)
	if err == nil && size == 0 {
		err = fmt.Errorf("there is no fieldstack in %s: it is empty", shownStore(f.from))
	}
	if err == nil && !f.anyway && isDatabase(f.from) {
		err = f.alone(ctx, from, progress)
	}
	if err != nil {
		return nil, errors.Join(err, from.Close())
	}
	return from, nil
}

// alone refuses a database that servers write to.
func (f copyFlags) alone(ctx context.Context, from collections.Store, progress io.Writer) error {
	live, err := collections.Holders(ctx, from, func(ctx context.Context, d time.Duration) error {
		fmt.Fprintf(progress, "A server did not say that it stopped: looking for %s whether it still runs.\n", d)
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	if err == nil && len(live) > 0 {
		err = fmt.Errorf("%s on %s: stop all of them first, or copy what there is with --anyway (holding %s)",
			runs(len(live)), shownStore(f.from), strings.Join(live, ", "))
	}
	return err
}

func runs(servers int) string {
	if servers == 1 {
		return "a server is running"
	}
	return fmt.Sprintf("%d servers are running", servers)
}

// openCopyStore opens a store that is copied from or to.
func openCopyStore(ctx context.Context, where string) (copying.Target, error) {
	store, err := openStoreAt(ctx, where, nil)
	if errors.Is(err, sqlite.ErrInUse) {
		return nil, fmt.Errorf("a server is running on %s: stop it first (%w)", where, err)
	}
	if err != nil {
		return nil, err
	}
	target, ok := store.(copying.Target)
	if !ok {
		return nil, errors.Join(fmt.Errorf("%s cannot be copied", shownStore(where)), store.Close())
	}
	return target, nil
}

// explain says what to do about why a copy failed.
func (f copyFlags) explain(err error) error {
	from, to := shownStore(f.from), shownStore(f.to)
	switch {
	case errors.Is(err, copying.ErrHolds):
		return fmt.Errorf("%s holds something already, which is left as it is: name another --to, or remove it first (%w)", to, err)
	case errors.Is(err, copying.ErrHalf):
		return fmt.Errorf("%s is itself a copy that was not finished: copy from where that one came from (%w)", from, err)
	case errors.Is(err, copying.ErrMovedOn), errors.Is(err, copying.ErrDiffers):
		return fmt.Errorf("%s is no copy of %s as it is now: remove what is in %s and copy again, with no server on either (%w)", to, from, to, err)
	}
	return err
}

// copyBar shows how far a copy is: one bar for each stage.
type copyBar struct {
	to    io.Writer
	doing copying.Doing
	bar   *progressbar.ProgressBar
}

func (b *copyBar) show(doing copying.Doing, done, total int64) {
	if b.bar == nil || doing != b.doing {
		_ = b.finish()
		b.bar, b.doing = newProgress(b.to, string(doing), total), doing
	}
	_ = b.bar.Set64(done)
}

func (b *copyBar) finish() error {
	if b.bar == nil {
		return nil
	}
	return b.bar.Finish()
}
