package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"

	"github.com/fieldstack/fieldstack/crdt"
)

// reasonColumn names the column (CSV) or member (JSON lines) that says why a row did
// not fit. An import leaves it out, so that a mended file can be imported as it is.
const reasonColumn = "why this row did not fit"

// writeRejects writes the rows that did not fit, as they came, each with its reason.
func (i *importer) writeRejects() (path string, err error) {
	file, err := i.openRejects()
	if err != nil {
		return "", err
	}
	out := bufio.NewWriter(file)
	if i.file.format == "csv" {
		err = i.rejectsCSV(out)
	} else {
		err = i.rejectsJSON(out)
	}
	return file.Name(), errors.Join(err, out.Flush(), file.Close())
}

func (i *importer) rejectsCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	if err := w.Write(append(append([]string{}, i.file.columns...), reasonColumn)); err != nil {
		return err
	}
	for _, r := range i.rejects {
		cells := make([]string, len(i.file.columns))
		copy(cells, r.record.cells)
		if err := w.Write(append(cells, r.reason)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func (i *importer) rejectsJSON(out io.Writer) error {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for _, r := range i.rejects {
		line := map[string]any{reasonColumn: r.reason}
		if r.record.fields == nil {
			line["text"] = r.record.cells[0] // not JSON: only its text can be kept
		}
		for key, v := range r.record.fields {
			line[key] = json.RawMessage(crdt.Canonical(v))
		}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
