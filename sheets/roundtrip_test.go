package sheets

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// hostile are texts that some program has taken for something else.
var hostile = []string{
	"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", `=HYPERLINK("http://x","y")`,
	"'", "''", "'=1", "''=1", "'hello", "'-", "-", "+49 170 123", "＝1+1", "－", "=", "%", "|", ";=1", ",=1", `"=1`, `"`, `""`, `"",""`,
	" =1", "=1 ", " ", "  x  ", "\n", "\r\n", "a\r\nb", "a\rb", "a\nb", "\t", "a\tb", "a;b", "a|b", "sep=;", "sep=,",
	"0012", "1e5", "1.50", "TRUE", "null", "[1]", `{"a":1}`, "2024-05-01", "1/2/2024", "NaN", "#N/A", "#REF!",
	"<b>&amp;</b>", "]]>", "_x0041_", "_x005F_x0041_", "_x", "__x0041__", "_xD83D_", "\x00", "\x07", "\x1f", "\x7f", "\u0085", "\u2028", "\ufeff", "\ufeffx", "\ufffe", "\uffff",
	"👩‍🔧", "e\u0301", "\u202e=1", "Ünïcode", "日本語", strings.Repeat("x", 32_767), "=" + strings.Repeat("y", 32_766),
}

// written writes a table and opens it again.
func written(t interface{ Fatal(...any) }, format Format, columns []string, rows [][]Cell) (*Book, []byte) {
	var out bytes.Buffer
	w, err := NewWriter(&out, format, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := Open(bytes.NewReader(out.Bytes()), int64(out.Len()), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if b.Format != format {
		t.Fatal("it is taken for " + string(b.Format))
	}
	return b, out.Bytes()
}

func TestEveryTextComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom([]Format{CSV, XLSX, JSON}).Draw(t, "format")
		columns := rapid.IntRange(1, 4).Draw(t, "columns")
		text := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("'=+-@\t\r\n\",;|_x0041 é"))))
		names := []string{"a", "b", "c", "d"}[:columns]
		var rows [][]Cell
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			// The first cell keeps the row from being empty.
			row := []Cell{OfText("x" + text.Draw(t, "first"))}
			for len(row) < columns {
				row = append(row, OfText(text.Draw(t, "cell")))
			}
			rows = append(rows, row)
		}
		b, _ := written(t, format, names, rows)
		got, read, err := readAll(b, "")
		if err != nil {
			t.Fatal(err)
		}
		if format != JSON { // where no row fills in a column, JSON has none
			if diff := cmp.Diff(names, got); diff != "" {
				t.Fatal(diff)
			}
		}
		if len(read) != len(rows) {
			t.Fatalf("%d rows of %d", len(read), len(rows))
		}
		for i, row := range read {
			for j, cell := range rows[i] {
				at := j
				if format == JSON {
					at = indexOf(got, names[j])
				}
				if at < 0 && cell.Kind == Empty {
					continue
				}
				if len([]rune(cell.Text)) > 32_767 && format == XLSX {
					continue
				}
				if row.Fault != nil || row.Cells[at].Text != cell.Text || row.Cells[at].Kind != cell.Kind {
					t.Fatalf("%s: %q came back as %q (%v, fault %v)", format, cell.Text, row.Cells[at].Text, row.Cells[at].Kind, row.Fault)
				}
			}
		}
	})
}

func indexOf(list []string, name string) int {
	for i, n := range list {
		if n == name {
			return i
		}
	}
	return -1
}

// TestNoTextIsAFormula opens what is written as another program does.
func TestNoTextIsAFormula(t *testing.T) {
	for _, text := range hostile {
		_, file := written(t, CSV, []string{text + " name", "second"}, [][]Cell{{OfText(text), OfText(text)}})
		records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff")))).ReadAll()
		if err != nil {
			t.Fatal(text, err)
		}
		for _, record := range records {
			for _, cell := range record {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
					t.Errorf("a cell of CSV is %q", cell)
				}
			}
		}

		_, file = written(t, XLSX, []string{text}, [][]Cell{{OfText(text)}})
		f, err := excelize.OpenReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(text, err)
		}
		for _, at := range []string{"A1", "A2"} {
			formula, err := f.GetCellFormula("Records", at)
			kind, _ := f.GetCellType("Records", at)
			value, _ := f.GetCellValue("Records", at)
			if err != nil || formula != "" || kind != excelize.CellTypeInlineString || !strings.ContainsAny(text, "\r_\x00\x07\x1f\ufffe\uffff") && value != text {
				t.Errorf("%q is %q of type %v, formula %q", text, value, kind, formula)
			}
		}
	}
}

func TestValuesComeBackAsTheyAre(t *testing.T) {
	day := time.Date(2024, 2, 29, 13, 45, 7, 0, time.UTC)
	cells := []Cell{
		OfNumber(-5), OfNumber(0.1), OfNumber(12345678.25), OfNumber(1e21), OfNumber(-1e-9), OfTruth(true), OfTruth(false), OfDate(day), OfMoment(day),
		OfValue([]any{"a", 1.0}), OfValue(map[string]any{"=k": "=v"}), {}, OfText("end"),
	}
	var names []string
	for i := range cells {
		names = append(names, fmt.Sprint("c", i))
	}
	b, _ := written(t, XLSX, names, [][]Cell{cells})
	_, rows, err := readAll(b, "")
	if err != nil {
		t.Fatal(err)
	}
	want := append([]Cell(nil), cells...)
	want[9], want[10] = OfText(cells[9].Text), OfText(cells[10].Text)
	if diff := cmp.Diff(want, rows[0].Cells); diff != "" {
		t.Error(diff)
	}
	// In CSV a number keeps its sign with no apostrophe, and all is text.
	b, file := written(t, CSV, names, [][]Cell{cells})
	if _, rows, err = readAll(b, ""); err != nil {
		t.Fatal(err)
	}
	for i, cell := range rows[0].Cells {
		if cell.Text != cells[i].Text {
			t.Errorf("%q came back as %q", cells[i].Text, cell.Text)
		}
	}
	if !bytes.Contains(file, []byte("\n-5,0.1,12345678.25,1e+21,")) {
		t.Errorf("%s", file)
	}
}

func TestLongTextsAreShortenedInXLSXAlone(t *testing.T) {
	for _, char := range []string{"x", "é", "😀"} {
		for _, units := range []int{32_766, 32_767, 32_768, 40_000} {
			var out bytes.Buffer
			w, _ := NewWriter(&out, XLSX, []string{"a"})
			size := 1
			if char == "😀" {
				size = 2
			}
			text := strings.Repeat(char, units/size)
			if err := w.Write([]Cell{OfText(text)}); err != nil {
				t.Fatal(err)
			}
			w.Close()
			if got, want := w.Shortened() > 0, units/size*size > 32_767; got != want {
				t.Errorf("%d of %s: shortened %v", units, char, got)
			}
			b, err := Open(bytes.NewReader(out.Bytes()), int64(out.Len()), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			_, rows, err := readAll(b, "")
			if err != nil {
				t.Fatal(err)
			}
			if got := rows[0].Cells[0].Text; w.Shortened() == 0 && got != text || w.Shortened() == 1 && !strings.HasSuffix(got, char+"…") {
				t.Errorf("%d of %s: %d bytes, …%q", units, char, len(got), got[len(got)-9:])
			}
		}
	}
}
