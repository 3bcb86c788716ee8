package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

func exportCommand() *cobra.Command {
	var flags targetFlags
	var format, to string
	var raw bool
	cmd := &cobra.Command{
		Use:   "export TYPE",
		Short: "Write the records of a type as CSV or JSON lines",
		Long: `export writes every live record of TYPE, by id (which is by age). A CSV has the
fields' labels in its first line. A text that a spreadsheet would take for a formula
gets an apostrophe before it, which import takes away again; --raw leaves it out.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if to != "" && format == "" {
				if format, err = formatOf("", to); err != nil {
					return err
				}
			}
			if format == "" {
				format = "csv"
			}
			t, err := flags.open(cmd.Context())
			if err != nil {
				return err
			}
			defer t.close()
			out := cmd.OutOrStdout()
			if to != "" {
				file, err := os.Create(to)
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, file.Close()) }()
				out = file
			}
			n, err := runExport(cmd.Context(), t, args[0], format, raw, out)
			if err == nil && to != "" {
				fmt.Fprintf(cmd.OutOrStdout(), "%d records written to %s.\n", n, to)
			}
			return err
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&to, "to", "", "the file to write; default: standard output")
	cmd.Flags().StringVar(&format, "format", "", "csv or jsonl; default: by the file's ending, else csv")
	cmd.Flags().BoolVar(&raw, "raw", false, "do not guard against formulas")
	return cmd
}

// runExport writes all live records and gives how many there were.
func runExport(ctx context.Context, t target, typ, format string, raw bool, to io.Writer) (n int, err error) {
	s, _, err := t.latest(ctx, typ)
	if err != nil {
		return 0, err
	}
	if s == nil {
		return 0, fmt.Errorf("there is no type %s; 'fieldstack type list' shows those there are", typ)
	}
	out := bufio.NewWriterSize(to, 1<<16)
	var write func(map[string]any) error
	if format == "jsonl" {
		write = func(value map[string]any) error {
			_, err := out.Write(append(crdt.AppendValue(nil, value), '\n'))
			return err
		}
	} else {
		rows := csv.NewWriter(out)
		defer func() { rows.Flush(); err = errors.Join(err, rows.Error(), out.Flush()) }()
		if write, err = csvWriter(s, rows, raw); err != nil {
			return 0, err
		}
	}
	for after := ""; ; {
		docs, next, err := t.page(ctx, typ, after)
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

// csvWriter writes the first line and gives what writes a record.
func csvWriter(s *schema.Schema, rows *csv.Writer, raw bool) (func(map[string]any) error, error) {
	var keys, labels []string
	for _, f := range s.Fields() {
		if len(f.Path) == 1 {
			keys = append(keys, f.Path[0])
			labels = append(labels, f.Title)
		}
	}
	if err := rows.Write(labels); err != nil {
		return nil, err
	}
	cells := make([]string, len(keys))
	return func(value map[string]any) error {
		for i, key := range keys {
			cells[i] = ""
			if v, ok := value[key]; ok {
				cells[i] = s.Cell(key, v)
			}
			if !raw {
				cells[i] = guard(cells[i])
			}
		}
		return rows.Write(cells)
	}, nil
}

// plainNumber is what may begin with a sign and is no formula.
var plainNumber = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// guard puts an apostrophe before a cell that a spreadsheet would run as a formula
// (OWASP, CSV Injection), or that begins with an apostrophe itself.
func guard(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r'", rune(cell[0])) || plainNumber.MatchString(cell) {
		return cell
	}
	return "'" + cell
}

// unguard undoes guard.
func unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && rest != "" && guard(rest) == cell {
		return rest
	}
	return cell
}
