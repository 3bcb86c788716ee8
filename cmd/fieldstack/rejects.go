package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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

// openRejects makes the file for the rows that did not fit: the one that was named, or
// one that is not there yet.
func (i *importer) openRejects() (*os.File, error) {
	if i.flags.rejectFile != "" {
		return os.Create(i.flags.rejectFile)
	}
	base := filepath.Base(i.path)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	for n := 1; ; n++ {
		name := base + ".rejected." + i.file.format
		if n > 1 {
			name = fmt.Sprintf("%s.rejected-%d.%s", base, n, i.file.format)
		}
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return file, err
		}
	}
}

// rejectsCSV writes rows that are too narrow or too wide as they are: with the reason
// they are so still, and cannot pass for mended.
func (i *importer) rejectsCSV(out io.Writer) error {
	var names []string
	for _, column := range i.file.columns {
		names = append(names, guard(column))
	}
	if err := writeRow(out, append(names, reasonColumn)); err != nil {
		return err
	}
	for _, r := range i.rejects {
		if err := writeRow(out, append(r.record.cells[:len(r.record.cells):len(r.record.cells)], r.reason)); err != nil {
			return err
		}
	}
	return nil
}

func (i *importer) rejectsJSON(out io.Writer) error {
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for _, r := range i.rejects {
		line := map[string]any{reasonColumn: r.reason}
		if r.record.fields == nil {
			line[rawMember] = r.record.cells[0]
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

// importAgain is the command that imports a mended file.
func (i *importer) importAgain(path string) string {
	command := fmt.Sprintf("fieldstack import %s --type %s", path, i.typ)
	if i.flags.target.server != "" {
		return command + " --server " + i.flags.target.server
	}
	return command + " --data " + cmp.Or(i.flags.target.data, defaultData)
}
