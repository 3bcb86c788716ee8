package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// exportFlags are what a person says of an export.
type exportFlags struct {
	target     targetFlags
	format, to string
	raw        bool
}

func exportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export TYPE",
		Short: "Write the records of a type as CSV or JSON lines",
		Long: `export writes every record of TYPE that is not deleted, the oldest first. A CSV has
the fields' labels in its first line. A text that a spreadsheet would take for a formula
gets an apostrophe before it, which import takes away again; --raw leaves it out.`,
		Args: takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExport(cmd.Context(), f, args[0], cmd.OutOrStdout())
		},
	}
	f.target.add(cmd)
	cmd.Flags().StringVar(&f.to, "to", "", "the file to write, over one that is there; default: standard output")
	cmd.Flags().StringVar(&f.format, "format", "", "csv or jsonl; default: by the file's ending, else csv")
	cmd.Flags().BoolVar(&f.raw, "raw", false, "do not guard against formulas")
	return cmd
}

// runExport is the command: find the type, then write its records.
func runExport(ctx context.Context, f exportFlags, typ string, out io.Writer) (err error) {
	if f.format == "" && f.to == "" {
		f.format = "csv"
	}
	if f.format, err = formatOf(f.format, f.to); err != nil {
		return err
	}
	if err := checkTypeName(typ); err != nil {
		return err
	}
	t, err := f.target.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	s, _, err := t.latest(ctx, typ)
	if err != nil {
		return err
	}
	if s == nil {
		return noType(typ)
	}
	e := exporter{target: t, typ: typ, schema: s, format: f.format, raw: f.raw}
	if f.to == "" {
		_, err = e.write(ctx, out)
		return err
	}
	file, err := os.Create(f.to)
	if err != nil {
		return err
	}
	n, err := e.write(ctx, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("%s is not complete, it stops after %s: %w", f.to, count(n, "record"), err)
	}
	_, err = fmt.Fprintf(out, "%s written to %s.\n", count(n, "record"), f.to)
	return err
}

// noType is the answer to who names a type that is not there.
func noType(typ string) error {
	return fmt.Errorf("there is no type %s; 'fieldstack type list' shows those there are", typ)
}

// exporter is one export under way.
type exporter struct {
	target target
	typ    string
	schema *schema.Schema
	format string
	raw    bool // no guard against formulas
}

// write writes all live records and gives how many there were.
func (e *exporter) write(ctx context.Context, to io.Writer) (n int, err error) {
	out := bufio.NewWriterSize(to, 1<<16)
	write, err := e.recordWriter(out)
	if err != nil {
		return 0, err
	}
	for after := ""; ; {
		docs, next, err := e.target.page(ctx, e.typ, after)
		if err != nil {
			return n, err
		}
		for _, doc := range docs {
			value, _ := doc["value"].(map[string]any)
			if err := write(value); err != nil {
				return n, err
			}
			n++
		}
		if after = next; next == "" {
			return n, out.Flush()
		}
	}
}

// recordWriter gives what writes one record, after writing what comes before them all.
func (e *exporter) recordWriter(out *bufio.Writer) (func(map[string]any) error, error) {
	if e.format == "csv" {
		return csvWriter(e.schema, out, e.raw)
	}
	return func(value map[string]any) error {
		_, err := out.Write(append(crdt.AppendValue(nil, value), '\n'))
		return err
	}, nil
}
