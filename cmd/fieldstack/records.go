package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
)

// record is one row of an import file.
type record struct {
	line   int            // where it begins, from 1
	cells  []string       // CSV: as they stand; JSON lines: the line as it stands
	fields map[string]any // CSV: text by column; JSON lines: plain JSON; nil if broken
	broken string         // why it could not be read, "" if it could
}

// recordFile is an import file, read whole: a type is guessed from all rows.
type recordFile struct {
	format  string   // csv or jsonl
	columns []string // of a CSV, in order
	records []record
}

// formatOf gives the format by name, or by a file's ending.
func formatOf(format, file string) (string, error) {
	if format == "" {
		format = map[string]string{".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}[strings.ToLower(filepath.Ext(file))]
		if format == "" {
			return "", fmt.Errorf("%s does not end in .csv or .jsonl: say which it is with --format csv or --format jsonl", file)
		}
	}
	if format != "csv" && format != "jsonl" {
		return "", fmt.Errorf("--format is %q: it takes csv or jsonl", format)
	}
	return format, nil
}

// readRecords reads a file. A row that cannot be read is kept with the reason; only
// a file that is no such file at all is an error.
func readRecords(r io.Reader, format string) (*recordFile, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return nil, errors.New("the file is in UTF-16; save it as UTF-8 and import it again")
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // the mark that spreadsheets write
	if format == "csv" {
		return readCSV(text)
	}
	return readJSONLines(text), nil
}

// ownLimits are for what the person at this machine hands in: larger than what comes
// over a network.
var ownLimits = crdt.Limits{Bytes: 64 << 20, Nodes: 5_000_000, String: 16 << 20}

// rawMember is what a line that was no JSON object is called among the rejects.
const rawMember = "the line as it was"

func readJSONLines(text []byte) *recordFile {
	f := &recordFile{format: "jsonl"}
	line := 0
	for raw := range bytes.Lines(text) {
		line++
		if raw = bytes.TrimSpace(raw); len(raw) == 0 {
			continue
		}
		rec := record{line: line, cells: []string{string(raw)}}
		value, err := crdt.ParseValue(raw, ownLimits)
		fields, ok := value.(map[string]any)
		_, unmended := fields[rawMember]
		switch {
		case err != nil:
			rec.broken = err.Error()
		case !ok:
			rec.broken = "The line is no JSON object: write {\"field\": value, …}."
		case unmended:
			rec.cells[0], _ = fields[rawMember].(string)
			rec.broken = fmt.Sprintf("The line still has %q: put a JSON object in the place of all of it.", rawMember)
		default:
			delete(fields, reasonColumn)
			rec.fields = fields
		}
		f.records = append(f.records, rec)
	}
	return f
}
