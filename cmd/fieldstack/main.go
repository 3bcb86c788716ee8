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
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main without the process: arguments in, exit status out.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil || errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return 0
	}
	fmt.Fprintf(stderr, "fieldstack: %v\n", err)
	return 1
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "fieldstack",
		Short: "A no-code backend that works where the network does not",
		Long: `fieldstack lets a non-coder define records as forms, carries them to every device,
and merges what people did offline, field by field.

Every flag can also be given in the environment: --data as FIELDSTACK_DATA_DIR,
--server as FIELDSTACK_SERVER, --token as FIELDSTACK_TOKEN, and any other --some-flag
as FIELDSTACK_SOME_FLAG.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return flagsFromEnvironment(cmd.Flags(), os.LookupEnv)
		},
	}
	root.AddCommand(serveCommand(), demoCommand(), userCommand(), tokenCommand(), typeCommand(),
		importCommand(), exportCommand(), backupCommand(), restoreCommand(), versionCommand())
	return root
}

// flagsFromEnvironment gives every flag that was not on the command line the value
// that the environment has for it.
func flagsFromEnvironment(flags *pflag.FlagSet, lookup func(string) (string, bool)) error {
	var err error
	flags.VisitAll(func(f *pflag.Flag) {
		name := envName(f.Name)
		value, ok := lookup(name)
		if f.Changed || !ok || err != nil {
			return
		}
		if e := flags.Set(f.Name, value); e != nil {
			err = fmt.Errorf("%s=%q in the environment: %w", name, value, e)
		}
	})
	return err
}

// envName is what a flag is called in the environment. --data is not FIELDSTACK_DATA,
// which names a folder of test data.
func envName(flag string) string {
	if flag == "data" {
		return "FIELDSTACK_DATA_DIR"
	}
	return "FIELDSTACK_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
