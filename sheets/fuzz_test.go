package sheets

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzOpen reads any bytes as a file: it never panics, keeps to its limits, and what
// it gives is written and read again as the same.
func FuzzOpen(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,\"x\ny\"\n", "a;b\r\n1;2", "[{\"a\":1,\"b\":[1,{}]}]", "{\"a\":\"x\"}\n{\"b\":null}", "\xff\xfea\x00", "sep=|\na|b\n'=1|''", "\xef\xbb\xbfx\n\"",
	} {
		f.Add([]byte(text))
	}
	f.Add(orders(f, 3))
	limits := Limits{Bytes: 1 << 20, Unpacked: 4 << 20, Rows: 100, Columns: 20, CellBytes: 5000}
	f.Fuzz(func(t *testing.T, file []byte) {
		b, err := Open(bytes.NewReader(file), int64(len(file)), limits)
		if err != nil {
			mustBeOurs(t, err)
			return
		}
		for _, sheet := range b.Sheets() {
			columns, rows, err := readAll(b, sheet)
			if err != nil {
				mustBeOurs(t, err)
				continue
			}
			if len(columns) > limits.Columns || len(rows) > limits.Rows {
				t.Fatal(len(columns), len(rows))
			}
			again(t, columns, rows)
		}
	})
}

func mustBeOurs(t *testing.T, err error) {
	var ours *Error
	if !errors.As(err, &ours) || ours.Message() == "" {
		t.Fatalf("%T: %v", err, err)
	}
}

func again(t *testing.T, columns []string, rows []Row) {
	var cells [][]Cell
	for _, row := range rows {
		if filled(row.Cells) {
			cells = append(cells, row.Cells)
		}
	}
	b, file := written(t, CSV, columns, cells)
	_, read, err := readAll(b, "")
	if err != nil {
		t.Fatalf("%v in %q", err, file)
	}
	if len(read) != len(cells) {
		t.Fatalf("%d rows of %d in %q", len(read), len(cells), file)
	}
	for i, row := range read {
		for j, cell := range row.Cells {
			if cell.Text != cells[i][j].Text {
				t.Fatalf("%q came back as %q", cells[i][j].Text, cell.Text)
			}
		}
	}
}
