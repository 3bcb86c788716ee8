package sheets

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRealTable reads a real table as the standard library does, and writes it as each
// format and reads it again.
func TestRealTable(t *testing.T) {
	dir := os.Getenv("FIELDSTACK_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "data")
	}
	text, err := os.ReadFile(filepath.Join(dir, "csv", "nyc-311-2024.csv"))
	if err != nil {
		t.Skip("the shared data is not here; set FIELDSTACK_DATA to its folder")
	}
	want, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	columns, rows, err := readAll(openFile(t, text, Limits{}), "")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[1:], texts(rows)); diff != "" {
		t.Fatal(diff)
	}
	var cells [][]Cell
	for _, row := range rows {
		if row.Fault != nil || row.Short {
			t.Error(row.Fault, row.Short)
		}
		cells = append(cells, row.Cells)
	}
	for _, format := range []Format{CSV, XLSX} {
		b, _ := written(t, format, columns, cells)
		_, again, err := readAll(b, "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[1:], texts(again)); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}

// TestMemoryIsFlat writes ten times the rows in the same memory.
func TestMemoryIsFlat(t *testing.T) {
	row := make([]Cell, 10)
	for i := range row {
		row[i] = OfText("a cell of the table")
	}
	for _, format := range []Format{CSV, XLSX, JSON} {
		held := func(rows int) uint64 {
			w, err := NewWriter(io.Discard, format, make([]string, len(row)))
			if err != nil {
				t.Fatal(err)
			}
			for range rows {
				if err := w.Write(row); err != nil {
					t.Fatal(err)
				}
			}
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			runtime.KeepAlive(w)
			return m.HeapAlloc
		}
		few, many := held(1_000), held(10_000)
		if many > few+200<<10 {
			t.Errorf("%s: %d bytes are held after 1,000 rows, %d after 10,000", format, few, many)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	row := []Cell{OfText("WO-0042"), OfText("Pump leaks"), OfNumber(12.5), OfTruth(true), OfText("2024-05-01"), OfText("waiting"), {}, OfText("Anna"), OfNumber(3), OfText("x")}
	for _, format := range []Format{CSV, XLSX, JSON} {
		b.Run(string(format), func(b *testing.B) {
			w, _ := NewWriter(io.Discard, format, []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})
			for b.Loop() {
				if err := w.Write(row); err == nil {
					continue
				}
				b.StopTimer() // a sheet is full
				w, _ = NewWriter(io.Discard, format, []string{"a"})
				b.StartTimer()
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	row := []Cell{OfText("WO-0042"), OfText("Pump leaks"), OfNumber(12.5), OfTruth(true), OfText("2024-05-01"), OfText("waiting"), {}, OfText("Anna"), OfNumber(3), OfText("x")}
	for _, format := range []Format{CSV, XLSX, JSON} {
		b.Run(string(format), func(b *testing.B) {
			var out bytes.Buffer
			w, _ := NewWriter(&out, format, []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"})
			for range 10_000 {
				if err := w.Write(row); err != nil {
					b.Fatal(err)
				}
			}
			w.Close()
			b.ReportAllocs()
			for b.Loop() {
				book := openFile(b, out.Bytes(), Limits{})
				table, err := book.Table("")
				if err != nil {
					b.Fatal(err)
				}
				for err == nil {
					_, err = table.Next()
				}
				if err != io.EOF {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)*10, "ms/100k-rows")
		})
	}
}
