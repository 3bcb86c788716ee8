package main

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"

	"github.com/fieldstack/fieldstack/schema"
)

// csvWriter writes the line of labels and gives what writes a record.
func csvWriter(s *schema.Schema, to io.Writer, raw bool) (func(map[string]any) error, error) {
	protect := guard
	if raw {
		protect = func(cell string) string { return cell }
	}
	var keys, labels []string
	for _, f := range s.Fields() {
		if len(f.Path) == 1 {
			keys = append(keys, f.Path[0])
			labels = append(labels, protect(f.Title))
		}
	}
	if err := writeRow(to, labels); err != nil {
		return nil, err
	}
	cells := make([]string, len(keys))
	return func(value map[string]any) error {
		for i, key := range keys {
			cells[i] = ""
			if v, ok := value[key]; ok {
				cells[i] = protect(s.Cell(key, v))
			}
		}
		return writeRow(to, cells)
	}, nil
}

// writeRow writes one line of a CSV.
func writeRow(to io.Writer, cells []string) error {
	if len(cells) == 1 && cells[0] == "" {
		_, err := io.WriteString(to, "\"\"\n") // an empty line would be no row at all
		return err
	}
	row := csv.NewWriter(to)
	if err := row.Write(cells); err != nil {
		return err
	}
	row.Flush()
	return row.Error()
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
