package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"
)

func demoCommand() *cobra.Command {
	var first string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play the whole promise against a server of its own: two devices work offline, and merge",
		Long: `demo starts a server on a free port with an empty store, defines a type, lets two
devices work offline on the same records (one with a clock three years ahead), and
brings them back, over real HTTP. It prints each step and both devices' documents, and
ends with status 1 if they differ or anything was lost. The story is then played once
more with the two coming back in the other order.`,
		Args: takes(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if first != "anna" && first != "ben" {
				return fmt.Errorf("--first is %q: it takes anna or ben", first)
			}
			return playBothOrders(cmd.Context(), cmd.OutOrStdout(), first, wholeStory())
		},
	}
	cmd.Flags().StringVar(&first, "first", "ben", "who comes back first in the telling: anna or ben")
	return cmd
}

// playBothOrders tells the story aloud with one of them back first, then quietly with
// the other.
func playBothOrders(ctx context.Context, out io.Writer, first string, acts []act) error {
	failures, err := playOnce(ctx, out, first, acts)
	if err != nil {
		return err
	}
	second := "anna"
	if first == "anna" {
		second = "ben"
	}
	var quiet bytes.Buffer
	more, err := playOnce(ctx, &quiet, second, acts)
	if err != nil {
		return err
	}
	if len(more) > 0 {
		if _, err := quiet.WriteTo(out); err != nil {
			return err
		}
	}
	failures = append(failures, more...)
	if len(failures) > 0 {
		return fmt.Errorf("%d promises were not kept, the first: %s", len(failures), failures[0])
	}
	fmt.Fprintf(out, "\nPlayed again with %s back first: the same. Nothing differs, nothing was lost.\n", title(second))
	return nil
}

// playOnce starts a server, tells the story, and gives what went wrong.
func playOnce(ctx context.Context, out io.Writer, first string, acts []act) (failures []string, err error) {
	dir, err := os.MkdirTemp("", "fieldstack-demo-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	clock := newStoryClock(time.Now().Truncate(time.Minute))
	server, err := startServer(ctx, serverConfig{Data: dir, Listen: "127.0.0.1:0", Now: clock.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, server.close()) }()
	token, err := server.makeOwner(ctx, "owner", "the one who defines it")
	if err != nil {
		return nil, err
	}
	s := &story{say: out, server: newRemote(server.URL, token), clock: clock, dir: dir, first: first}
	defer s.close()
	if err := s.play(ctx, acts); err != nil {
		return nil, fmt.Errorf("the story stopped: %w", err)
	}
	return s.failures, nil
}
