package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// importFlags are what a person says of an import.
type importFlags struct {
	target                         targetFlags
	typ, title, format, rejectFile string
	allOrNothing, dryRun           bool
}

func importCommand() *cobra.Command {
	f := importFlags{target: targetFlags{begins: true}}
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Turn the rows of a CSV file or JSON lines into records",
		Long: `import reads FILE (CSV with column names in the first line, or one JSON object a
line, in UTF-8) and makes a record of each row. Importing it twice makes them twice.

With --type of a type that exists, its fields' labels say what each column is for.
Otherwise a type is guessed from all rows, shown, and published under the name of
--type, or of the file. Rows that do not fit are counted, explained and written to a
file of their own (--rejects) to be mended and imported again; with --all-or-nothing
one such row is enough for nothing to be imported. --dry-run writes nothing at all.`,
		Args: takes(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runImport(cmd.Context(), f, args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.target.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.typ, "type", "", "the type; default: made from the file's name")
	flags.StringVar(&f.title, "title", "", "the label of a type that is guessed; default: made from its name")
	flags.StringVar(&f.format, "format", "", "csv or jsonl; default: by the file's ending")
	flags.StringVar(&f.rejectFile, "rejects", "", "where rows that do not fit go; default: a new file in the working folder, FILE.rejected.csv for FILE.csv")
	flags.BoolVar(&f.allOrNothing, "all-or-nothing", false, "import nothing if one row does not fit")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would happen and write nothing")
	return cmd
}

// runImport is the command: read, find or guess the type, convert, write, report.
func runImport(ctx context.Context, f importFlags, path string, out, progress io.Writer) (err error) {
	file, err := openRecords(path, f.format)
	if err != nil {
		return err
	}
	typ := cmp.Or(f.typ, typeName(path))
	if err := checkTypeName(typ); err != nil {
		return err
	}
	if f.rejectFile != "" && sameFile(f.rejectFile, path) {
		return errors.New("--rejects names the file that is imported: give the rows that do not fit a file of their own")
	}
	if f.dryRun && f.target.server == "" && !holdsStore(f.target.data) {
		if f.target.data, err = os.MkdirTemp("", "fieldstack-dry-run-"); err != nil {
			return err
		}
		defer os.RemoveAll(f.target.data)
	}
	t, err := f.target.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	i := &importer{target: t, flags: f, file: file, path: path, typ: typ, out: out, progress: progress}
	return i.run(ctx)
}

func openRecords(path, format string) (*recordFile, error) {
	format, err := formatOf(format, path)
	if err != nil {
		return nil, err
	}
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	file, err := readRecords(in, format)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(file.records) == 0 {
		return nil, fmt.Errorf("%s has no rows: there is nothing to import", path)
	}
	return file, nil
}

func sameFile(a, b string) bool {
	left, err1 := os.Stat(a)
	right, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(left, right)
}

// importer is one import under way.
type importer struct {
	target        target
	flags         importFlags
	file          *recordFile
	path, typ     string
	schema        *schema.Schema
	guessed       []byte // the schema's text, when it is not published yet
	good          []row
	rejects       []reject
	renumbered    int // rows with a number, which they do not keep
	out, progress io.Writer
}

// row is a record that fits; reject one that does not, and why.
type row struct {
	record *record
	value  map[string]any
}

type reject struct {
	record *record
	reason string
}

func (i *importer) run(ctx context.Context) error {
	if err := i.findType(ctx); err != nil {
		return err
	}
	i.convert()
	if i.flags.dryRun || i.flags.allOrNothing && len(i.rejects) > 0 {
		return i.report(0)
	}
	if i.guessed != nil {
		if _, err := publish(ctx, i.target, i.typ, i.guessed); err != nil {
			return fmt.Errorf("publish %s: %w", i.typ, err)
		}
	}
	written, stopped := i.write(ctx)
	if err := i.report(written); stopped == nil {
		return err
	}
	return stopped
}

// What goes to the target at once: a server takes requests of 8 MiB.
const (
	writeRows  = 500
	writeBytes = 2 << 20
)

// write writes the rows that fit, and moves those that the target refuses to the rejects.
func (i *importer) write(ctx context.Context) (written int, err error) {
	bar := newProgress(i.progress, "importing", int64(len(i.good)), progressbar.OptionShowCount())
	defer func() { _ = bar.Finish() }()
	for rest := i.good; len(rest) > 0; {
		part := rest[:batch(rest)]
		rest = rest[len(part):]
		writes := make([]collections.Write, len(part))
		for n, r := range part {
			writes[n].Value = r.value
		}
		results, err := i.target.write(ctx, i.typ, writes)
		if err != nil {
			return written, fmt.Errorf("the import stopped at line %d, after %s; from that line on nothing is imported: %w", part[0].record.line, count(written, "record"), err)
		}
		for n, result := range results {
			if result.Error != nil {
				i.rejects = append(i.rejects, reject{part[n].record, result.Error.Error()})
				continue
			}
			written++
		}
		_ = bar.Add(len(part))
	}
	return written, nil
}

// batch is how many rows go to the target at once: one at least.
func batch(rows []row) int {
	size := 0
	for n, r := range rows {
		size += len(crdt.AppendValue(nil, r.value))
		if n > 0 && (n == writeRows || size > writeBytes) {
			return n
		}
	}
	return len(rows)
}

// reasonsShown is how many of the rows that do not fit are explained on the screen.
const reasonsShown = 10

// report says what came of the import, and writes the rows that did not fit to a file.
// All-or-nothing with a reject is an error, so that a script notices.
func (i *importer) report(written int) error {
	if i.flags.dryRun {
		fmt.Fprintf(i.out, "Nothing was written. %d of %d rows fit.\n", len(i.good), len(i.file.records))
	} else {
		fmt.Fprintf(i.out, "%d of %d rows became %s records.\n", written, len(i.file.records), i.typ)
	}
	if i.renumbered > 0 {
		fmt.Fprintf(i.out, "%s came with a number. The server numbers records itself, from where it is.\n", count(i.renumbered, "row"))
	}
	if len(i.rejects) == 0 {
		return nil
	}
	slices.SortStableFunc(i.rejects, func(a, b reject) int { return cmp.Compare(a.record.line, b.record.line) })
	for _, r := range i.rejects[:min(len(i.rejects), reasonsShown)] {
		fmt.Fprintf(i.out, "  line %d: %s\n", r.record.line, r.reason)
	}
	if more := len(i.rejects) - reasonsShown; more > 0 {
		fmt.Fprintf(i.out, "  … and %d more\n", more)
	}
	switch {
	case i.flags.allOrNothing && written == 0:
		return errors.New("nothing was imported: not every row fits, and --all-or-nothing was given")
	case i.flags.dryRun:
		return nil
	}
	path, err := i.writeRejects()
	if err != nil {
		return fmt.Errorf("write the rows that did not fit: %w", err)
	}
	fmt.Fprintf(i.out, "What does not fit is in %s, each row with its reason. Mend them there, then: %s\n", path, i.importAgain(path))
	if i.flags.allOrNothing {
		return fmt.Errorf("%s refused %s after the check, and the others are imported", i.typ, count(len(i.rejects), "row"))
	}
	return nil
}
