package sheets

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func openText(t testing.TB, text string, limits Limits) *Book {
	t.Helper()
	b, err := Open(strings.NewReader(text), int64(len(text)), limits)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readAll reads a whole table: its columns, its rows, and the error that ended it, nil
// for its end.
func readAll(b *Book, sheet string) (columns []string, rows []Row, err error) {
	table, err := b.Table(sheet)
	if err != nil {
		return nil, nil, err
	}
	defer table.Close()
	for {
		row, err := table.Next()
		if err == io.EOF {
			return table.Columns, rows, nil
		}
		if err != nil {
			return table.Columns, rows, err
		}
		rows = append(rows, row)
	}
}

func texts(rows []Row) (all [][]string) {
	for _, row := range rows {
		var line []string
		for _, cell := range row.Cells {
			line = append(line, cell.Text)
		}
		all = append(all, line)
	}
	return all
}

func TestCSVIsReadAsPeopleWriteIt(t *testing.T) {
	tests := []struct {
		name, text string
		columns    []string
		rows       [][]string
	}{
		{"commas", "a,b\n1,2\n", []string{"a", "b"}, [][]string{{"1", "2"}}},
		{"no line end at the end", "a,b\n1,2", []string{"a", "b"}, [][]string{{"1", "2"}}},
		{"semicolons beside decimal commas", "a;b\n1,5;2,5\n3,0;4,1", []string{"a", "b"}, [][]string{{"1,5", "2,5"}, {"3,0", "4,1"}}},
		{"tabs", "a\tb, c\n1\t2\n", []string{"a", "b, c"}, [][]string{{"1", "2"}}},
		{"bars", "a|b\r\n1|2\r\n", []string{"a", "b"}, [][]string{{"1", "2"}}},
		{"Excel says the separator", "sep=;\r\na;b,c,d\r\n1;2", []string{"a", "b,c,d"}, [][]string{{"1", "2"}}},
		{"lone carriage returns", "a,b\r1,2\r", []string{"a", "b"}, [][]string{{"1", "2"}}},
		{"lines and separators in quotes", "a,b\n\"x\r\ny\",\"1,\"\"2\"\"\"\n", []string{"a", "b"}, [][]string{{"x\r\ny", `1,"2"`}}},
		{"empty lines", "\n\na,b\n\n1,2\n,\n\n3,4\n\n", []string{"a", "b"}, [][]string{{"1", "2"}, {"3", "4"}}},
		{"quotes within", "a,b\n5\" pipe,6\n", []string{"a", "b"}, [][]string{{`5" pipe`, "6"}}},
		{"one column", "Name\nAnna, Ben\n", []string{"Name"}, [][]string{{"Anna"}}},
		{"names twice, and none", "Name,,Name,name\n1,2,3,4", []string{"Name", "Column B", "Name (2)", "name"}, [][]string{{"1", "2", "3", "4"}}},
		{"short lines", "a,b,c\n1\n", []string{"a", "b", "c"}, [][]string{{"1", "", ""}}},
		{"a mark and umlauts", "\xef\xbb\xbfName,Straße\nJörg,Über\n", []string{"Name", "Straße"}, [][]string{{"Jörg", "Über"}}},
		{"Windows-1252", "Name,Stra\xdfe\nJ\xf6rg,5 \x80\n", []string{"Name", "Straße"}, [][]string{{"Jörg", "5 €"}}},
		{"UTF-16", "\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\xe4\x00", []string{"a", "b"}, [][]string{{"1", "ä"}}},
		{"blanks in cells stay", "a,b\n 1 , 2\n", []string{"a", "b"}, [][]string{{" 1 ", " 2"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			columns, rows, err := readAll(openText(t, test.text, Limits{}), "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.columns, columns); diff != "" {
				t.Error(diff)
			}
			if test.name == "one column" {
				if rows[0].Fault == nil {
					t.Error("a cell beyond the columns is passed over")
				}
			}
			if diff := cmp.Diff(test.rows, texts(rows)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFaultsNameTheirPlace(t *testing.T) {
	tests := []struct{ name, text, fault, err string }{
		{"too many cells", "a,b\n1,2\n\"x\ny\",2\n1,2,3\n", "Line 5, column C: This line has more cells than there are columns (2)", ""},
		{"empty cells too many are none", "a,b\n1,2,,\n", "", ""},
		{"text after a quote", "a,b\n1,\"x\" y\n", "Line 2, column B: There is text after the closing quote", ""},
		{"a quote never closed", "a,b\n1,2\n3,\"x\ny,z\n", "", "Line 3, column B: A quote is opened here and never closed"},
		{"JSON cut off", "[{\"a\":1},\n{\"a\":", "", "Line 2: The file ends in the middle"},
		{"JSON list not closed", "[{\"a\":1}\n", "", "Line 2: The file ends in the middle"},
		{"no JSON", "[{\"a\":1},\n{\"a\" 2}]", "", "Line 2: This is no JSON"},
		{"JSON of scalars", "[{\"a\":1},\n 7]", "", "Line 2: This is no object"},
		{"after the list", "[{\"a\":1}]\n{}", "", "Line 2: There is something after the end of the list"},
		{"a huge number", "{\"a\":1}\n\n{\"b\":2,\"a\":1e999}", "Line 3, column A: This number is larger", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, rows, err := readAll(openText(t, test.text, Limits{}), "")
			if !matches(err, test.err) {
				t.Errorf("the error is %v, not %q", err, test.err)
			}
			var fault error
			for _, row := range rows {
				if row.Fault != nil {
					fault = row.Fault
				}
			}
			if !matches(fault, test.fault) {
				t.Errorf("the fault is %v, not %q", fault, test.fault)
			}
		})
	}
}

func matches(err error, want string) bool {
	if err == nil || want == "" {
		return err == nil && want == ""
	}
	return strings.HasPrefix(err.Error(), want)
}

func TestShortLinesAreMarked(t *testing.T) {
	_, rows, err := readAll(openText(t, "a,b,c\n1,2\n1,2,3\n1,,\n", Limits{}), "")
	if err != nil {
		t.Fatal(err)
	}
	var short []bool
	for _, row := range rows {
		short = append(short, row.Short)
	}
	if diff := cmp.Diff([]bool{true, false, false}, short); diff != "" {
		t.Error(diff)
	}
}

func TestJSONHasTheColumnsOfAllObjects(t *testing.T) {
	for _, text := range []string{
		"[{\"a\":1,\"b\":\"x\"},\n{\"c\":[1,\"2\"],\"a\":null},{\"b\":true,\"d\":{\"e\":-0.5}}, {}]\n",
		"\n{\"a\":1,\"b\":\"x\"}\n{\"c\":[1,\"2\"],\"a\":null}{\"b\":true,\"d\":{\"e\":-0.5}}\n{}",
	} {
		columns, rows, err := readAll(openText(t, text, Limits{}), "")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"a", "b", "c", "d"}, columns); diff != "" {
			t.Error(diff)
		}
		var values [][]any
		for _, row := range rows {
			var line []any
			for _, cell := range row.Cells {
				line = append(line, cell.Value())
			}
			values = append(values, line)
		}
		want := [][]any{
			{1.0, "x", nil, nil},
			{nil, nil, []any{1.0, "2"}, nil},
			{nil, true, nil, map[string]any{"e": -0.5}},
		}
		if diff := cmp.Diff(want, values); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOtherFilesAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "The file is empty",
		" \n":                                "The file is empty",
		"\xef\xbb\xbf":                       "The file is empty",
		"%PDF-1.7":                           "This is a PDF",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..": "This is an Excel file of the old kind",
		"PK\x03\x04 and then not":            "The file begins like an XLSX file but is damaged",
		"PK\x05\x06" + strings.Repeat("\x00", 18): "There is no sheet in this file",
	} {
		_, err := Open(strings.NewReader(text), int64(len(text)), Limits{})
		if !matches(err, want) {
			t.Errorf("%q: %v, not %q", text, err, want)
		}
	}
}

func TestBlankFilesHaveNoTable(t *testing.T) {
	for _, text := range []string{",,\n,\n", strings.Repeat("\n", 2000), "[]", "[{}]"} {
		_, _, err := readAll(openText(t, text, Limits{}), "")
		var ours *Error
		if !errors.As(err, &ours) {
			t.Errorf("%q: %v", text[:min(9, len(text))], err)
		}
	}
}

// TestLimits tries each limit one below it, at it, and one above.
func TestLimits(t *testing.T) {
	table := func(format Format, rows, columns, cell int) []byte {
		var out bytes.Buffer
		names := make([]string, columns)
		for i := range names {
			names[i] = "c" + ColumnLetters(i+1)
		}
		w, err := NewWriter(&out, format, names)
		if err != nil {
			t.Fatal(err)
		}
		for range rows {
			cells := make([]Cell, columns)
			for i := range cells {
				cells[i] = OfText(strings.Repeat("x", cell))
			}
			if err := w.Write(cells); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	limits := Limits{Rows: 7, Columns: 5, CellBytes: 100}
	tests := []struct {
		name                string
		rows, columns, cell int
		want                string
	}{
		{"all below", 6, 4, 99, ""},
		{"all at", 7, 5, 100, ""},
		{"a row more", 8, 5, 100, "The table has more than 7 rows"},
		{"a column more", 7, 6, 100, "This line has more than 5 cells"},
		{"a byte more", 7, 5, 101, "This cell has more than 100 bytes"},
	}
	for _, format := range []Format{CSV, XLSX, JSON} {
		for _, test := range tests {
			t.Run(string(format)+" "+test.name, func(t *testing.T) {
				file := table(format, test.rows, test.columns, test.cell)
				b, err := Open(bytes.NewReader(file), int64(len(file)), limits)
				if err != nil {
					t.Fatal(err)
				}
				_, rows, err := readAll(b, "")
				if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, not %q", err, test.want)
				}
				if test.want == "" && len(rows) != test.rows {
					t.Errorf("%d rows of %d", len(rows), test.rows)
				}
			})
		}
		file := table(format, 3, 3, 10)
		for over, want := range map[int64]bool{0: false, -1: true, 1: false} {
			_, err := Open(bytes.NewReader(file), int64(len(file)), Limits{Bytes: int64(len(file)) + over})
			if (err != nil) != want {
				t.Errorf("%s of %d bytes with room for %d more: %v", format, len(file), over, err)
			}
		}
	}
}
