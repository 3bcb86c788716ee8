// Command fieldstack is the server, and the tools around it. It is the one place that
// names every package: each subcommand is a file that wires what it needs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // who asks a second time does not want to wait
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: arguments in, exit status out. A command that was
// stopped before it was done has failed; a server that was told to stop has not.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = fmt.Errorf("stopped before it was done (%w)", err)
	}
	fmt.Fprintf(stderr, "fieldstack: %v\n", err)
	return 1
}

func rootCommand() *cobra.Command {
	root := group(&cobra.Command{
		Use:   "fieldstack",
		Short: "A no-code backend that works where the network does not",
		Long: `fieldstack lets a non-coder define records as forms, carries them to every device,
and merges what people did offline, field by field.

Begin with 'fieldstack serve', or with 'fieldstack serve --demo' to look around.

Every flag can also be given in the environment: --data as FIELDSTACK_DATA_DIR,
--server as FIELDSTACK_SERVER, --token as FIELDSTACK_TOKEN, and any other --some-flag
as FIELDSTACK_SOME_FLAG. What is on the command line counts.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return flagsFromEnvironment(cmd.Flags(), os.LookupEnv)
		},
	}, serveCommand(), demoCommand(), userCommand(), tokenCommand(), typeCommand(),
		importCommand(), exportCommand(), backupCommand(), restoreCommand(), copyCommand(), compactCommand(), healthCommand(), versionCommand())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; '%s --help' lists the flags", err, cmd.CommandPath())
	})
	return root
}

// group makes a command that only holds others.
func group(cmd *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	cmd.AddCommand(commands...)
	cmd.DisableFlagsInUseLine = true
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return fmt.Errorf("there is no command '%s %s'; '%s --help' lists those there are", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return cmd
}

// takes checks how many arguments a command is given; the error shows how it is
// written.
func takes(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		return fmt.Errorf("this takes other arguments: write '%s'; '%s --help' says more", cmd.UseLine(), cmd.CommandPath())
	}
}
