package main

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestCSV_RoundTrip: whatever is in the cells, a table that was written is read back.
func TestCSV_RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 4).Draw(t, "width")
		cell := rapid.StringMatching("[a\",;\n\té ']{0,5}")
		var text strings.Builder
		header := []string{"a", "b", "c", "d"}[:width]
		rows := [][]string{header}
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			rows = append(rows, rapid.SliceOfN(cell, width, width).Draw(t, "row"))
		}
		for _, row := range rows {
			if err := writeRow(&text, row); err != nil {
				t.Fatal(err)
			}
		}
		file, err := readCSV([]byte(text.String()))
		if err != nil {
			t.Fatal(err)
		}
		if len(file.records) != len(rows)-1 {
			t.Fatalf("%d rows, want %d, of\n%s", len(file.records), len(rows)-1, text.String())
		}
		for i, r := range file.records {
			if r.broken != "" || strings.Join(r.cells, "|") != strings.Join(rows[i+1], "|") {
				t.Fatalf("row %d is %q %s, want %q", i, r.cells, r.broken, rows[i+1])
			}
		}
	})
}

// TestCSV_OneBadRow: a quotation mark too many costs its own row only, and each row
// knows its line.
func TestCSV_OneBadRow(t *testing.T) {
	const bad = "\"lost,2\n"
	rapid.Check(t, func(t *rapid.T) {
		good := rapid.SliceOfN(rapid.SampledFrom([]string{"x,1\n", "\"y\",2\n", "\"two\nlines\",3\r\n", "\n"}), 1, 8).Draw(t, "rows")
		at := rapid.IntRange(0, len(good)).Draw(t, "at")
		text := "a,b\n" + strings.Join(good[:at], "") + bad + strings.Join(good[at:], "")
		file, err := readCSV([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(text, "\n")
		var broken, whole int
		for _, r := range file.records {
			first, _, _ := strings.Cut(r.cells[0], "\n")
			if !strings.Contains(lines[r.line-1], first) {
				t.Fatalf("%q is said to be on line %d, which is %q", r.cells[0], r.line, lines[r.line-1])
			}
			if r.broken == "" {
				whole++
			} else if broken++; r.cells[0] != strings.TrimSuffix(bad, "\n") {
				t.Fatalf("%q cannot be read in\n%s", r.cells[0], text)
			}
		}
		if broken != 1 || whole != countRows(good) {
			t.Fatalf("%d rows can be read and %d cannot in\n%s", whole, broken, text)
		}
	})
}

// countRows counts the rows that are not empty lines.
func countRows(rows []string) (n int) {
	for _, row := range rows {
		if row != "\n" {
			n++
		}
	}
	return n
}
