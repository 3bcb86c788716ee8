package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/schema"
)

func typeCommand() *cobra.Command {
	return group(&cobra.Command{Use: "type", Short: "List, import, publish and export types",
		Long: `type lists, imports, publishes and exports types. A type is a JSON Schema with a name
such as work-order; publishing its draft makes its next version, which every device
fetches before any record that was written under it.`},
		typeList(), typeImport(), typePublish(), typeExport())
}

// withTarget opens the target that a command's flags name, for f.
func withTarget(flags *targetFlags, f func(ctx context.Context, t target, args []string, out io.Writer) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		t, err := flags.open(cmd.Context())
		if err != nil {
			return err
		}
		return errors.Join(f(cmd.Context(), t, args, cmd.OutOrStdout()), t.close())
	}
}

func typeList() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "list", Short: "List the published types", Args: takes(0, 0),
		RunE: withTarget(&flags, func(ctx context.Context, t target, _ []string, out io.Writer) error {
			types, err := t.types(ctx)
			if err != nil {
				return err
			}
			table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
			fmt.Fprintln(table, "NAME\tVERSION\tTITLE\tFIELDS")
			for _, typ := range types {
				fmt.Fprintf(table, "%s\t%d\t%s\t%d\n", typ.name, typ.version, typ.schema.Title(), len(typ.schema.Fields()))
			}
			return table.Flush()
		})}
	flags.add(cmd)
	return cmd
}

// readType reads a schema file of any draft from 4 on, and says what was brought up.
func readType(path string, out io.Writer) (*schema.Schema, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, notes, err := schema.Import(text)
	if err != nil {
		for _, e := range schema.Errors(err) {
			fmt.Fprintf(out, "  %s: %s %s\n", placeOf(e.Path), e.Message, e.Fix)
		}
		return nil, fmt.Errorf("%s cannot become a type", path)
	}
	for _, n := range notes {
		fmt.Fprintf(out, "  %s: %s\n", placeOf(n.Path), n.Message)
	}
	return s, nil
}

// placeOf names a place in a schema for people.
func placeOf(path string) string {
	if path == "" {
		return "the schema"
	}
	return path
}

func typeImport() *cobra.Command {
	flags := targetFlags{begins: true}
	cmd := &cobra.Command{Use: "import NAME FILE", Short: "Read a JSON Schema into the draft of a type, to look at before it is published", Args: takes(2, 2),
		RunE: withTarget(&flags, func(ctx context.Context, t target, args []string, out io.Writer) error {
			if err := checkTypeName(args[0]); err != nil {
				return err
			}
			s, err := readType(args[1], out)
			if err != nil {
				return err
			}
			if err := t.saveDraft(ctx, args[0], s.JSON()); err != nil {
				return err
			}
			showPlan(out, s, nil)
			fmt.Fprintf(out, "Saved as the draft of %s. Publish it with 'fieldstack type publish %s'.\n", args[0], args[0])
			return nil
		})}
	flags.add(cmd)
	return cmd
}

func typePublish() *cobra.Command {
	flags := targetFlags{begins: true}
	cmd := &cobra.Command{Use: "publish NAME [FILE]", Short: "Make the draft of a type, or the JSON Schema in FILE, its next version", Args: takes(1, 2),
		RunE: withTarget(&flags, func(ctx context.Context, t target, args []string, out io.Writer) error {
			if err := checkTypeName(args[0]); err != nil {
				return err
			}
			if len(args) == 2 {
				s, err := readType(args[1], out)
				if err != nil {
					return err
				}
				if err := t.saveDraft(ctx, args[0], s.JSON()); err != nil {
					return err
				}
			}
			version, err := t.publishDraft(ctx, args[0])
			if err != nil {
				return err
			}
			fmt.Fprintf(out, "%s is now at version %d.\n", args[0], version)
			return nil
		})}
	flags.add(cmd)
	return cmd
}

func typeExport() *cobra.Command {
	var flags targetFlags
	cmd := &cobra.Command{Use: "export NAME", Short: "Print the JSON Schema of a type's latest version", Args: takes(1, 1),
		RunE: withTarget(&flags, func(ctx context.Context, t target, args []string, out io.Writer) error {
			if err := checkTypeName(args[0]); err != nil {
				return err
			}
			s, _, err := t.latest(ctx, args[0])
			if err != nil {
				return err
			}
			if s == nil {
				return noType(args[0])
			}
			var text bytes.Buffer
			if err := json.Indent(&text, s.JSON(), "", "  "); err != nil {
				return err
			}
			text.WriteByte('\n')
			_, err = text.WriteTo(out)
			return err
		})}
	flags.add(cmd)
	return cmd
}
