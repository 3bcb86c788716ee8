package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/fieldstack/fieldstack/schema"
)

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
	rows, notes, err := i.guess()
	if err != nil {
		return err
	}
	fmt.Fprintf(i.out, "There is no type %s yet. Guessed from %s:\n\n", i.typ, count(rows, "row"))
	showPlan(i.out, i.schema, notes)
	return i.knowsColumns()
}

// guess makes a type from all rows that can be read, and says how many those are.
func (i *importer) guess() (rows int, notes []schema.Note, err error) {
	var sound []map[string]any
	for _, r := range i.file.records {
		if r.broken == "" {
			sound = append(sound, r.fields)
		}
	}
	if len(sound) == 0 {
		return 0, nil, fmt.Errorf("%s: none of its %d rows can be read, the first because: %s", i.path, len(i.file.records), i.file.records[0].broken)
	}
	words := strings.ReplaceAll(i.typ, "-", " ")
	label := cmp.Or(i.flags.title, strings.ToUpper(words[:min(len(words), 1)])+words[min(len(words), 1):])
	if i.guessed, notes, err = schema.Infer(label, i.file.columns, sound); err != nil {
		return 0, nil, fmt.Errorf("%s: %w", i.path, err)
	}
	if i.file.format == "jsonl" {
		if i.guessed, err = orderFields(i.guessed, i.file.records); err != nil {
			return 0, nil, fmt.Errorf("%s: %w", i.path, err)
		}
	}
	if i.schema, err = schema.Parse(i.guessed); err != nil {
		return 0, nil, fmt.Errorf("%s: the guessed type: %w", i.path, err)
	}
	return len(sound), notes, nil
}

// orderFields puts the fields of a guess in the order in which the lines first name them.
func orderFields(guess []byte, records []record) ([]byte, error) {
	var s map[string]json.RawMessage
	if err := json.Unmarshal(guess, &s); err != nil {
		return nil, err
	}
	order := []string{}
	seen := map[string]bool{reasonColumn: true}
	for _, r := range records {
		for _, key := range keysInOrder(r) {
			if !seen[key] {
				seen[key] = true
				order = append(order, key)
			}
		}
	}
	var err error
	if s["x-order"], err = json.Marshal(order); err != nil {
		return nil, err
	}
	return json.Marshal(s)
}

// keysInOrder lists the members of a JSON line as they stand in its text.
func keysInOrder(r record) []string {
	if r.fields == nil {
		return nil
	}
	var keys []string
	tokens := json.NewDecoder(bytes.NewReader([]byte(r.cells[0])))
	_, err := tokens.Token() // the brace
	for err == nil && tokens.More() {
		var key json.Token
		var value json.RawMessage
		if key, err = tokens.Token(); err == nil {
			keys = append(keys, key.(string))
			err = tokens.Decode(&value)
		}
	}
	return keys
}

// knowsColumns is an error when the type has no field for a column of a CSV, or one
// field for two of them.
func (i *importer) knowsColumns() error {
	taken := map[string]string{}
	for _, column := range i.file.columns {
		key, ok := i.schema.Column(column)
		if !ok {
			return fmt.Errorf("%s has no field for the column %q: give the column the label of a field, take it out, or import into a new type with --type", i.typ, column)
		}
		if other, twice := taken[key]; twice {
			return fmt.Errorf("the columns %q and %q are for one field of %s: take one of them out", other, column, i.typ)
		}
		taken[key] = column
	}
	return nil
}

// showPlan prints a line for each field: what it was taken for and how it merges.
func showPlan(out io.Writer, s *schema.Schema, notes []schema.Note) {
	why := map[string]string{}
	for _, n := range notes {
		why[n.Path] = n.Message.String()
	}
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "FIELD\tKIND\tMERGES AS\tBECAUSE")
	for _, field := range s.Fields() {
		if len(field.Path) > 1 {
			continue
		}
		because := why["/properties/"+field.Path[0]]
		for _, name := range []string{field.Title, field.Path[0]} { // which the first column says
			because = strings.TrimPrefix(because, name+": ")
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", field.Title, kindOf(field), field.Strategy, cmp.Or(because, field.Why.String()))
	}
	_ = table.Flush()
	fmt.Fprintln(out)
}

// kindOf names what a field holds in a word or two.
func kindOf(f schema.Field) string {
	switch {
	case len(f.Enum) > 0:
		return fmt.Sprintf("one of %d", len(f.Enum))
	case f.Format != "":
		return f.Format
	}
	return f.Type
}
