package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
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
	cells  []string       // CSV: as they stand
	fields map[string]any // CSV: text by column; JSON lines: plain JSON
	broken string         // why it could not be read, "" if it could
}

// recordFile is an import file, read whole.
type recordFile struct {
	format  string   // csv or jsonl
	columns []string // in order; JSON lines: in order of first appearance
	records []record
}

// formatOf gives the format by name, or by a file's ending.
func formatOf(format, file string) (string, error) {
	if format == "" {
		format = map[string]string{".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}[strings.ToLower(filepath.Ext(file))]
	}
	if format != "csv" && format != "jsonl" {
		return "", fmt.Errorf("%s: cannot tell the format from the name; give --format csv or --format jsonl", file)
	}
	return format, nil
}

// readRecords reads a file. A row that cannot be read is kept with the reason; only
// a file that is no such file at all is an error.
func readRecords(r io.Reader, format string) (*recordFile, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	if mark, err := in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // the byte order mark that spreadsheets write
	}
	if format == "csv" {
		return readCSV(in)
	}
	return readJSONLines(in)
}

func readCSV(in io.Reader) (*recordFile, error) {
	rows := csv.NewReader(in)
	rows.FieldsPerRecord = -1
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("line 1: no row of column names: %w", err)
	}
	width := len(header)
	if header[width-1] == reasonColumn {
		header = header[:width-1] // the rejects of an earlier import, mended
	}
	f := &recordFile{format: "csv", columns: header}
	seen := map[string]bool{}
	for i, name := range header {
		if strings.TrimSpace(name) == "" {
			return nil, fmt.Errorf("column %d has no name; give it one in the first line", i+1)
		}
		if seen[name] {
			return nil, fmt.Errorf("two columns are named %q; rename one in the first line", name)
		}
		seen[name] = true
	}
	for {
		cells, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		line, _ := rows.FieldPos(0)
		rec := record{line: line, cells: cells}
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			rec.line, rec.broken = bad.StartLine, bad.Err.Error()
		case err != nil:
			return nil, err
		case len(cells) != width:
			rec.broken = fmt.Sprintf("has %d cells where the first line names %d columns", len(cells), width)
		default:
			rec.cells = cells[:len(header)]
			rec.fields = make(map[string]any, len(header))
			for i, cell := range rec.cells {
				rec.fields[header[i]] = cell
			}
		}
		f.records = append(f.records, rec)
	}
}

func readJSONLines(in *bufio.Reader) (*recordFile, error) {
	f := &recordFile{format: "jsonl"}
	seen := map[string]bool{}
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(text)) > 0 {
			rec := record{line: line, cells: []string{strings.TrimRight(string(text), "\r\n")}}
			value, problem := crdt.ParseValue(bytes.TrimSpace(text), ownLimits)
			fields, ok := value.(map[string]any)
			switch {
			case problem != nil:
				rec.broken = problem.Error()
			case !ok:
				rec.broken = "is not a JSON object"
			default:
				delete(fields, reasonColumn)
				rec.fields = fields
				for _, key := range keysInOrder(text) {
					if !seen[key] && key != reasonColumn {
						seen[key] = true
						f.columns = append(f.columns, key)
					}
				}
			}
			f.records = append(f.records, rec)
		}
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// keysInOrder lists the top-level keys of a JSON object as they stand in its text.
func keysInOrder(text []byte) []string {
	var keys []string
	tokens := json.NewDecoder(bytes.NewReader(text))
	depth, isKey := 0, false
	for {
		token, err := tokens.Token()
		if err != nil {
			return keys
		}
		switch t := token.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				depth++
				isKey = depth == 1
				continue
			}
			depth--
			isKey = depth == 1
		case string:
			if depth == 1 && isKey {
				keys = append(keys, t)
				isKey = false
				continue
			}
			isKey = depth == 1
		default:
			isKey = depth == 1
		}
	}
}
