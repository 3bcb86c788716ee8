package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

type docsOptions struct {
	documents int
	alone     bool
}

// runDocs reads the flags of `bench docs`.
func runDocs(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench docs", flag.ContinueOnError)
	var o docsOptions
	flags.IntVar(&o.documents, "n", 20_000, "work orders to make and to edit once each")
	flags.BoolVar(&o.alone, "alone", false, "leave the peer out")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.documents < 1 {
		return errors.New("-n: at least one work order")
	}
	return benchDocs(ctx, o)
}

// benchDocs measures the bytes that a document takes on disk: work orders of twelve
// fields come in from a few hundred devices through the engine, and then one edit to
// each. The same records go into PocketBase's own table. The store is looked at twice,
// each time closed: with the creations, and with the edits.
func benchDocs(ctx context.Context, o docsOptions) error {
	dir, err := os.MkdirTemp("", "fieldstack-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	orders := newOrders(o.documents)
	var r report
	if err := docsFieldstack(ctx, orders, filepath.Join(dir, "data.db"), &r); err != nil {
		return fmt.Errorf("fieldstack: %w", err)
	}
	if !o.alone {
		if err := docsPocketBase(ctx, orders, dir, &r); err != nil {
			return fmt.Errorf("pocketbase: %w", err)
		}
	}
	return r.write()
}

// The two moments that are measured.
const (
	docsCreated = "docs-created"
	docsEdited  = "docs-edited"
)

func docsFieldstack(ctx context.Context, orders *orders, path string, r *report) error {
	f := newFleet(orders, path)
	for _, part := range []struct {
		work string
		do   func(ctx context.Context) error
	}{{docsCreated, f.create}, {docsEdited, f.edit}} {
		if err := f.open(ctx); err != nil {
			return err
		}
		err := part.do(ctx)
		if err = errors.Join(err, f.close(ctx)); err != nil {
			return err
		}
		if err := reportBytes(ctx, r, part.work, "fieldstack", path, orders.count, fieldstackParts); err != nil {
			return err
		}
	}
	return nil
}
