// Command ferretdb is FerretDB with its SQLite back end, which speaks MongoDB's wire
// protocol, for the tests of internal/mongo. It is a module of its own, so that none of
// FerretDB reaches the server's.
//
// It listens on a free port of 127.0.0.1, keeps its files in the folder it is given,
// writes its URI as the first line of standard output, and ends on SIGTERM, on an
// interrupt, or when its standard input is closed: whoever started it and died is not
// outlived.
//
// FerretDB 1 reads what a write is to change, and then writes it, without holding it in
// between: of two writers of one document both can believe they were first. MongoDB does
// that as one step, and everything that internal/mongo does stands on it. So a front
// (front.go) lets one write through at a time.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: ferretdb FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:   slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:  "sqlite",
		// What is lost when the machine goes down is no loss to a test.
		SQLiteURL: "file:" + folder + "/?_pragma=synchronous(off)",
	})
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	front, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer front.Close()
	behind := strings.TrimSuffix(strings.TrimPrefix(f.MongoDBURI(), "mongodb://"), "/")
	go serve(front, behind)
	fmt.Printf("mongodb://%s/\n", front.Addr())
	return <-ended
}
