package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/fieldstack/fieldstack/collections"
	"github.com/fieldstack/fieldstack/schema"
)

// importFlags are what a person says of an import.
type importFlags struct {
	target                         targetFlags
	typ, title, format, rejectFile string
	allOrNothing, dryRun           bool
}

func importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Turn the rows of a CSV file or JSON lines into records",
		Long: `import reads FILE (CSV with column names in the first line, or one JSON object a
line) and makes a record of each row.

With --type of a type that exists, its schema says what each column becomes. Otherwise
a type is guessed from all rows, shown, and published under the name of --type, or of
the file. Rows that do not fit are counted, explained and written to a file of their
own (--rejects) to be mended and imported again; with --all-or-nothing one such row is
enough for nothing to be imported. --dry-run writes nothing at all.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runImport(cmd.Context(), &f, args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	f.target.add(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.typ, "type", "", "the type; default: made from the file's name")
	flags.StringVar(&f.title, "title", "", "the label of a type that is guessed; default: made from its name")
	flags.StringVar(&f.format, "format", "", "csv or jsonl; default: by the file's ending")
	flags.StringVar(&f.rejectFile, "rejects", "", "where rows that do not fit go; default: FILE with .rejected before its ending, in the working folder")
	flags.BoolVar(&f.allOrNothing, "all-or-nothing", false, "import nothing if one row does not fit")
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would happen and write nothing")
	return cmd
}

// runImport is the command: read, find or guess the type, convert, write, report.
func runImport(ctx context.Context, f *importFlags, path string, out, progress io.Writer) error {
	file, err := openRecords(path, f.format)
	if err != nil {
		return err
	}
	t, err := f.target.open(ctx)
	if err != nil {
		return err
	}
	defer t.close()
	imp := &importer{target: t, flags: f, file: file, out: out, progress: progress, path: path}
	imp.typ = cmp.Or(f.typ, typeName(path))
	if err := imp.findType(ctx); err != nil {
		return err
	}
	imp.convert()
	if f.dryRun || f.allOrNothing && len(imp.rejects) > 0 {
		return imp.report(0)
	}
	if imp.guessed != nil {
		if _, err := publish(ctx, t, imp.typ, imp.guessed); err != nil {
			return fmt.Errorf("publish %s: %w", imp.typ, err)
		}
	}
	written, err := imp.write(ctx)
	if err != nil {
		return fmt.Errorf("%d records were written before this: %w", written, err)
	}
	return imp.report(written)
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
	return file, nil
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// typeName makes a type's name from a file's.
func typeName(path string) string {
	base := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(base), "-"), "-")
	if name == "" || name[0] < 'a' {
		name = "type-" + name
	}
	return strings.Trim(name[:min(len(name), 60)], "-")
}

// importer is one import under way.
type importer struct {
	target        target
	flags         *importFlags
	file          *recordFile
	path, typ     string
	schema        *schema.Schema
	guessed       []byte // the schema's text, when it is not published yet
	good          []row
	rejects       []reject
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

// findType takes the type that is there, or guesses one and shows the guess.
func (i *importer) findType(ctx context.Context) error {
	s, version, err := i.target.latest(ctx, i.typ)
	if err != nil {
		return err
	}
	if s != nil {
		i.schema = s
		fmt.Fprintf(i.out, "Importing into %s, version %d.\n", i.typ, version)
		return i.knowsColumns()
	}
	title := i.flags.title
	if title == "" {
		words := strings.ReplaceAll(i.typ, "-", " ")
		title = strings.ToUpper(words[:1]) + words[1:]
	}
	var sound []map[string]any
	for _, r := range i.file.records {
		if r.broken == "" {
			sound = append(sound, r.fields)
		}
	}
	text, notes, err := schema.Infer(title, i.file.columns, sound)
	if err != nil {
		return fmt.Errorf("%s: %w", i.path, err)
	}
	if i.schema, err = schema.Parse(text); err != nil {
		return fmt.Errorf("%s: the guessed type: %w", i.path, err)
	}
	i.guessed = text
	fmt.Fprintf(i.out, "There is no type %s yet. Guessed from %d rows:\n\n", i.typ, len(sound))
	showPlan(i.out, i.schema, notes)
	return nil
}

// knowsColumns is an error when the type has no field for a column of a CSV.
func (i *importer) knowsColumns() error {
	if i.file.format != "csv" {
		return nil
	}
	for _, column := range i.file.columns {
		if _, ok := i.schema.Column(column); !ok {
			return fmt.Errorf("%s has no field for the column %q; rename the column to a field's label, or leave --type out to guess a new type", i.typ, column)
		}
	}
	return nil
}

// showPlan prints a line for each field: what it was taken for and how it merges.
func showPlan(out io.Writer, s *schema.Schema, notes []schema.Note) {
	why := map[string]string{}
	for _, n := range notes {
		why[n.Path] = n.Message
	}
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "FIELD\tKIND\tMERGES AS\tBECAUSE")
	for _, field := range s.Fields() {
		if len(field.Path) > 1 {
			continue
		}
		because := strings.TrimPrefix(why["/properties/"+field.Path[0]], field.Title+": ")
		if because == "" {
			because = field.Why
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", field.Title, kindOf(field), field.Strategy, because)
	}
	_ = table.Flush()
	fmt.Fprintln(out)
}

func kindOf(f schema.Field) string {
	switch {
	case len(f.Enum) > 0:
		return fmt.Sprintf("one of %d", len(f.Enum))
	case f.Format != "":
		return f.Format
	}
	return f.Type
}

// convert turns every row into a value that the type accepts, or a reject.
func (i *importer) convert() {
	for n := range i.file.records {
		r := &i.file.records[n]
		value, reason := i.value(r)
		if reason == "" {
			if problems := i.schema.Validate(value); len(problems) > 0 {
				reason = problems[0].Message
			}
		}
		if reason != "" {
			i.rejects = append(i.rejects, reject{r, reason})
			continue
		}
		i.good = append(i.good, row{r, value})
	}
}

func (i *importer) value(r *record) (map[string]any, string) {
	if r.broken != "" {
		return nil, "The row " + r.broken + "."
	}
	if i.file.format == "jsonl" {
		return r.fields, ""
	}
	value := make(map[string]any, len(r.fields))
	for n, column := range i.file.columns {
		key, _ := i.schema.Column(column)
		v, present, err := i.schema.Convert(key, unguard(r.cells[n]))
		if err != nil {
			return nil, err.Error()
		}
		if present {
			value[key] = v
		}
	}
	return value, ""
}

// writeSize is how many rows go to the target at once.
const writeSize = 500

// write writes the rows that fit, and moves those that the target refuses to the rejects.
func (i *importer) write(ctx context.Context) (written int, err error) {
	bar := progressbar.NewOptions(len(i.good), progressbar.OptionSetWriter(i.progress),
		progressbar.OptionSetDescription("importing"), progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
	for start := 0; start < len(i.good); start += writeSize {
		part := i.good[start:min(start+writeSize, len(i.good))]
		writes := make([]collections.Write, len(part))
		for n, r := range part {
			writes[n].Value = r.value
		}
		results, err := i.target.write(ctx, i.typ, writes)
		if err != nil {
			return written, err
		}
		for n, result := range results {
			if result.Error != nil {
				i.rejects = append(i.rejects, reject{part[n].record, result.Error.Message})
				continue
			}
			written++
		}
		_ = bar.Add(len(part))
	}
	return written, bar.Finish()
}

// report says what came of the import, and writes the rows that did not fit to a file.
// All-or-nothing with a reject is an error, so that a script notices.
func (i *importer) report(written int) error {
	switch {
	case i.flags.dryRun:
		fmt.Fprintf(i.out, "Nothing was written. %d of %d rows fit.\n", len(i.good), len(i.file.records))
	default:
		fmt.Fprintf(i.out, "%d of %d rows became %s records.\n", written, len(i.file.records), i.typ)
	}
	if len(i.rejects) == 0 {
		return nil
	}
	for n, r := range i.rejects {
		if n == 10 {
			fmt.Fprintf(i.out, "  … and %d more\n", len(i.rejects)-n)
			break
		}
		fmt.Fprintf(i.out, "  line %d: %s\n", r.record.line, r.reason)
	}
	if !i.flags.dryRun {
		path, err := i.writeRejects()
		if err != nil {
			return fmt.Errorf("write the rows that did not fit: %w", err)
		}
		fmt.Fprintf(i.out, "They are in %s, each with its reason. Mend them there and import that file.\n", path)
	}
	if i.flags.allOrNothing {
		return errors.New("nothing was imported: not every row fits and --all-or-nothing was given")
	}
	return nil
}

// openRejects makes the file for the rows that did not fit.
func (i *importer) openRejects() (*os.File, error) {
	path := i.flags.rejectFile
	if path == "" {
		base := filepath.Base(i.path)
		path = strings.TrimSuffix(base, filepath.Ext(base)) + ".rejected." + i.file.format
	}
	return os.Create(path)
}
