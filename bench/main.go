// Command bench measures fieldstack beside its peers, in one run on one machine, so
// that what counts is the ratio. Each benchmark is a subcommand; `make bench` runs the
// short form of all. It prints a table and, where BENCH_JSON names a file, appends one
// line of JSON for each figure.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) > 0 && args[0] == "client":
		return runClient(ctx, args[1:])
	case len(args) > 0 && args[0] == "docs":
		return runDocs(ctx, args[1:])
	case len(args) > 0 && args[0] == "http":
		return runHTTP(ctx, args[1:])
	case len(args) > 0 && args[0] == "scale":
		return runScale(ctx, args[1:])
	case len(args) > 0 && args[0] == "text":
		return runText(ctx, args[1:])
	}
	return fmt.Errorf("say which: client, docs, http, scale or text")
}

// runHTTP reads the flags of `bench http`.
func runHTTP(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench http", flag.ContinueOnError)
	var o httpOptions
	flags.DurationVar(&o.time, "time", defaultTime, "how long each rate is measured")
	flags.IntVar(&o.documents, "documents", 100_000, "records in the store for lists and pulls")
	flags.BoolVar(&o.alone, "alone", false, "leave the peer out")
	if err := flags.Parse(args); err != nil {
		return err
	}
	return benchHTTP(ctx, o)
}
